using System.Diagnostics;
using System.Net.Sockets;
using Tallystick.Core.Relays;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Relays;

/// <summary>Every limit that a client of a relay meets.</summary>
public sealed class RelayLimitTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_of_one_client_are_counted_whoever_calls_and_given_back_at_their_end()
    {
        await using var relay = new StartedRelay(new RelayLimits { StreamsPerClient = 1 });
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var bob = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var carol = await RelayCaller.RegisterAsync(relay.EndPoint);
        var (mine, theirs) = await alice.StreamToAsync(bob);
        await alice.SayAsync(new CallMessage(2, carol.Fingerprint));
        Assert.Equal(new DeclinedMessage(2, RelayReasons.TooMany), await alice.HearAsync<DeclinedMessage>());
        await carol.SayAsync(new CallMessage(3, bob.Fingerprint));
        Assert.Equal(new DeclinedMessage(3, RelayReasons.TooMany), await carol.HearAsync<DeclinedMessage>());

        mine.Dispose();
        theirs.Dispose();
        await Eventually.Holds(() => relay.Relay.StreamCount == 0, "the stream has ended");
        (mine, theirs) = await carol.StreamToAsync(bob);
        mine.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public async Task Coming_again_gives_nobody_more_streams()
    {
        await using var relay = new StartedRelay(new RelayLimits { StreamsPerClient = 1 });
        using var identity = NodeIdentity.CreateFresh();
        await using var bob = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint, identity);
        var (mine, theirs) = await alice.StreamToAsync(bob);
        await using var again = await RelayCaller.RegisterAsync(relay.EndPoint, identity);
        Assert.Equal(RelayReasons.Replaced, await alice.HearTheEndAsync());
        await again.SayAsync(new CallMessage(2, bob.Fingerprint));
        Assert.Equal(RelayReasons.TooMany, (await again.HearAsync<DeclinedMessage>()).Reason);
        mine.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public async Task Who_calls_too_often_is_declined_and_stays_registered()
    {
        await using var relay = new StartedRelay(new RelayLimits { CallsAtOnce = 2, CallsPerSecond = 0.001 });
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        var nobody = Core.Identity.Fingerprint.FromBytes(new byte[20]);
        var reasons = new List<string>();
        for (var call = 0; call < 4; call++)
        {
            await alice.SayAsync(new CallMessage(call, nobody));
            reasons.Add((await alice.HearAsync<DeclinedMessage>()).Reason);
        }
        string[] expected =
            [RelayReasons.NotThere, RelayReasons.NotThere, RelayReasons.TooMany, RelayReasons.TooMany];
        Assert.Equal(expected, reasons);
        Assert.Equal(1, relay.Relay.ClientCount);
    }

    [Fact]
    public async Task Calls_that_nobody_joins_keep_nobody_else_from_calling_and_the_callee_from_nothing()
    {
        await using var relay = new StartedRelay();
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var friend = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var mallory = await RelayCaller.RegisterAsync(relay.EndPoint);
        for (var call = 0; call < 64; call++)
            await mallory.SayAsync(new CallMessage(call, alice.Fingerprint));
        for (var call = 0; call < 64; call++)
            await mallory.Channel.ReadAsync(Cancellation);

        await friend.SayAsync(new CallMessage(1, alice.Fingerprint));
        await friend.HearAsync<PlacedMessage>();
        await alice.SayAsync(new CallMessage(2, friend.Fingerprint));
        RelayMessage answer;
        do
            answer = await alice.Channel.ReadAsync(Cancellation);
        while (answer is IncomingMessage);
        Assert.IsType<PlacedMessage>(answer);
    }

    [Fact]
    public async Task A_full_relay_gives_up_the_oldest_call_that_nobody_joined_for_a_new_one()
    {
        await using var relay = new StartedRelay(new RelayLimits { Streams = 3, JoinTime = TimeSpan.FromHours(1) });
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var bob = await RelayCaller.RegisterAsync(relay.EndPoint);
        var (mine, theirs) = await alice.StreamToAsync(bob);
        await PassesAsync(mine, theirs);
        await alice.SayAsync(new CallMessage(2, bob.Fingerprint));
        var oldest = (await alice.HearAsync<PlacedMessage>()).Ticket;
        await alice.SayAsync(new CallMessage(3, bob.Fingerprint));
        await alice.HearAsync<PlacedMessage>();

        await bob.HearAsync<IncomingMessage>();
        await bob.HearAsync<IncomingMessage>();
        var (second, other) = await bob.StreamToAsync(alice);
        await EndedAsync(await alice.JoinAsync(oldest));
        await PassesAsync(second, other);
        await PassesAsync(mine, theirs);
        foreach (var end in (Socket[])[mine, theirs, second, other])
            end.Dispose();
    }

    [Fact]
    public async Task Whoever_says_too_much_is_heard_as_slowly_as_its_allowance_and_stays_registered()
    {
        var time = new ManualTime();
        await using var relay = new StartedRelay(new RelayLimits { MessagesAtOnce = 3, MessagesPerSecond = 1 }, time);
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        var before = time.TimerCount;
        for (var ping = 0; ping < 5; ping++)
            await alice.SayAsync(new RelayPingMessage());
        for (var pong = 0; pong < 3; pong++)
            await alice.HearAsync<RelayPongMessage>();
        for (var waiting = 0; waiting < 2; waiting++)
        {
            await Eventually.Holds(() => time.TimerCount > before, "the relay waits with the next");
            var next = alice.HearAsync<RelayPongMessage>();
            Assert.False(next.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
            await next;
        }
        Assert.Equal(1, relay.Relay.ClientCount);
    }

    [Fact]
    public async Task Bytes_beyond_the_allowance_wait_and_all_arrive()
    {
        const int Allowed = 64 * 1024;
        const int Sent = 3 * Allowed;
        await using var relay = new StartedRelay(new RelayLimits { BytesAtOnce = Allowed, BytesPerSecond = Allowed });
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var bob = await RelayCaller.RegisterAsync(relay.EndPoint);
        var (mine, theirs) = await alice.StreamToAsync(bob);
        var bytes = new byte[Sent];
        Random.Shared.NextBytes(bytes);
        var watch = Stopwatch.StartNew();
        var sending = mine.SendAsync(bytes, Cancellation).AsTask();
        var received = new byte[Sent];
        using var stream = new NetworkStream(theirs, ownsSocket: true);
        await stream.ReadExactlyAsync(received, Cancellation);
        await sending;
        Assert.Equal(bytes, received);
        // One part at once, two more in two seconds; the last buffer's worth may come a little early.
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.5, 20);
        mine.Dispose();
    }

    [Fact]
    public async Task A_stream_whose_ends_do_not_come_in_time_is_given_up()
    {
        await using var relay = new StartedRelay(
            new RelayLimits { StreamsPerClient = 1, JoinTime = Soon, SweepTime = Soon });
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var bob = await RelayCaller.RegisterAsync(relay.EndPoint);
        await alice.SayAsync(new CallMessage(1, bob.Fingerprint));
        var ticket = (await alice.HearAsync<PlacedMessage>()).Ticket;
        using var waiting = await alice.JoinAsync(ticket);
        Assert.Equal(0, await waiting.ReceiveAsync(new byte[1], Cancellation));

        using var late = await bob.JoinAsync((await bob.HearAsync<IncomingMessage>()).Ticket);
        await EndedAsync(late);
        var (mine, theirs) = await alice.StreamToAsync(bob);
        mine.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public async Task A_stream_on_which_nothing_moves_is_closed()
    {
        await using var relay = new StartedRelay(new RelayLimits { StreamIdleTime = Soon, SweepTime = Soon });
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var bob = await RelayCaller.RegisterAsync(relay.EndPoint);
        var (mine, theirs) = await alice.StreamToAsync(bob);
        await EndedAsync(mine);
        await EndedAsync(theirs);
        Assert.Equal((2, 0), (relay.Relay.ClientCount, relay.Relay.StreamCount));
    }

    [Fact]
    public async Task A_reader_who_stops_reading_is_closed_and_holds_back_the_sender_until_then()
    {
        await using var relay = new StartedRelay(
            new RelayLimits { StreamIdleTime = TimeSpan.FromSeconds(1), SweepTime = Soon });
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await using var bob = await RelayCaller.RegisterAsync(relay.EndPoint);
        var (mine, theirs) = await alice.StreamToAsync(bob);
        var sent = 0L;
        try
        {
            while (true)
                sent += await mine.SendAsync(new byte[65_536], Cancellation);
        }
        catch (SocketException)
        {
            // The relay has closed it.
        }
        Assert.InRange(sent, 1, 64 * 1024 * 1024);
        await Eventually.Holds(() => relay.Relay.StreamCount == 0, "the stream is gone");
        theirs.Dispose();
    }

    [Fact]
    public async Task Who_says_nothing_is_closed()
    {
        await using var relay = new StartedRelay(new RelayLimits { ClientIdleTime = Soon, SweepTime = Soon });
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        Assert.Equal(RelayReasons.Silent, await alice.HearTheEndAsync());
        await Eventually.Holds(() => relay.Relay.ClientCount == 0, "it is not registered any more");
    }

    [Fact]
    public async Task Clients_are_counted_in_all_and_by_address()
    {
        await using var few = new StartedRelay(new RelayLimits { Clients = 1 });
        await using var one = await RelayCaller.RegisterAsync(few.EndPoint);
        Assert.Equal(RelayReasons.TooMany, await RefusedAsync(few));

        await using var house = new StartedRelay(new RelayLimits { ClientsPerAddress = 1 });
        using var identity = NodeIdentity.CreateFresh();
        await using var first = await RelayCaller.RegisterAsync(house.EndPoint, identity);
        Assert.Equal(RelayReasons.TooMany, await RefusedAsync(house));
        // The same again takes its own place.
        await using var again = await RelayCaller.RegisterAsync(house.EndPoint, identity);
        Assert.Equal(RelayReasons.Replaced, await first.HearTheEndAsync());
    }

    [Fact]
    public async Task A_relay_that_stops_says_so()
    {
        await using var relay = new StartedRelay();
        await using var alice = await RelayCaller.RegisterAsync(relay.EndPoint);
        await relay.StopAsync();
        Assert.Equal(RelayReasons.Leaving, await alice.HearTheEndAsync());
    }

    private static async Task<string> RefusedAsync(StartedRelay relay)
    {
        var refused = await Assert.ThrowsAsync<LinkRefusedException>(() => RelayCaller.RegisterAsync(relay.EndPoint));
        return refused.Reason;
    }

    private static async Task PassesAsync(Socket from, Socket to)
    {
        await from.SendAsync(new byte[] { 7 }, Cancellation);
        Assert.Equal(1, await to.ReceiveAsync(new byte[1], Cancellation));
    }

    private static async Task EndedAsync(Socket end)
    {
        try
        {
            Assert.Equal(0, await end.ReceiveAsync(new byte[1], Cancellation).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
        end.Dispose();
    }
}
