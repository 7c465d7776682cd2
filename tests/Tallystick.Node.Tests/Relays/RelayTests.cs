using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Relays;

/// <summary>Nodes that listen nowhere, and a real relay between them.</summary>
public sealed class RelayTests
{
    [Fact]
    public async Task Two_nodes_that_nobody_can_dial_link_through_a_relay_and_frames_arrive_in_order()
    {
        await using var relay = new StartedRelay();
        await using var alice = At(relay);
        await using var bob = At(relay);
        await LinkAsync(alice, bob, relay);

        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(alice.LinkTo(bob)!.TrySend(LinkingTests.Question(i)));
            Assert.True(bob.LinkTo(alice)!.TrySend(LinkingTests.Question(i)));
        }
        await Eventually.Holds(() => bob.Frames.Count == 1_000 && alice.Frames.Count == 1_000, "all frames arrived");
        var expected = Enumerable.Range(0, 1_000).Select(i => (long)i).ToArray();
        Assert.Equal(expected, bob.Frames.Select(frame => frame.Number));
        Assert.Equal(expected, alice.Frames.Select(frame => frame.Number));
        Assert.Equal((2, 1), (relay.Relay.ClientCount, relay.Relay.StreamCount));
    }

    [Fact]
    public async Task Who_leaves_is_gone_alone()
    {
        await using var relay = new StartedRelay();
        await using var alice = At(relay);
        await using var bob = At(relay);
        var carol = At(relay);
        await LinkAsync(alice, bob, relay);
        carol.Accept(bob);
        bob.Accept(carol);
        carol.Dial(relay.AddressOf(bob.Key), bob.Key);
        await LinkedNode.AreLinkedAsync(carol, bob);

        await carol.DisposeAsync();
        await Eventually.Holds(() => relay.Relay is { ClientCount: 2, StreamCount: 1 }, "carol is gone");
        Assert.Empty(alice.Gone);
        Assert.Equal(carol.Key, Assert.Single(bob.Gone).Link.PeerKey);
    }

    [Fact]
    public async Task A_relay_that_dies_is_survived_when_it_is_back()
    {
        await using var relay = new StartedRelay();
        await using var alice = At(relay);
        await using var bob = At(relay);
        await LinkAsync(alice, bob, relay);
        for (var death = 0; death < 3; death++)
        {
            var before = alice.LinkTo(bob)!;
            await relay.StopAsync();
            await Eventually.Holds(() => alice.Gone.Any(gone => gone.Link == before), "the link is gone");
            relay.StartAgain();
            await LinkedNode.AreLinkedAsync(alice, bob);
        }
        Assert.Contains(alice.RelayNews, news => news.Why is not null);
        Assert.Null(alice.RelayNews.Last().Why);
    }

    [Fact]
    public async Task When_one_relay_dies_another_carries_the_link()
    {
        await using var one = new StartedRelay();
        await using var other = new StartedRelay();
        await using var alice = new LinkedNode(relays: [one.Address, other.Address]);
        await using var bob = new LinkedNode(relays: [one.Address, other.Address]);
        bob.Accept(alice);
        alice.Hub.SetPeers(
            [new DialTarget(one.AddressOf(bob.Key), bob.Key), new DialTarget(other.AddressOf(bob.Key), bob.Key)]);
        await LinkedNode.AreLinkedAsync(alice, bob);
        await (one.Relay.StreamCount == 1 ? one : other).StopAsync();
        await Eventually.Holds(() => one.Relay.StreamCount + other.Relay.StreamCount == 1, "the other has a stream");
        await LinkedNode.AreLinkedAsync(alice, bob);
    }

    [Fact]
    public async Task A_direct_address_is_used_when_the_relay_is_dead()
    {
        await using var relay = new StartedRelay();
        await using var alice = At(relay);
        await using var bob = new LinkedNode();
        bob.Accept(alice);
        await relay.StopAsync();
        alice.Hub.SetPeers(
            [new DialTarget(relay.AddressOf(bob.Key), bob.Key), new DialTarget(bob.Address, bob.Key)]);
        await LinkedNode.AreLinkedAsync(alice, bob);
    }

    [Fact]
    public async Task A_relay_that_changes_what_it_passes_on_breaks_links_and_forges_nothing()
    {
        await using var relay = new StartedRelay();
        await using var line = new TcpProxy(relay.Port);
        var evil = StartedRelay.At(int.Parse(line.Address.Split(':')[1]));
        await using var alice = new LinkedNode(relays: [evil]);
        await using var bob = At(relay);
        bob.Accept(alice);
        alice.Dial(PeerAddress.Through(evil, Fingerprint.Of(bob.Key)).ToString(), bob.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);
        line.Corrupt();
        alice.LinkTo(bob)!.TrySend(LinkingTests.Question(1));
        await Eventually.Holds(() => !bob.Gone.IsEmpty, "bob closes the link");
        Assert.Empty(bob.Frames);

        line.Heal();
        await LinkedNode.AreLinkedAsync(alice, bob);
        alice.LinkTo(bob)!.TrySend(LinkingTests.Question(2));
        await Eventually.Holds(() => bob.Frames.Any(frame => frame.Number == 2), "frames flow again");
        Assert.Single(bob.Frames);
    }

    [Fact]
    public async Task A_relay_that_says_nothing_more_is_noticed_and_left()
    {
        var time = new FastTime(20);
        await using var relay = new StartedRelay(time: time);
        await using var line = new TcpProxy(relay.Port);
        var silent = StartedRelay.At(int.Parse(line.Address.Split(':')[1]));
        await using var alice = new LinkedNode(time: time, relays: [silent]);
        await Eventually.Holds(() => relay.Relay.ClientCount == 1, "alice is registered");
        line.Swallow();
        await Eventually.Holds(() => relay.Relay.ClientCount == 0, "the relay closes who is silent");
        await Eventually.Holds(() => alice.RelayNews.Any(news => news.Why is not null), "alice notices it");
        line.Heal();
        await Eventually.Holds(() => relay.Relay.ClientCount == 1, "alice is registered again");
    }

    [Fact]
    public async Task A_registered_node_that_says_nothing_else_stays_registered()
    {
        var time = new FastTime(20);
        await using var relay = new StartedRelay(time: time);
        await using var alice = new LinkedNode(time: time, relays: [relay.Address]);
        await Eventually.Holds(() => alice.RelayNews.Any(news => news.Why is null), "alice is registered");
        var started = Clock.NowMs(time);
        await Eventually.Holds(() => Clock.NowMs(time) - started > 200_000, "more than three minutes pass");
        // On a busy machine the first handshake may take longer than this clock gives it.
        Assert.Null(Assert.Single(alice.RelayNews.SkipWhile(news => news.Why is not null)).Why);
        Assert.Equal(1, relay.Relay.ClientCount);
    }

    [Fact]
    public async Task Who_is_not_there_cannot_be_called_and_can_once_they_come()
    {
        await using var relay = new StartedRelay();
        await using var alice = At(relay);
        using var identity = NodeIdentity.CreateFresh();
        alice.Dial(relay.AddressOf(identity.Key), identity.Key);
        await Eventually.Holds(() => alice.DialFailures.Contains("the relay does not know them now"), "it is said");

        await using var bob = new LinkedNode(identity, relays: [relay.Address]);
        bob.Accept(alice);
        await LinkedNode.AreLinkedAsync(alice, bob);
    }

    [Fact]
    public async Task A_stranger_who_calls_through_a_relay_knocks_like_any_other()
    {
        await using var relay = new StartedRelay();
        await using var alice = At(relay);
        await using var bob = At(relay);
        alice.Dial(relay.AddressOf(bob.Key), bob.Key);
        await Eventually.Holds(() => bob.Knocked.Contains(alice.Key), "bob hears the knock");
        Assert.Empty(bob.Currents);
        bob.Accept(alice);
        await LinkedNode.AreLinkedAsync(alice, bob);
    }

    [Fact]
    public async Task Who_names_the_same_word_hears_of_each_other_and_nobody_else_does()
    {
        await using var relay = new StartedRelay(new RelayLimits { ClientsPerWord = 3 });
        await using var alice = new LinkedNode(relays: [relay.Address], word: "demo");
        await using var bob = new LinkedNode(relays: [relay.Address], word: "demo");
        await using var other = new LinkedNode(relays: [relay.Address], word: "else");
        await Eventually.Holds(() => !alice.Met.IsEmpty && !bob.Met.IsEmpty, "they hear of each other");
        Assert.Equal(relay.AddressOf(bob.Key), Assert.Single(alice.Met).ToString());
        Assert.Equal(relay.AddressOf(alice.Key), Assert.Single(bob.Met).ToString());
        Assert.Empty(other.Met);

        await using var carol = new LinkedNode(relays: [relay.Address], word: "demo");
        await Eventually.Holds(() => carol.Met.Count == 2, "a third hears of both");
        await using var dave = new LinkedNode(relays: [relay.Address], word: "demo");
        await Eventually.Holds(
            () => dave.RelayNews.Any(news => news.Why == "the relay is full"), "a fourth is too many");
        Assert.Empty(dave.Met);
    }

    [Fact]
    public async Task What_answers_in_place_of_a_relay_is_told_apart_from_one()
    {
        await using var node = new LinkedNode();
        var wrong = StartedRelay.At(node.Hub.ListenEndPoint!.Port);
        await using var alice = new LinkedNode(relays: [wrong]);
        await Eventually.Holds(
            () => alice.RelayNews.Any(news => news.Why == "what answers there is no relay"), "alice is told");
        Assert.Empty(node.Knocked);
        Assert.NotEqual(RelayProof.HashOfWord("demo"), RelayProof.HashOfWord("else"));
    }

    private static LinkedNode At(StartedRelay relay) => new(relays: [relay.Address]);

    private static Task LinkAsync(LinkedNode dialler, LinkedNode called, StartedRelay relay)
    {
        called.Accept(dialler);
        dialler.Dial(relay.AddressOf(called.Key), called.Key);
        return LinkedNode.AreLinkedAsync(dialler, called);
    }
}
