using System.Net.Sockets;
using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Relays;

/// <summary>Anybody may connect to a relay. Whatever they do, two nodes go on talking through it.</summary>
public sealed class RelayHostileTests
{
    private static readonly RelayLimits Short = new()
    {
        Port = new LinkLimits { HandshakeTime = TimeSpan.FromSeconds(2) },
    };

    // However fast it is heard.
    private static readonly RelayLimits Fast = Short with { MessagesAtOnce = 1e9, MessagesPerSecond = 1e9 };

    public static TheoryData<string> Plain => new(PlainInputs.Keys);

    public static TheoryData<string> Inside => new(InsideInputs.Keys);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Dictionary<string, byte[]> PlainInputs { get; } = new(StringComparer.Ordinal)
    {
        ["nothing"] = [],
        ["garbage"] = [.. Enumerable.Range(0, 4_096).Select(i => (byte)(i * 31 >> 2))],
        ["an HTTP request"] = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ["half a TLS record"] = [22, 3, 1, 64, 0, 1],
        ["half a ticket"] = RelayTicket.Encode(Hash.Of("x"u8))[..20],
        ["a ticket that nobody gave"] = RelayTicket.Encode(Hash.Of("x"u8)),
        ["a ticket of another protocol"] = [.. "tab-join/2"u8, .. new byte[32]],
        ["a ticket and a flood"] = [.. RelayTicket.Encode(Hash.Of("x"u8)), .. new byte[1 << 20]],
    };

    private static Dictionary<string, byte[]> InsideInputs { get; } = new(StringComparer.Ordinal)
    {
        ["a call before the proof"] = RelayCodec.Write(new CallMessage(1, Fingerprint.FromBytes(new byte[20]))),
        ["a length of nothing"] = [0, 0],
        ["a length that is too large"] = [255, 255, .. new byte[70_000]],
        ["an unknown kind"] = [0, 1, 99],
        ["half a message"] = [0, 90, 2],
        ["a challenge of its own"] = RelayCodec.Write(new ChallengeMessage(1, Hash.Of("x"u8))),
        ["a key that is none"] =
            [0, 98, 2, 2, .. Enumerable.Repeat((byte)255, 32), .. new byte[64]],
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public Task A_stranger_who_sends(string what) => WhileTwoTalk(async relay =>
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(relay.EndPoint, Cancellation);
        await TrySendAsync(socket, PlainInputs[what]);
        await EndedAsync(socket);
    });

    [Theory]
    [MemberData(nameof(Inside))]
    public Task A_stranger_who_sends_inside_TLS(string what) => WhileTwoTalk(async relay =>
    {
        var (caller, _, _) = await RelayCaller.ConnectAsync(relay.EndPoint);
        await using var stranger = caller;
        await caller.SayRawAsync(InsideInputs[what]);
        await caller.HearTheEndAsync();
    });

    [Fact]
    public Task A_signature_over_anything_else_registers_nobody() => WhileTwoTalk(async relay =>
    {
        using var victim = NodeIdentity.CreateFresh();
        var (caller, nonce, certificate) = await RelayCaller.ConnectAsync(relay.EndPoint);
        await using var stranger = caller;
        // Everything is right but the key that signs.
        await caller.ShowAsync(
            caller.Identity,
            RelayProof.HashToSign(nonce, victim.Key, certificate, caller.Certificate),
            victim.Key);
        Assert.Equal(RelayReasons.BadSignature, await caller.HearTheEndAsync());
    });

    [Fact]
    public Task A_proof_that_was_made_for_another_connection_is_worth_nothing() => WhileTwoTalk(async relay =>
    {
        var (first, nonce, certificate) = await RelayCaller.ConnectAsync(relay.EndPoint);
        await using var one = first;
        var (second, _, _) = await RelayCaller.ConnectAsync(relay.EndPoint);
        await using var other = second;
        var proof = RelayProof.HashToSign(nonce, first.Identity.Key, certificate, first.Certificate);
        await second.ShowAsync(first.Identity, proof);
        Assert.Equal(RelayReasons.BadSignature, await second.HearTheEndAsync());
    });

