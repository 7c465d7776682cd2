using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

public sealed class LinkingTests
{
    [Fact]
    public async Task Two_nodes_link_and_frames_arrive_in_order_both_ways()
    {
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode();
        bob.Accept(alice);
        alice.Dial(bob);
        await LinkedNode.AreLinkedAsync(alice, bob);
        Assert.Equal(bob.Key, alice.LinkTo(bob)!.PeerKey);

        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(alice.LinkTo(bob)!.TrySend(Question(i)));
            Assert.True(bob.LinkTo(alice)!.TrySend(Question(i)));
        }
        await Eventually.Holds(() => bob.Frames.Count == 1_000 && alice.Frames.Count == 1_000, "all frames arrived");
        var expected = Enumerable.Range(0, 1_000).Select(i => (long)i).ToArray();
        Assert.Equal(expected, bob.Frames.Select(f => f.Number));
        Assert.Equal(expected, alice.Frames.Select(f => f.Number));
    }

    [Fact]
    public async Task A_stranger_is_told_so_and_is_linked_once_it_is_accepted()
    {
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode();
        alice.Dial(bob);
        await Eventually.Holds(() => alice.Notices.OfType<NotAcceptedThere>().Any(), "alice is told");
        Assert.Contains(alice.Key, bob.Knocked);
        Assert.True(alice.IsTrusted(bob), "The dialler pins the proven key even when it is not accepted yet.");
        Assert.Empty(alice.Currents);
        Assert.Empty(bob.Currents);

        bob.Accept(alice);
        await LinkedNode.AreLinkedAsync(alice, bob);
    }

    [Fact]
    public async Task Another_key_than_the_pinned_one_is_not_trusted_and_said()
    {
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode();
        await using var mallory = new LinkedNode();
        mallory.Accept(alice);
        alice.Dial(mallory.Address, bob.Key);
        await Eventually.Holds(() => !alice.Notices.IsEmpty, "alice is told");
        var wrong = Assert.IsType<WrongKeyThere>(alice.Notices.First());
        Assert.Equal((bob.Key, mallory.Key), (wrong.Expected, wrong.Found));
        Assert.Empty(mallory.Currents);
        Assert.Empty(alice.Currents);
    }

    [Fact]
    public async Task A_node_that_dials_itself_finds_out()
    {
        await using var alice = new LinkedNode();
        alice.Dial(alice);
        await Eventually.Holds(() => alice.Notices.OfType<OneselfThere>().Any(), "alice is told");
        Assert.Empty(alice.Currents);
    }

    [Fact]
    public async Task A_peer_that_leaves_says_so_and_is_found_again()
    {
        await using var alice = new LinkedNode();
        using var identity = NodeIdentity.CreateFresh();
        await using (var bob = new LinkedNode(identity))
        {
            bob.Accept(alice);
            alice.Dial(bob);
            await LinkedNode.AreLinkedAsync(alice, bob);
        }
        await Eventually.Holds(() => !alice.Gone.IsEmpty, "alice saw the end");
        Assert.Equal("leaving", alice.Gone.First().Reason);

        await using var again = new LinkedNode(identity);
        again.Accept(alice);
        alice.Dial(again, pinned: true);
        await LinkedNode.AreLinkedAsync(alice, again);
    }

    [Fact]
    public async Task When_both_dial_at_once_exactly_one_link_survives()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var alice = new LinkedNode();
            await using var bob = new LinkedNode();
            alice.Accept(bob);
            bob.Accept(alice);
            var pinned = round % 2 == 0;
            Parallel.Invoke(() => alice.Dial(bob, pinned), () => bob.Dial(alice, pinned));
            await LinkedNode.AreLinkedAsync(alice, bob);
            await Eventually.Holds(
                () => alice.Currents.Count - alice.Gone.Count == 1 && bob.Currents.Count - bob.Gone.Count == 1,
                "one link is left on both sides");
            await LinkedNode.AreLinkedAsync(alice, bob);
            alice.LinkTo(bob)!.TrySend(Question(1));
            await Eventually.Holds(() => !bob.Frames.IsEmpty, "the survivor carries frames");
        }
    }

    [Fact]
    public async Task Where_a_peer_says_that_it_is_and_this_node_is_hides_not_why_the_peer_cannot_be_reached()
    {
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode();
        var gone = bob.Address;
        await bob.DisposeAsync();
        // An address that every computer has, such as that of a bridge of its own.
        alice.Hub.SetPeers([new DialTarget(gone, bob.Key) { Others = [alice.Address] }]);
        await Eventually.Holds(() => alice.DialFailures.Contains("nobody listens there"), "the reason is told");
        Assert.Empty(alice.Notices);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_sentence()
    {
        await using var alice = new LinkedNode();
        using var identity = NodeIdentity.CreateFresh();
        var thrown = Assert.Throws<CannotStartException>(() => LinkHub.Start(
            new LinkHubOptions(identity, "second", alice.Hub.ListenEndPoint), new LinkCallbacks
            {
                Trust = (_, _, _) => TrustDecision.NotYetAccepted,
                OnCurrent = _ => { },
                OnGone = (_, _) => { },
                OnFrame = (_, _) => ValueTask.CompletedTask,
            }));
        Assert.Contains("in use", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', thrown.Message);
    }

    internal static byte[] Question(long number) =>
        FrameCodec.Write(new AskPageFrame(new TabId(Hash.Of("tab"u8)), Party.Zero, number));
}
