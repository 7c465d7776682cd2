using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Tests.Api;

/// <summary>A real node on a folder of the test, and a client that talks to it as the program does.</summary>
internal sealed class RunningTestNode : IAsyncDisposable
{
    private RunningTestNode(NodeHost host, NodeOptions options)
    {
        (Host, Options) = (host, options);
        Client = TallystickClient.OverUnixSocket(host.SocketPath, host.Token);
    }

    public NodeHost Host { get; }

    public NodeOptions Options { get; }

    public TallystickClient Client { get; }

    public string Address => $"127.0.0.1:{Host.ListenEndPoint!.Port}";

    public static async Task<RunningTestNode> StartAsync(NodeOptions options, TimeProvider? time = null) => new(
        await NodeHost.StartAsync(options, time ?? TimeProvider.System, TestContext.Current.CancellationToken),
        options);

    public static Task<RunningTestNode> StartAsync(
        string folder, string name, params (string? Name, string Address)[] peers) => StartAsync(new NodeOptions
        {
            Name = name,
            DataFolder = Path.Combine(folder, name),
            ListenAddress = "127.0.0.1",
            ListenPort = 0,
            Peers = peers,
            Assets = [Asset.Credits],
        });

    /// <summary>The same node again, on the same port.</summary>
    public async Task<RunningTestNode> RestartAsync()
    {
        var again = Options with { ListenPort = Host.ListenEndPoint!.Port };
        await DisposeAsync();
        return await StartAsync(again);
    }

    public Task UntilReadyAsync(string peer) => Eventually.IsTrueAsync(
        async () => (await Client.GetBalancesAsync()).Tabs is var tabs
            && tabs.Any(tab => tab.Peer == peer && tab is { Online: true, Opened: true }),
        $"{Options.Name} is ready to pay {peer}");

    public Task UntilBalanceAsync(string balance) => Eventually.IsTrueAsync(
        async () => (await Client.GetBalancesAsync()).Tabs is [var only] && only.Balance == balance,
        $"the balance of {Options.Name} is {balance}");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }
}