    [Fact]
    public Task A_ticket_opens_one_end_once() => WhileTwoTalk(async relay =>
    {
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var bob = await RelayCaller.RegisterAsync(relay.EndPoint);
        await alice.SayAsync(new CallMessage(1, bob.Fingerprint));
        var ticket = (await alice.HearAsync<PlacedMessage>()).Ticket;
        using var first = await alice.JoinAsync(ticket);
        using var theirs = await bob.JoinAsync((await bob.HearAsync<IncomingMessage>()).Ticket);
        await first.SendAsync(new byte[] { 7 }, Cancellation);
        var received = new byte[1];
        Assert.Equal(1, await theirs.ReceiveAsync(received, Cancellation));
        Assert.Equal(7, received[0]);
        using var second = await alice.JoinAsync(ticket);
        await EndedAsync(second);
    });

    [Fact]
    public Task A_client_that_asks_and_never_reads_is_closed_before_it_fills_the_memory() =>
        WhileTwoTalk(Fast, async relay =>
    {
        await using var caller = await RelayCaller.RegisterAsync(relay.EndPoint);
        var pings = Enumerable.Range(0, 10_000).SelectMany(_ => RelayCodec.Write(new RelayPingMessage())).ToArray();
        try
        {
            for (var flood = 0; flood < 1_000; flood++)
                await caller.SayRawAsync(pings);
        }
        catch (IOException)
        {
            // Closed, as it should be.
        }
        await Eventually.Holds(() => relay.Relay.ClientCount == 2, "only the two nodes are left");
    });

    [Fact]
    public Task Connections_that_break_off_in_the_middle_leave_nothing() => WhileTwoTalk(async relay =>
    {
        for (var i = 0; i < 20; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(relay.EndPoint, Cancellation);
            await socket.SendAsync(new[] { RelayTicket.FirstByte }, Cancellation);
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    });

    [Fact]
    public Task A_stranger_who_dribbles_a_ticket_is_cut_off_in_time() => WhileTwoTalk(async relay =>
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(relay.EndPoint, Cancellation);
        var ended = EndedAsync(socket);
        foreach (var next in RelayTicket.Encode(Hash.Of("x"u8)))
        {
            await TrySendAsync(socket, [next]);
            await Task.WhenAny(ended, Task.Delay(100, Cancellation));
        }
        await ended;
    });

    /// <summary>Two nodes exchange frames before, during and after; then nothing is left of the stranger.</summary>
    private static Task WhileTwoTalk(Func<StartedRelay, Task> attack) => WhileTwoTalk(Short, attack);

    private static async Task WhileTwoTalk(RelayLimits limits, Func<StartedRelay, Task> attack)
    {
        await using var relay = new StartedRelay(limits);
        await using var alice = new LinkedNode(relays: [relay.Address]);
        await using var bob = new LinkedNode(relays: [relay.Address]);
        alice.Accept(bob);
        bob.Dial(relay.AddressOf(alice.Key), alice.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);
        var link = bob.LinkTo(alice)!;
        var attacking = attack(relay);
        var sent = 0;
        do
        {
            link.TrySend(LinkingTests.Question(sent++));
            var expected = sent;
            await Eventually.Holds(() => alice.Frames.Count == expected, "the two are served meanwhile");
            await Task.WhenAny(attacking, Task.Delay(5, Cancellation));
        }
        while (!attacking.IsCompleted);
        await attacking;
        await Eventually.Holds(
            () => relay.Relay is { UnprovenCount: 0, ClientCount: 2, StreamCount: 1 },
            "nothing is left of the stranger");
        Assert.Same(link, bob.LinkTo(alice));
    }

    private static async Task TrySendAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes, Cancellation);
        }
        catch (SocketException)
        {
            // Closed meanwhile, as it may be.
        }
    }

    private static async Task EndedAsync(Socket socket)
    {
        try
        {
            var read = socket.ReceiveAsync(new byte[1], Cancellation).AsTask();
            Assert.Equal(0, await read.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
    }
}
