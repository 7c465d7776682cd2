using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

/// <summary>
/// Thousands of strangers at once, from 200 addresses that no peer has. What they can make a node do is bounded, and
/// its peer is served and comes back meanwhile. Figures: <c>dotnet run -c Release --project bench -- siege</c>.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SiegeTests : IAsyncDisposable
{
    private const int Addresses = 200;
    private static readonly LinkLimits Limits = new();
    private readonly List<Socket> sockets = [];
    private readonly LinkTls tls = new(TimeProvider.System);
    private int next;

    public ValueTask DisposeAsync()
    {
        sockets.ForEach(socket => socket.Dispose());
        tls.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Ten_thousand_connections_that_say_nothing_cost_little_and_lock_nobody_out()
    {
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode();
        alice.Accept(bob);
        bob.Dial(alice);
        await LinkedNode.AreLinkedAsync(alice, bob);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 10_000; i++)
        {
            await TryConnectAsync(alice);
            Assert.InRange(alice.Hub.UnprovenCount, 0, Limits.UnprovenConnections);
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 30_000_000);

        bob.LinkTo(alice)!.TrySend(LinkingTests.Question(1));
        await Eventually.Holds(() => !alice.Frames.IsEmpty, "the real peer is served");
        await using var carol = new LinkedNode();
        alice.Accept(carol);
        carol.Dial(alice);
        await LinkedNode.AreLinkedAsync(alice, carol);
        Assert.Empty(alice.Gone);
        sockets.ForEach(socket => socket.Dispose());
        await Eventually.Holds(() => alice.Hub.UnprovenCount == 0, "they are forgotten");
    }

    [Fact]
    public async Task A_newcomer_comes_in_although_strangers_hold_every_place()
    {
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode();
        alice.Accept(bob);
        using var stop = new CancellationTokenSource();
        var attacking = Task.WhenAll(Enumerable.Range(0, 600).Select(_ => Task.Run(() => KnockAsync(alice, stop))));
        await Eventually.Holds(() => alice.Hub.UnprovenCount > 300, "the strangers are there");

        bob.Dial(alice);
        await LinkedNode.AreLinkedAsync(alice, bob);
        await stop.CancelAsync();
        await attacking;
    }

    [Fact]
    public async Task Strangers_who_begin_TLS_in_a_loop_get_so_many_handshakes_and_a_peer_that_was_cut_comes_back()
    {
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode();
        await using var line = new TcpProxy(alice);
        alice.Accept(bob);
        bob.Dial(line.Address, alice.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);
        var watch = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var attacking = Enumerable.Range(0, 16).Select(_ => Task.Run(() => HandshakesAsync(alice, stop))).ToArray();
        for (var cut = 0; cut < 3; cut++)
        {
            line.Cut();
            await Eventually.Holds(() => bob.Gone.Count == cut + 1 && alice.Gone.Count == cut + 1, "the line is cut");
            await LinkedNode.AreLinkedAsync(alice, bob);
        }
        await Eventually.Holds(() => watch.Elapsed > TimeSpan.FromSeconds(3), "the siege lasts a while");
        await stop.CancelAsync();
        var made = (await Task.WhenAll(attacking)).Sum();

        var most = Limits.HandshakesAtOnce + Limits.HandshakesPerSecond * watch.Elapsed.TotalSeconds;
        Assert.InRange(made, Limits.HandshakesAtOnce, most + 1);
    }

    [Fact]
    public async Task Half_a_beginning_of_TLS_is_refused_without_a_handshake()
    {
        await using var alice = new LinkedNode(limits: Limits with { HandshakesAtOnce = 1, HandshakesPerSecond = 0 });
        await using var bob = new LinkedNode();
        alice.Accept(bob);
        byte[][] beginnings =
        [
            [23, 3, 3, 0, 4, 1, 0, 0, 0],
            [22, 2, 0, 0, 4, 1, 0, 0, 0],
            [22, 3, 1, 16, 1, 1, 0, 0, 0],
            [22, 3, 1, 0, 1, 1],
            [22, 3, 1, 0, 4, 2, 0, 0, 0],
        ];
        foreach (var beginning in beginnings)
        {
            using var socket = (await TryConnectAsync(alice))!;
            Assert.Equal(0, await SayAsync(socket, beginning, TestContext.Current.CancellationToken));
        }
        // The only handshake that there is was kept for the peer.
        bob.Dial(alice);
        await LinkedNode.AreLinkedAsync(alice, bob);
    }

    // Never on a thread of the pool that waits: the node under siege needs them too.
    private async Task<Socket?> TryConnectAsync(LinkedNode node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            var last = 1 + Interlocked.Increment(ref next) % Addresses;
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.1.{last}"), 0));
            await socket.ConnectAsync(node.Hub.ListenEndPoint!);
            lock (sockets)
                sockets.Add(socket);
            return socket;
        }
        catch (SocketException)
        {
            // Refused, as it should be.
            socket.Dispose();
            return null;
        }
    }

    private async Task KnockAsync(LinkedNode node, CancellationTokenSource stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var socket = await TryConnectAsync(node);
            if (socket is null)
            {
                await Task.WhenAny(Task.Delay(50), Task.Delay(Timeout.Infinite, stop.Token));
                continue;
            }
            // A whole record, so that they wait for their turn and not for more bytes.
            await SayAsync(socket, [22, 3, 1, 2, 0, 1, .. new byte[511]], stop.Token);
        }
    }

    private async Task<int> HandshakesAsync(LinkedNode node, CancellationTokenSource stop)
    {
        var made = 0;
        while (!stop.IsCancellationRequested)
        {
            using var socket = await TryConnectAsync(node);
            if (socket is null)
                continue;
            try
            {
                var (stream, _) = await tls.AuthenticateAsync(new NetworkStream(socket), iDial: true, stop.Token);
                await stream.DisposeAsync();
                made++;
            }
            catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException)
            {
                // Turned away.
            }
        }
        return made;
    }

    private static async Task<int> SayAsync(Socket socket, byte[] what, CancellationToken cancellation)
    {
        try
        {
            await socket.SendAsync(what, cancellation);
            return await socket.ReceiveAsync(new byte[64], cancellation);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // A reset is an end too.
            return 0;
        }
    }
}
