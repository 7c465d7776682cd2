using System.Net;
using System.Net.Sockets;
using Tallystick.Client;
using Tallystick.Node.Hosting;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Hosting;

public sealed class StartTests : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("tallystick-").FullName;

    private NodeOptions Alice => new() { Name = "alice", DataFolder = Path.Combine(parent, "alice") };

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public async Task A_running_node_is_found_and_a_stopped_one_leaves_no_trace()
    {
        await using (var node = await RunningTestNode.StartAsync(Alice))
        {
            var found = Assert.Single(RunningNodes.Find(parent));
            Assert.Equal(
                ("alice", node.Host.SocketPath, node.Host.WebUrl!.ToString(), Environment.ProcessId),
                (found.Name, found.SocketPath, found.Url, found.Pid));
            Assert.Equal(node.Host.Token, await File.ReadAllTextAsync(found.TokenPath));
            Assert.Null(node.Host.ListenEndPoint);
        }
        Assert.Empty(RunningNodes.Find(parent));
        Assert.False(File.Exists(Path.Combine(parent, "alice", "running.json")));
        Assert.False(File.Exists(Path.Combine(parent, "alice", "api.sock")));
    }

    [Fact]
    public async Task Key_token_and_port_are_the_same_after_a_restart()
    {
        (string, string, Uri?) before;
        await using (var node = await RunningTestNode.StartAsync(Alice))
            before = (node.Host.Fingerprint, node.Host.Token, node.Host.WebUrl);
        await using var again = await RunningTestNode.StartAsync(Alice);
        Assert.Equal(before, (again.Host.Fingerprint, again.Host.Token, again.Host.WebUrl));
    }

    [Fact]
    public async Task A_second_node_on_the_folder_is_refused_and_disturbs_nothing()
    {
        await using var node = await RunningTestNode.StartAsync(Alice);
        var sentence = await RefusedAsync(Alice);
        Assert.Contains($"alice, process {Environment.ProcessId}", sentence, StringComparison.Ordinal);
        Assert.Single(RunningNodes.Find(parent));
        Assert.Equal("alice", (await node.Client.GetNodeAsync()).Name);
    }

    [Fact]
    public async Task With_the_web_port_off_the_socket_still_answers()
    {
        await using var node = await RunningTestNode.StartAsync(Alice with { WebPort = 0 });
        Assert.Null(node.Host.WebUrl);
        var info = await node.Client.GetNodeAsync();
        Assert.Null(info.Web);
    }

    [Fact]
    public async Task A_temporary_node_keeps_nothing()
    {
        await using (await RunningTestNode.StartAsync(Alice with { Temporary = true }))
            Assert.True(Directory.Exists(Alice.DataFolder));
        Assert.False(Directory.Exists(Alice.DataFolder));
    }

    [Fact]
    public async Task What_a_person_can_mend_is_one_sentence_and_leaves_the_folder_free()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var local = Alice with { ListenAddress = "127.0.0.1" };
        Assert.Contains($"{port}", await RefusedAsync(local with { ListenPort = port }), StringComparison.Ordinal);
        Assert.Contains("--web", await RefusedAsync(Alice with { WebPort = port }), StringComparison.Ordinal);
        Assert.Contains("70000", await RefusedAsync(local with { ListenPort = 70000 }), StringComparison.Ordinal);
        var nowhere = Alice with { ListenAddress = "nowhere" };
        Assert.Contains("IP address", await RefusedAsync(nowhere), StringComparison.Ordinal);
        var badPeer = Alice with { Peers = [(null, "bob:0")] };
        Assert.Contains("--peer bob:0", await RefusedAsync(badPeer), StringComparison.Ordinal);
        Assert.Contains("--name", await RefusedAsync(Alice with { Name = " " }), StringComparison.Ordinal);
        await using var node = await RunningTestNode.StartAsync(Alice);
        Assert.Equal("alice", (await node.Client.GetNodeAsync()).Name);
    }

    [Fact]
    public async Task Both_sides_hear_of_a_knock_once_and_one_address_each_is_enough_to_become_peers()
    {
        await using var bob = await RunningTestNode.StartAsync(parent, "bob");
        var toldBob = new NoticeLog(bob.Client);
        await toldBob.Subscribed;
        await using var alice = await RunningTestNode.StartAsync(parent, "alice");
        var toldAlice = new NoticeLog(alice.Client);
        await toldAlice.Subscribed;
        await alice.Client.AddPeerAsync(new AddPeerRequest("bob", bob.Address));

        var knock = await toldBob.FirstAsync(notice => notice.Kind == NoticeKinds.Knock);
        Assert.Equal(("alice", alice.Host.Fingerprint), (knock.Peer, knock.Text));
        var waiting = await toldAlice.FirstAsync(notice => notice.Kind == NoticeKinds.NotYetAccepted);
        Assert.Equal(("bob", alice.Host.Fingerprint), (waiting.Peer, waiting.Text));
        Assert.Empty((await bob.Client.GetPeersAsync()).Known);
        Assert.Empty((await bob.Client.GetBalancesAsync()).Tabs);
        Assert.Contains(
            "has not accepted", (await alice.Client.GetPeersAsync()).Known[0].Trouble, StringComparison.Ordinal);

        await bob.Client.AddPeerAsync(new AddPeerRequest("alice", alice.Address));
        await toldBob.FirstAsync(notice => notice is { Kind: NoticeKinds.Connected, Peer: "alice" });
        await toldAlice.FirstAsync(notice => notice is { Kind: NoticeKinds.Connected, Peer: "bob" });
        await alice.UntilReadyAsync("bob");
        Assert.Empty((await bob.Client.GetPeersAsync()).Strangers);
    }

    [Fact]
    public async Task A_node_that_is_told_to_dial_itself_says_so()
    {
        await using var alice = await RunningTestNode.StartAsync(parent, "alice");
        await alice.Client.AddPeerAsync(new AddPeerRequest("mirror", alice.Address));
        await Eventually.IsTrueAsync(
            async () => (await alice.Client.GetPeersAsync()).Known[0].Trouble?.Contains("this node itself") ?? false,
            "the trouble is shown");
        Assert.Null((await alice.Client.GetPeersAsync()).Known[0].Fingerprint);
    }

    private static async Task<string> RefusedAsync(NodeOptions options)
    {
        var refused = await Assert.ThrowsAsync<CannotStartException>(
            () => NodeHost.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.DoesNotContain('\n', refused.Message);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }
}
