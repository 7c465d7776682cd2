using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Sync;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Tests.Ledgers;

/// <summary>Floods, links that go at a bad moment, bugs, a full disk: nobody waits for ever, nothing fills.</summary>
public sealed class LedgerTroubleTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_frame_that_waits_for_room_is_let_go_when_its_link_is_gone()
    {
        await using var bench = new OneLedger();
        var (link, tab) = (bench.NewLink(), bench.Tab(Asset.Credits));
        var page = new PageFrame(bench.WrongPage(tab, own: false));
        // The loop is woken while the clock stands, so that it stops in a turn of its own and not in one that the flood
        // lends its thread to.
        bench.Time.Stand();
        bench.Ledger.LinkIsCurrent(link);
        var handedIn = 0;
        var flood = FloodAsync(bench.Ledger, link, page, 10_000, () => Interlocked.Increment(ref handedIn));
        await Eventually.Holds(() => Volatile.Read(ref handedIn) == IncomingPages.MaxInHand, "a flood fills its room");
        Assert.False(flood.IsCompleted, "a flood is held back");

        link.Close("replaced");
        bench.Ledger.LinkIsGone(link);

        await flood.WaitAsync(Deadline, Ct);
    }

    [Fact]
    public async Task A_flood_on_a_link_that_is_not_current_is_not_kept()
    {
        await using var bench = new OneLedger();
        var (link, tab) = (bench.NewLink(), bench.Tab(Asset.Credits));
        bench.Time.Stand();

        // More than any inbox holds.
        await FloodAsync(bench.Ledger, link, new PageFrame(bench.WrongPage(tab, own: false)), 10_000)
            .WaitAsync(Deadline, Ct);
    }

    [Fact]
    public async Task Nothing_that_came_behind_a_page_with_a_bad_signature_is_judged()
    {
        await using var bench = new OneLedger();
        var (link, tab) = (await bench.NewBusyLinkAsync(), bench.Tab(Asset.Credits));
        bench.Ledger.LinkIsCurrent(link);
        var wrong = bench.WrongPage(tab, own: true);
        var forged = wrong.Signature.ToArray();
        forged[^1] ^= 1;
        await bench.HelloAsync(link, tab, wrong.Content.Head);

        await bench.Ledger.ReceiveAsync(link, new PageFrame(wrong with { Signature = forged }));
        // Judged, it would stop the tab.
        await bench.Ledger.ReceiveAsync(link, new PageFrame(wrong));
        await bench.Ledger.ReceiveAsync(link, new PingFrame(1));

        Assert.Equal("bad-signature", link.CloseReason);
        // Behind the pages, in the same inbox.
        await bench.Ledger.AskAsync(tab.Terms.Id, OneLedger.Payment(), Ct).WaitAsync(Deadline, Ct);
        Assert.Null(bench.Tab(Asset.Credits).Bug);

        await using var another = new OneLedger();
        var busy = await another.NewBusyLinkAsync();
        another.Ledger.LinkIsCurrent(busy);
        await another.MeetBugAsync(busy, another.Tab(Asset.Credits));
    }

    [Fact]
    public async Task A_peer_that_asks_for_pages_without_end_is_cut_off()
    {
        await using var bench = new OneLedger();
        var (link, tab) = (bench.NewLink(), bench.Tab(Asset.Credits));
        bench.Ledger.LinkIsCurrent(link);
        await bench.HelloAsync(link, tab);
        await Eventually.Holds(
            () => bench.Tab(Asset.Credits).State.Mine.Of(tab.Me).Head.Number == 1, "the opening page is written");

        await FloodAsync(bench.Ledger, link, new AskPageFrame(tab.Terms.Id, tab.Me, 1), 10_000);

        await Eventually.Holds(() => link.CloseReason == "too-many", "the link is closed");
    }

    [Fact]
    public async Task A_bug_in_one_tab_leaves_the_link_and_the_other_tabs_of_the_peer_alone()
    {
        await using var bench = new OneLedger();
        Asset.TryCreate("EUR", 2, out var euro);
        var (link, broken, sound) = (bench.NewLink(), bench.Tab(Asset.Credits), bench.Tab(euro!));
        bench.Ledger.LinkIsCurrent(link);
        await bench.MeetBugAsync(link, broken);
        Assert.NotNull(bench.Tab(Asset.Credits).Trouble);
        Assert.False(bench.Tab(Asset.Credits).Ready);

        await FloodAsync(bench.Ledger, link, new PageFrame(bench.WrongPage(broken, own: false)), 1_000)
            .WaitAsync(Deadline, Ct);
        await bench.HelloAsync(link, sound);

        await Eventually.Holds(() => bench.Tab(euro!).Ready, "the other tab is ready");
        Assert.Null(link.CloseReason);
    }

    [Fact]
    public async Task Whoever_asks_or_cancels_on_a_stopped_tab_gets_an_answer_every_time()
    {
        await using var bench = new OneLedger();
        var (link, tab) = (bench.NewLink(), bench.Tab(Asset.Credits));
        var queued = OneLedger.Payment();
        Assert.IsType<IntentWaiting>((await bench.Ledger.AskAsync(tab.Terms.Id, queued, Ct)).State);
        bench.Ledger.LinkIsCurrent(link);
        await bench.MeetBugAsync(link, tab);

        var asked = await bench.Ledger.AskAsync(tab.Terms.Id, OneLedger.Payment(), Ct).WaitAsync(Deadline, Ct);
        Assert.IsType<IntentRefused>(asked.State);
        for (var time = 0; time < 2; time++)
        {
            await Assert.ThrowsAsync<NodeStoppingException>(() =>
                bench.Ledger.CancelAsync(tab.Terms.Id, queued.RequestId, Ct).WaitAsync(Deadline, Ct));
        }
    }

    [Fact]
    public async Task A_cancellation_that_its_caller_gave_up_does_not_block_the_next()
    {
        await using var bench = new OneLedger();
        var tab = bench.Tab(Asset.Credits).Terms.Id;
        var queued = OneLedger.Payment();
        await bench.Ledger.AskAsync(tab, queued, Ct);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            bench.Ledger.CancelAsync(tab, queued.RequestId, new CancellationToken(canceled: true)));

        var outcome = await bench.Ledger.CancelAsync(tab, queued.RequestId, Ct).WaitAsync(Deadline, Ct);

        Assert.IsType<IntentCancelled>(outcome.State);
    }

    [Fact]
    public async Task Nobody_waits_for_an_answer_that_a_stopped_ledger_cannot_give()
    {
        var bench = new OneLedger();
        var tab = bench.Tab(Asset.Credits).Terms.Id;
        await bench.Ledger.DisposeAsync();

        await Assert.ThrowsAsync<NodeStoppingException>(() =>
            bench.Ledger.AskAsync(tab, OneLedger.Payment(), Ct).WaitAsync(Deadline, Ct));
    }

    [Fact]
    public async Task When_the_disk_is_full_every_caller_hears_of_it_and_the_ledger_stops()
    {
        await using var bench = new OneLedger(mostFilePages: 60);
        var tab = bench.Tab(Asset.Credits).Terms.Id;
        var answers = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => TryAsync(bench.Ledger, tab)))
            .WaitAsync(Deadline, Ct);

        Assert.IsType<StoreFailedException>(await bench.Ledger.Stopped.WaitAsync(Deadline, Ct));
        Assert.Contains(false, answers);
        Assert.Equal(0, bench.Tab(Asset.Credits).State.Mine.Of(bench.Tab(Asset.Credits).Me).Head.Number);
    }

    [Fact]
    public async Task One_request_id_asked_many_times_at_once_is_done_once()
    {
        await using var bench = new OneLedger();
        Asset.TryCreate("EUR", 2, out var euro);
        var (one, other) = (bench.Tab(Asset.Credits).Terms.Id, bench.Tab(euro!).Terms.Id);
        for (var round = 0; round < 50; round++)
        {
            var payment = OneLedger.Payment();
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(
                () => bench.Ledger.AskAsync(number % 2 == 0 ? one : other, payment, Ct), Ct)));

            Assert.Single(outcomes, outcome => !outcome.Repeated);
            // All that asked on the tab that came first hear its answer, the rest that the id is taken.
            Assert.Equal(10, outcomes.Count(outcome => outcome.State is IntentWaiting));
        }
        Assert.Equal(50, bench.Ledger.Tabs.Sum(tab => tab.WaitingCount));
    }

    [Fact]
    public async Task A_wish_that_is_cancelled_while_it_is_asked_ends_in_one_state_for_everybody()
    {
        await using var bench = new OneLedger();
        var tab = bench.Tab(Asset.Credits).Terms.Id;
        for (var round = 0; round < 100; round++)
        {
            var payment = OneLedger.Payment();
            var asking = Task.Run(() => bench.Ledger.AskAsync(tab, payment, Ct), Ct);
            var cancelling = Task.Run(() => TryCancelAsync(bench.Ledger, tab, payment), Ct);
            var (asked, cancelled) = (await asking, await cancelling);

            var now = await bench.Ledger.AskAsync(tab, payment, Ct);
            Assert.True(now.Repeated);
            Assert.True(cancelled is null || cancelled.GetType() == now.State.GetType());
            Assert.True(asked.State is IntentWaiting || asked.State.GetType() == now.State.GetType());
        }
    }

    [Fact]
    public async Task A_wish_that_waits_for_others_is_done_although_none_come_and_the_peer_says_nothing()
    {
        await using var bench = new OneLedger();
        var (link, tab) = (bench.NewLink(), bench.Tab(Asset.Credits));
        bench.Ledger.LinkIsCurrent(link);
        await bench.HelloAsync(link, tab);
        await Eventually.Holds(() => bench.Tab(Asset.Credits).Ready, "the tab is ready");
        // Whoever asks alone waits only if it does so at once. More rounds would fill the window.
        for (var round = 0; round < 15; round++)
        {
            // The loop stands in its turn, so that several come to share a page.
            bench.Time.Stand();
            var together = Enumerable.Range(1, 8).Select(AskForLimitAsync).ToArray();
            bench.Time.Go();
            var outcomes = await Task.WhenAll([
                .. together,
                Task.WhenAny(together).ContinueWith(_ => AskForLimitAsync(9), TaskScheduler.Default).Unwrap(),
            ]).WaitAsync(Deadline, Ct);

            Assert.All(outcomes, outcome => Assert.IsType<IntentDone>(outcome.State));
        }

        Task<IntentOutcome> AskForLimitAsync(int units) =>
            bench.Ledger.AskAsync(tab.Terms.Id, OneLedger.LimitOf(units), Ct);
    }

    private static async Task FloodAsync(
        Ledger ledger, PeerLink link, Frame frame, int times, Action? handedIn = null)
    {
        await Task.Yield();
        for (var time = 0; time < times; time++)
        {
            await ledger.ReceiveAsync(link, frame);
            handedIn?.Invoke();
        }
    }

    private static async Task<bool> TryAsync(Ledger ledger, Core.Tabs.TabId tab)
    {
        try
        {
            await ledger.AskAsync(tab, OneLedger.Payment(), CancellationToken.None);
            return true;
        }
        catch (Exception failed) when (failed is NodeStoppingException or StoreFailedException)
        {
            return false;
        }
    }

    private static async Task<IntentState?> TryCancelAsync(Ledger ledger, Core.Tabs.TabId tab, Intent wish)
    {
        try
        {
            return (await ledger.CancelAsync(tab, wish.RequestId, CancellationToken.None)).State;
        }
        catch (KeyNotFoundException)
        {
            // It was not asked yet.
            return null;
        }
    }
}
