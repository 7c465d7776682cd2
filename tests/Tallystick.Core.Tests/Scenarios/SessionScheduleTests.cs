using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>
/// Schedules of links, restarts and lost books, each of which broke a simpler rule. Whatever happens, both halves are
/// equal in the end and every wish is on one page.
/// </summary>
public sealed class SessionScheduleTests
{
    private static readonly Asset Euro = Asset.TryCreate("EUR", 2, out var euro) ? euro : throw new FormatException();

    private readonly Bench bench = new();

    [Theory]
    [InlineData(Party.Zero, true)]
    [InlineData(Party.Zero, false)]
    [InlineData(Party.One, true)]
    [InlineData(Party.One, false)]
    public void Schedule_1_a_node_loses_its_book_and_gets_it_back(Party loser, bool linked)
    {
        bench.Settle();
        bench.Pay(Party.Zero, 10);
        bench.Pay(Party.One, 4);
        bench.Settle();
        if (!linked)
            bench.Cut();
        bench.Node(loser).Kill();
        bench.Node(loser).Tabs.Clear();
        bench.Node(loser).Start();
        if (linked)
        {
            // The book is gone and the tab unknown, so only the other side's Hello can bring it back.
            bench.Settle();
        }
        else
        {
            bench.Node(loser).Open(Bench.Terms(Asset.Credits));
            bench.Settle();
        }

        Assert.Equal(-6, bench.A.Tab.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Theory]
    [InlineData(Party.Zero)]
    [InlineData(Party.One)]
    public void Schedule_1_a_second_asset_is_opened_by_either_side_on_the_link_that_stands(Party opener)
    {
        bench.Settle();
        bench.Node(opener).Open(Bench.Terms(Euro));
        bench.Node(opener).Send();
        bench.Pay(opener, 7, tab: 1);
        bench.Settle();
        bench.Pay(opener.Other(), 2, tab: 1);
        bench.Settle();

        Assert.Equal(2, bench.Node(opener.Other()).Tabs.Count);
        Assert.Equal(-5, bench.Node(opener).Tabs[1].Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Schedule_2_both_dial_and_the_own_dial_is_proven_after_the_accepted_link_was_taken(bool deliverFirst)
    {
        bench.Settle();
        bench.Cut();
        bench.Pay(Party.Zero, 3);
        bench.Pay(Party.One, 5);
        // Both links are numbered before either is taken: the Hello on the first fences the second.
        var accepted = bench.Dial();
        var dialled = bench.Dial();
        bench.A.Take(accepted);
        if (deliverFirst)
            bench.Deliver(accepted, Party.One);
        bench.A.Take(dialled);
        Assert.Contains(bench.A.Closed, close => close.Reason == Rejections.StaleHello.Name);
        bench.Settle();

        Assert.Equal(2, bench.A.Tab.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Schedule_3_key0_moves_to_a_new_link_that_dies_at_once(int framesDelivered)
    {
        bench.Settle();
        bench.Pay(Party.Zero, 3);
        bench.Pay(Party.One, 5);
        var link = bench.Dial();
        bench.A.Take(link);
        bench.Deliver(link, Party.One, framesDelivered);
        link.IsDead = true;
        bench.Settle();

        Assert.Equal(2, bench.A.Tab.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Fact]
    public void Schedule_4_each_side_holds_another_dead_link_until_the_ping_frees_both()
    {
        bench.Settle();
        var old = bench.B.Current!;
        var link = bench.Dial();
        bench.A.Take(link);
        old.IsDead = true;
        link.IsDead = true;
        Assert.NotSame(bench.A.Current, bench.B.Current);
        bench.Pay(Party.Zero, 3);
        bench.Settle();

        Assert.Equal(3, bench.B.Tab.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    public void Schedule_5_two_instances_wrote_and_the_peers_page_that_saw_the_other_comes_first(int mine, int others)
    {
        bench.Settle();
        var copy = bench.A.Tab.Disk;
        for (var i = 0; i < mine; i++)
            bench.Pay(Party.Zero, 1);
        var first = bench.A.Tab.Disk;
        bench.LoseFrames();
        bench.A.Kill();
        bench.A.Tab.Disk = copy;
        bench.A.Start();
        for (var i = 0; i < others; i++)
        {
            bench.Settle();
            bench.Pay(Party.Zero, 10);
            bench.Settle();
            bench.Pay(Party.One, 100);
            bench.Settle();
        }
        bench.A.Kill();
        bench.A.Tab.Disk = first;
        bench.A.Start();
        bench.Settle();

        Assert.Equal((100 * others) - mine - (10 * others), bench.A.Tab.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Fact]
    public void Schedule_6_a_stale_hello_on_a_link_that_is_not_current_opens_nothing_and_disturbs_nothing()
    {
        bench.Settle();
        var stale = bench.Dial();
        var current = bench.Connect();
        var before = bench.B.Tab.State;
        stale.To(Party.One).Enqueue(new HelloFrame(HelloOf(Bench.Terms(Euro), stale)));
        bench.Deliver(stale, Party.One);
        Assert.Single(bench.B.Tabs);

        // Even if it came through, the tab's own floor keeps it out.
        bench.B.Tab.Receive(stale.Numbers[1], stale.Binding, new HelloFrame(HelloOf(bench.A.Tab.Terms, stale)));
        Assert.Equal(current.Numbers[1], bench.B.Tab.State.Session!.Link);
        Assert.Equal(before, bench.B.Tab.State);
        bench.B.Send();
        Assert.Contains(bench.B.Closed, close => close.Link == stale.Numbers[1]);
        bench.Pay(Party.Zero, 3);
        bench.Settle();

        Assert.Equal(3, bench.B.Tab.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Fact]
    public void Schedule_7_one_bad_frame_closes_the_link_and_all_its_tabs_come_back_on_the_next()
    {
        bench.A.Open(Bench.Terms(Euro));
        bench.Settle();
        bench.Pay(Party.Zero, 3, tab: 1);
        bench.Pay(Party.One, 4);
        var gap = Hostile.Page(bench.A.Tab, page => page with { Number = page.Number + 5 });
        bench.A.Current!.To(Party.One).Enqueue(new PageFrame(gap));
        bench.Pay(Party.Zero, 5);
        bench.Settle();

        Assert.Contains(bench.B.Closed, close => close.Reason == Rejections.Gap.Name);
        Assert.Equal(5 - 4, bench.B.Tab.Balance);
        Assert.Equal(3, bench.B.Tabs[1].Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Schedule_8_an_old_book_is_restored_while_frames_of_the_earlier_link_are_on_their_way(bool early)
    {
        bench.Settle();
        var old = bench.A.Tab.Disk;
        bench.Pay(Party.Zero, 3);
        bench.Settle();
        bench.Pay(Party.One, 20);
        bench.Pay(Party.One, 50);
        var earlier = bench.A.Current!;
        bench.A.Kill();
        bench.A.Tab.Disk = old;
        bench.A.Start();
        if (early)
            bench.Deliver(earlier, Party.Zero);
        var link = bench.Connect();
        bench.Deliver(link, Party.Zero, 1);
        bench.Deliver(earlier, Party.Zero);
        bench.Deliver(earlier, Party.One);
        bench.Settle();

        Assert.Equal(67, bench.A.Tab.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Fact]
    public void While_heads_differ_nothing_is_written_judged_or_stored_but_the_evidence()
    {
        bench.Settle();
        var copy = bench.A.Tab.Disk;
        bench.Pay(Party.Zero, 1);
        bench.Pay(Party.Zero, 1);
        var first = bench.A.Tab.Disk;
        bench.LoseFrames();
        bench.A.Kill();
        bench.A.Tab.Disk = copy;
        bench.A.Start();
        bench.Settle();
        bench.Pay(Party.Zero, 10);
        bench.Settle();
        bench.A.Kill();
        bench.A.Tab.Disk = first;
        bench.A.Start();
        // The peer's page comes before the one that it saw, which only the evidence can show.
        bench.Pay(Party.One, 100);
        var link = bench.Connect();
        bench.Deliver(link, Party.Zero, 1);
        Assert.True(bench.A.Tab.State.Session!.Disputed);
        var wish = bench.Pay(Party.Zero, 5);
        Assert.IsType<IntentWaiting>(bench.A.Tab.Disk.Intents[wish]);
        Assert.Equal(first.Pages, bench.A.Tab.Disk.Pages);
        bench.Settle();

        Assert.Equal(100 - 17, bench.A.Tab.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Fact]
    public void A_frame_of_a_link_that_was_left_neither_counts_nor_disturbs_the_session_that_stands()
    {
        bench.Settle();
        var (old, book) = (bench.A.Current!, bench.A.Tab.Disk);
        bench.Pay(Party.Zero, 3);
        var late = old.To(Party.One).ToArray();
        old.To(Party.One).Clear();
        Assert.NotEmpty(late.OfType<PageFrame>());
        bench.A.Kill();
        bench.A.Tab.Disk = book;
        bench.A.Start();
        bench.Settle();
        var before = bench.B.Tab.State;
        Assert.NotNull(before.Session!.Theirs);
        foreach (var frame in late)
            bench.B.Tab.Receive(old.Numbers[1], old.Binding, frame);
        bench.B.Send();

        Assert.Equal(before, bench.B.Tab.State);
        Assert.NotNull(bench.B.Current);
        Assert.Equal(0, bench.B.Tab.Balance);
    }

    [Fact]
    public void A_withheld_page_and_the_one_written_instead_rest_on_different_sessions()
    {
        bench.Settle();
        var (a, b) = (bench.A.Tab.Disk, bench.B.Tab.Disk);
        bench.Pay(Party.Zero, 3);
        bench.Settle();
        var withheld = bench.B.Tab.Disk.Pages[Party.Zero];
        foreach (var node in bench.Both)
        {
            node.Kill();
            node.Tab.Disk = node.Me == Party.Zero ? a : b;
            node.Start();
        }
        bench.Settle();
        bench.Pay(Party.Zero, 7);
        bench.Settle();

        var number = a.Pages[Party.Zero].Length;
        var (one, other) = (withheld[number].Page, bench.B.Tab.Disk.Pages[Party.Zero][number].Page);
        Assert.Equal(one.Number, other.Number);
        Assert.NotEqual(one.Basis, other.Basis);
        Assert.Equal(7, bench.B.Tab.Balance);
    }

    private static SignedHello HelloOf(TabTerms terms, BenchLink link) => new(
        HelloCodec.Encode(new Hello
        {
            Tab = terms.Id,
            Asset = terms.Asset,
            Author = Party.Zero,
            Mine = Head.Empty(terms.Id),
            Held = Head.Empty(terms.Id),
            Era = Head.Empty(terms.Id),
            Link = link.Binding,
            RunId = Hash.Of("stale"u8),
            FoldVersion = Readiness.FoldVersion,
        }),
        new byte[SignedPage.SignatureSize]);
}
