using System.Net;
using Tallystick.Cli.Flags;
using Tallystick.Client;

namespace Tallystick.Cli.Demo;

/// <summary>Bob: a node in a process of its own that comes and goes.</summary>
internal sealed class DemoBob(GivenFlags flags, string alice) : IAsyncDisposable
{
    private ChildNode? node;
    private int port;

    public TallystickClient Client => node!.Client;

    public NodeInfo Info { get; private set; } = null!;

    public int ProcessId => node!.ProcessId;

    /// <summary>Starts his process; the second time on the port of the first.</summary>
    public async Task ComeAsync(CancellationToken stop)
    {
        node = await ChildNode.StartAsync(
            NodeSettings.ForDemo(flags with { Web = null }, "bob", port, ("alice", alice)), stop);
        Info = await Client.GetNodeAsync(stop);
        port = IPEndPoint.Parse(Info.Listen!).Port;
    }

    /// <summary>Ends his process.</summary>
    public async Task LeaveAsync()
    {
        await node!.DisposeAsync();
        node = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (node is not null)
            await LeaveAsync();
    }
}
