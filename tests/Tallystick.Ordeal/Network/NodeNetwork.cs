using System.Globalization;
using System.Net;

namespace Tallystick.Ordeal.Network;

/// <summary>
/// A network of its own for each node, joined by a bridge where the wires are, so that a node's cable can be pulled.
/// </summary>
internal sealed class NodeNetwork(bool isApart)
{
    private const string Bridge = "ordeal";
    private const string Net = "10.77.0.";

    /// <summary>Where the wires listen.</summary>
    public IPAddress Hub { get; } = isApart ? IPAddress.Parse(Net + "254") : IPAddress.Loopback;

    public bool CanPull => isApart;

    public void Make()
    {
        if (!isApart)
            return;
        Machine.Do("ip", "link", "add", Bridge, "type", "bridge");
        Machine.Do("ip", "addr", "add", $"{Hub}/24", "dev", Bridge);
        Machine.Do("ip", "link", "set", Bridge, "up");
    }

    /// <summary>Makes a node's network; gives its address there, and the words that start a program in it.</summary>
    public (IPAddress Address, string[] Prefix) Add(string name, int index)
    {
        if (!isApart)
            return (IPAddress.Loopback, []);
        var address = Net + (index + 1).ToString(CultureInfo.InvariantCulture);
        Machine.Do("ip", "netns", "add", name);
        Machine.Do("ip", "link", "add", $"to-{name}", "type", "veth", "peer", "name", "eth0", "netns", name);
        Machine.Do("ip", "link", "set", $"to-{name}", "master", Bridge, "up");
        // Peers tell each other where they are; here they would so go round the wires.
        Machine.Do("ip", "link", "set", $"to-{name}", "type", "bridge_slave", "isolated", "on");
        Machine.Do("ip", "-n", name, "addr", "add", $"{address}/24", "dev", "eth0");
        Machine.Do("ip", "-n", name, "link", "set", "eth0", "up");
        Machine.Do("ip", "-n", name, "link", "set", "lo", "up");
        return (IPAddress.Parse(address), ["nsenter", $"--net=/run/netns/{name}"]);
    }

    /// <summary>Pulls a node's cable, or puts it in again: nobody is told, packets just get lost.</summary>
    public void Cable(string name, bool isIn)
    {
        if (isApart)
            Machine.Do("ip", "link", "set", $"to-{name}", isIn ? "up" : "down");
    }
}
