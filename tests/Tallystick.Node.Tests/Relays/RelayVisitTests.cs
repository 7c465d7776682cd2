using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Relays;

/// <summary>Relays that only a peer's address names: this node calls there, and that is all.</summary>
public sealed class RelayVisitTests
{
    [Fact]
    public async Task Whoever_calls_through_a_peers_relay_is_not_registered_there()
    {
        await using var relay = new StartedRelay();
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode(relays: [relay.Address]);
        bob.Accept(alice);
        alice.Dial(relay.AddressOf(bob.Key), bob.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);

        await using var mallory = await RelayCaller.RegisterAsync(relay.EndPoint);
        await mallory.SayAsync(new CallMessage(1, Fingerprint.Of(alice.Key)));
        Assert.Equal(RelayReasons.NotThere, (await mallory.HearAsync<DeclinedMessage>()).Reason);
    }

    [Fact]
    public async Task A_relay_that_is_needed_no_more_is_left()
    {
        var time = new ManualTime();
        await using var relay = new StartedRelay();
        await using var alice = new LinkedNode(time: time);
        await using var bob = new LinkedNode(relays: [relay.Address]);
        // While her clock stands still, alice calls once and not again.
        await Eventually.Holds(() => bob.RelayNews.Any(news => news.Why is null), "bob has registered");
        bob.Accept(alice);
        alice.Dial(relay.AddressOf(bob.Key), bob.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);
        Assert.Equal(2, relay.Relay.ClientCount);
        alice.Hub.SetPeers([]);
        time.Advance(TimeSpan.FromMinutes(3));
        await Eventually.Holds(() => relay.Relay.ClientCount == 1, "alice has left the relay");
    }

    [Fact]
    public async Task However_many_relays_peers_name_the_next_one_can_be_used()
    {
        await using var relay = new StartedRelay();
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode(relays: [relay.Address]);
        bob.Accept(alice);
        // Nobody listens at any of these.
        alice.Hub.SetPeers(
        [
            .. Enumerable.Range(1, 70).Select(n => new DialTarget(
                $"relay:127.0.0.{n}:1/{Fingerprint.FromBytes(new byte[20])}", Key: null)),
        ]);
        await Eventually.Holds(() => alice.DialFailures.Count >= 70, "all of them were tried");
        alice.Dial(relay.AddressOf(bob.Key), bob.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);
    }

    [Fact]
    public async Task Two_names_of_one_relay_do_not_take_each_others_place()
    {
        await using var relay = new StartedRelay();
        await using var alice = new LinkedNode(relays: [relay.Address]);
        await using var bob = new LinkedNode(relays: [relay.Address]);
        bob.Accept(alice);
        await Eventually.Holds(() => alice.RelayNews.Any(news => news.Why is null), "alice is registered");
        alice.Dial($"relay:localhost:{relay.Port}/{Fingerprint.Of(bob.Key)}", bob.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);
        Assert.All(alice.RelayNews, news => Assert.Null(news.Why));
    }

    [Fact]
    public async Task Whoever_is_refused_after_registering_comes_back_more_and_more_slowly()
    {
        var time = new ManualTime();
        await using var relay = new StartedRelay(new RelayLimits { ClientsPerWord = 1 });
        await using var first = new LinkedNode(relays: [relay.Address], word: "demo");
        await Eventually.Holds(() => first.RelayNews.Any(news => news.Why is null), "the first has registered");
        await using var second = new LinkedNode(time: time, relays: [relay.Address], word: "demo");
        var started = Clock.NowMs(time);
        await Eventually.Holds(
            () =>
            {
                if (second.RelayNews.LastOrDefault().Why is not null)
                    time.Advance(TimeSpan.FromMilliseconds(50));
                return second.RelayNews.Count(news => news.Why is not null) > 6;
            },
            "the second was refused again and again");
        // Half of 0.2 s, doubled each time, is the least.
        Assert.InRange(Clock.NowMs(time) - started, 6_000, long.MaxValue);
    }
}
