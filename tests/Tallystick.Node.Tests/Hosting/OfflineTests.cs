using System.Net;
using System.Net.Sockets;
using Tallystick.Client;
using Tallystick.Node.Hosting;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Hosting;

public sealed class OfflineTests : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private readonly TcpListener peer = new(IPAddress.Loopback, 0);

    public OfflineTests() => peer.Start();

    private NodeOptions Options(string name) => new()
    {
        Name = name,
        DataFolder = Path.Combine(parent, name),
        ListenAddress = "127.0.0.1",
        ListenPort = 0,
        Relays = [peer.LocalEndpoint.ToString()!],
        Peers = [("bob", peer.LocalEndpoint.ToString()!)],
    };

    public void Dispose()
    {
        peer.Dispose();
        Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public async Task A_node_that_is_offline_calls_nobody_and_cannot_be_called()
    {
        await using var offline = await RunningTestNode.StartAsync(Options("alice") with { Offline = true });
        Assert.Null(offline.Host.ListenEndPoint);
        var info = await offline.Client.GetNodeAsync();
        Assert.True(info is { Offline: true, Listen: null, Relays: [] });
        var refusal = await Assert.ThrowsAsync<TallystickException>(
            () => offline.Client.InviteAsync(new InviteRequest()));
        Assert.Contains("--offline", refusal.Message, StringComparison.Ordinal);

        // Another node dials the same address, and nothing has come before it.
        await using var online = await RunningTestNode.StartAsync(Options("carol") with { Relays = [] });
        using (await peer.AcceptSocketAsync(TestContext.Current.CancellationToken))
            Assert.False(peer.Pending());
    }

    [Fact]
    public async Task What_is_added_while_offline_is_called_after_the_next_start()
    {
        var options = Options("alice") with { Relays = [], Peers = [] };
        await using (var offline = await RunningTestNode.StartAsync(options with { Offline = true }))
            await offline.Client.AddPeerAsync(new AddPeerRequest("bob", peer.LocalEndpoint.ToString()!));
        Assert.False(peer.Pending());
        await using var online = await RunningTestNode.StartAsync(options);
        using var called = await peer.AcceptSocketAsync(TestContext.Current.CancellationToken);
        Assert.True(called.Connected);
    }
}
