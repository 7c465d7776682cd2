using Tallystick.Cli.Flags;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Demo;

/// <summary>Alice: a node in this process.</summary>
internal sealed class DemoAlice : IAsyncDisposable
{
    private DemoAlice(NodeHost host, TallystickClient client, NodeInfo info) =>
        (Host, Client, Info) = (host, client, info);

    public NodeHost Host { get; }

    public TallystickClient Client { get; }

    public NodeInfo Info { get; }

    /// <summary>HOST:PORT where Bob reaches her.</summary>
    public string Listen => Info.Listen!;

    public static async Task<DemoAlice> StartAsync(GivenFlags flags, CancellationToken stop)
    {
        var options = NodeSettings.ForDemo(flags, "alice", port: 0);
        var host = await NodeHost.StartAsync(options, stop);
        var client = TallystickClient.OverUnixSocket(host.SocketPath, host.Token);
        return new DemoAlice(host, client, await client.GetNodeAsync(stop));
    }

    /// <summary>Tells her where Bob is now; the key that is shown there the first time is pinned.</summary>
    public Task MeetAsync(DemoBob bob, CancellationToken stop) =>
        Client.AddPeerAsync(new AddPeerRequest("bob", bob.Info.Listen!), stop);

    /// <summary>Hears what the story tells anyway, so that her shell does not tell it a second time.</summary>
    public async Task HearAsync(CancellationToken untilItIsTold)
    {
        try
        {
            await foreach (var heard in Client.NoticesAsync(untilItIsTold))
                _ = heard;
        }
        catch (Exception over) when (over is OperationCanceledException or TallystickException)
        {
            // The story is told.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }
}
