using Tallystick.Core.Links;
using Tallystick.Core.Sync;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

public sealed class CutTests
{
    [Fact]
    public async Task A_link_that_is_cut_comes_back_each_time()
    {
        await using var alice = new LinkedNode();
        await using var bob = new LinkedNode();
        await using var line = new TcpProxy(bob);
        bob.Accept(alice);
        alice.Dial(line.Address, bob.Key);
        for (var cut = 0; cut < 5; cut++)
        {
            await LinkedNode.AreLinkedAsync(alice, bob);
            var before = alice.LinkTo(bob)!;
            line.Cut();
            await Eventually.Holds(() => alice.Gone.Any(g => g.Link == before), "the cut was noticed");
        }
        await LinkedNode.AreLinkedAsync(alice, bob);
        alice.LinkTo(bob)!.TrySend(LinkingTests.Question(7));
        await Eventually.Holds(() => bob.Frames.Any(f => f.Number == 7), "frames flow again");
    }

    // Schedule 4 of the protocol: nothing is said on the line, and neither side has anything to send.
    [Fact]
    public async Task A_line_that_swallows_everything_is_given_up_by_both_and_replaced()
    {
        var time = new FastTime(20);
        await using var alice = new LinkedNode(time: time);
        await using var bob = new LinkedNode(time: time);
        await using var line = new TcpProxy(bob);
        bob.Accept(alice);
        alice.Dial(line.Address, bob.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);

        line.Swallow();
        await Eventually.Holds(
            () => alice.Gone.Concat(bob.Gone).Count(g => g.Reason == ByeReasons.Silent) == 2,
            "both gave the link up");
        line.Heal();
        await LinkedNode.AreLinkedAsync(alice, bob);
    }

    [Fact]
    public async Task A_quiet_link_is_kept_alive_by_pings()
    {
        var time = new FastTime(100);
        await using var alice = new LinkedNode(time: time);
        await using var bob = new LinkedNode(time: time);
        bob.Accept(alice);
        alice.Dial(bob);
        await LinkedNode.AreLinkedAsync(alice, bob);
        var started = Clock.NowMs(time);
        await Eventually.Holds(() => Clock.NowMs(time) - started > 120_000, "two minutes pass");
        Assert.Empty(alice.Gone);
        Assert.Empty(bob.Gone);
    }

    [Fact]
    public async Task A_second_process_with_the_same_key_is_refused_while_the_first_lives()
    {
        using var identity = NodeIdentity.CreateFresh();
        await using var alice = new LinkedNode(identity);
        await using var copy = new LinkedNode(identity);
        await using var bob = new LinkedNode();
        bob.Accept(alice);
        alice.Dial(bob);
        await LinkedNode.AreLinkedAsync(alice, bob);
        var first = bob.LinkTo(alice);

        copy.Dial(bob);
        await Eventually.Holds(() => copy.Notices.OfType<SecondInstanceHere>().Any(), "the copy is told");
        await Eventually.Holds(() => bob.Notices.OfType<SecondInstanceThere>().Any(), "bob is told");
        Assert.Same(first, bob.LinkTo(alice));
        Assert.Empty(bob.Gone);
    }

    [Fact]
    public async Task A_new_process_takes_over_when_the_old_one_does_not_answer()
    {
        using var identity = NodeIdentity.CreateFresh();
        var time = new FastTime(10);
        await using var bob = new LinkedNode(time: time);
        await using var line = new TcpProxy(bob);
        await using var alice = new LinkedNode(identity, time);
        bob.Accept(alice);
        alice.Dial(line.Address, bob.Key);
        await LinkedNode.AreLinkedAsync(alice, bob);

        line.Swallow();
        await using var restarted = new LinkedNode(identity, time);
        restarted.Dial(bob);
        await LinkedNode.AreLinkedAsync(restarted, bob);
        Assert.Equal(ByeReasons.Silent, bob.Gone.First().Reason);
    }

    [Fact]
    public async Task A_peer_that_stops_reading_is_cut_off_before_it_fills_the_memory()
    {
        var never = new TaskCompletionSource();
        var limits = new LinkLimits { QueuedBytes = 1 << 20, QueuedBytesBeforeWaiting = 1 << 18 };
        await using var alice = new LinkedNode(limits: limits);
        var bob = new LinkedNode(onFrame: (_, _) => new ValueTask(never.Task));
        bob.Accept(alice);
        alice.Dial(bob);
        await LinkedNode.AreLinkedAsync(alice, bob);

        var link = alice.LinkTo(bob)!;
        link.TrySend(LinkingTests.Question(1));
        var sent = 0;
        while (link.TrySend(new byte[65_536]))
            Assert.True(++sent < 1_000, "The queue must be bounded.");
        Assert.Equal(ByeReasons.TooMany, link.CloseReason);
        Assert.False(await link.SendAsync(LinkingTests.Question(2), TestContext.Current.CancellationToken));
        await Eventually.Holds(() => alice.Gone.Any(g => g.Reason == ByeReasons.TooMany), "alice closed the link");
        never.SetResult();
        await bob.DisposeAsync();
    }

    [Fact]
    public async Task A_long_resend_waits_for_room_and_arrives_whole()
    {
        var received = 0;
        ValueTask Count(PeerLink link, Frame frame)
        {
            Interlocked.Increment(ref received);
            return ValueTask.CompletedTask;
        }

        var limits = new LinkLimits { QueuedBytes = 1 << 16, QueuedBytesBeforeWaiting = 1 << 12 };
        await using var alice = new LinkedNode(limits: limits);
        await using var bob = new LinkedNode(onFrame: Count);
        bob.Accept(alice);
        alice.Dial(bob);
        await LinkedNode.AreLinkedAsync(alice, bob);
        var link = alice.LinkTo(bob)!;
        for (var i = 0; i < 20_000; i++)
            Assert.True(await link.SendAsync(LinkingTests.Question(i), TestContext.Current.CancellationToken));
        await Eventually.Holds(() => Volatile.Read(ref received) == 20_000, "everything arrived");
    }
}
