using System.Net;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Processes.Programs;

/// <summary>
/// A node without a shell in a process of its own, which may be killed and started again on its book and port.
/// </summary>
internal sealed class NodeProcess(string name, string folder) : IAsyncDisposable
{
    private ProgramProcess? process;

    public string Name => name;

    public int Port { get; private set; }

    /// <summary>The relay at which alone it can be reached, HOST:PORT, or null for a port of its own.</summary>
    public string? Relay { get; init; }

    public TallystickClient Client { get; private set; } = null!;

    public ProgramProcess Process => process!;

    /// <summary>Starts it, on the port it had before.</summary>
    public async Task StartAsync(params NodeProcess[] peers)
    {
        List<string> arguments = ["up", "--headless", "--name", name, "--data", folder];
        arguments.AddRange(Relay is null
            ? ["--listen", $"127.0.0.1:{Port}"]
            : (string[])["--listen", "off", "--relay", Relay]);
        foreach (var peer in peers)
            arguments.AddRange(["--peer", $"{peer.Name}=127.0.0.1:{peer.Port}"]);
        process = Tally.Start(arguments);
        await process.HearAsync($"{name} is up: ");
        Client = Connect();
        if (Relay is null)
            Port = IPEndPoint.Parse((await Client.GetNodeAsync()).Listen!).Port;
    }

    /// <summary>Two nodes that know each other and are connected.</summary>
    public static async Task<(NodeProcess Alice, NodeProcess Bob)> PairAsync(ScratchFolder scratch)
    {
        var alice = new NodeProcess("alice", scratch.Of("alice"));
        var bob = new NodeProcess("bob", scratch.Of("bob"));
        await alice.StartAsync();
        await bob.StartAsync(alice);
        await alice.Client.AddPeerAsync(new AddPeerRequest("bob", $"127.0.0.1:{bob.Port}"));
        await Until.TrueAsync("alice and bob are connected", async () => await alice.SeesAsync(bob)
            && await bob.SeesAsync(alice));
        return (alice, bob);
    }

    public async Task KillAsync()
    {
        await process!.KillAsync();
        Client.Dispose();
    }

    /// <summary>Ends it as an operator does.</summary>
    public async Task<int> StopAsync()
    {
        await process!.SignalAsync("TERM");
        return await process.EndAsync();
    }

    public async Task<bool> SeesAsync(NodeProcess other) =>
        (await Client.GetPeersAsync()).Known.Any(peer => peer.Name == other.Name && peer.Online);

    public async Task<string> BalanceWithAsync(NodeProcess other) =>
        (await Client.GetBalancesAsync(other.Name)).Tabs.Single().Balance;

    public async Task<string> StateAsync(string requestId) => (await Client.GetPaymentAsync(requestId)).State;

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (process is not null)
            await process.DisposeAsync();
    }

    private TallystickClient Connect()
    {
        var running = RunningNodes.At(folder)
            ?? throw new InvalidOperationException($"{name} left no sign that it runs.");
        return TallystickClient.OverUnixSocket(running.SocketPath, File.ReadAllText(running.TokenPath).Trim());
    }
}
