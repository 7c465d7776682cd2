using Tallystick.Cli.Flags;
using Tallystick.Cli.Running;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Demo;

/// <summary>Alice: a node in this process.</summary>
internal sealed class DemoAlice : IAsyncDisposable
{
    private readonly IAsyncDisposable host;

    private DemoAlice(IAsyncDisposable host, TallystickClient client, NodeInfo info) =>
        (this.host, Client, Info) = (host, client, info);

    public TallystickClient Client { get; }

    public NodeInfo Info { get; }

    /// <summary>HOST:PORT where Bob reaches her.</summary>
    public string Listen => Info.Listen!;

    public static async Task<DemoAlice> StartAsync(GivenFlags flags, CancellationToken stop)
    {
        var options = NodeSettings.ForDemo(flags, "alice", port: 0);
        var started = await NodeHost.StartAsync(options, stop);
        var client = NodeSearch.Connect(RunningNodes.At(options.DataFolder)!);
        return new DemoAlice(started, client, await client.GetNodeAsync(stop));
    }

    /// <summary>Tells her where Bob is now; the key that is shown there the first time is pinned.</summary>
    public Task MeetAsync(DemoBob bob, CancellationToken stop) =>
        Client.AddPeerAsync(new AddPeerRequest("bob", bob.Info.Listen!), stop);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
    }
}
