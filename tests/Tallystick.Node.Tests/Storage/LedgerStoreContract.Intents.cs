using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Tests.Storage;

public abstract partial class LedgerStoreContract
{
    private static readonly Refusal OverLimit = new(Rejections.OverLimit, "Only 3.00 more is possible.");

    [Fact]
    public void Intents_wait_in_the_order_in_which_they_were_asked()
    {
        var wishes = Enumerable.Range(0, 5).Select(_ => tab.Wish()).ToList();
        using (var store = Open())
        {
            store.Commit([tab.Ask(wishes[0], wishes[1])]);
            store.Commit([tab.Ask(wishes[2])]);
        }
        using (var store = Open())
        {
            store.Commit([tab.Ask(wishes[3], wishes[0]), tab.Ask(wishes[4])]);
            Assert.Equal(wishes.Select(wish => wish.RequestId), WaitingIds(store));
            AssertSame(wishes[4], store.LoadTabs()[0].Waiting[4]);
        }
    }

    [Fact]
    public void A_waiting_intent_is_done_by_the_own_page_that_carries_it_and_waits_no_more()
    {
        var (wish, left) = (tab.Wish(), tab.Wish());
        using var store = Open();
        store.Commit([tab.Ask(wish, left)]);
        store.Commit([tab.Write(tab.Pay(), TabScript.Pay(wish.RequestId))]);

        var done = store.FindIntent(wish.RequestId);
        Assert.NotNull(done);
        Assert.Equal(new IntentDone(new Ref(1, 1)), done.State);
        Assert.Equal([TabScript.Pay(wish.RequestId)], done.Lines);
        Assert.Equal(tab.Own[0].Page.TimeMs, done.AskedMs);
        Assert.Equal(tab.Id, done.Tab);
        Assert.Equal([left.RequestId], WaitingIds(store));
    }

    [Fact]
    public void Every_id_on_an_own_page_is_done_and_none_on_a_page_of_the_peer()
    {
        using var store = Open();
        var known = tab.Wish();
        store.Commit([tab.Ask(known)]);
        store.Commit([tab.Write(tab.Pay(), tab.Pay()), tab.Receive(tab.Pay(), TabScript.Pay(known.RequestId))]);

        Assert.Equal(new IntentDone(new Ref(1, 0)), StateOf(store, tab.Own[0].Page.Lines[0].RequestId));
        Assert.Equal(new IntentDone(new Ref(1, 1)), StateOf(store, tab.Own[0].Page.Lines[1].RequestId));
        Assert.Null(store.FindIntent(tab.Theirs[0].Page.Lines[0].RequestId));
        Assert.Equal(new IntentWaiting(), StateOf(store, known.RequestId));
    }

    [Fact]
    public void A_group_is_done_at_its_first_line_and_keeps_all_its_lines()
    {
        var (first, second) = (tab.Pay(), new WithdrawLine(default, new Ref(1, 0)));
        var group = new Intent(first.RequestId, [first, second with { RequestId = first.RequestId }], 5, null);
        using var store = Open();
        store.Commit([tab.Ask(group)]);
        AssertSame(group, store.LoadTabs()[0].Waiting[0]);
        store.Commit([tab.Write([tab.Pay(), .. group.Lines, tab.Pay()])]);

        Assert.Equal(new IntentDone(new Ref(1, 1)), StateOf(store, group.RequestId));
        Assert.Equal(group.Lines, store.FindIntent(group.RequestId)!.Lines);
    }

    [Fact]
    public void What_begins_to_wait_and_is_written_at_once_is_done()
    {
        var wish = tab.Wish();
        using var store = Open();
        var commit = tab.Write(wish.Lines[0]);
        store.Commit([commit with { Write = commit.Write with { Intents = [TabScript.Waiting(wish)] } }]);

        Assert.Equal(new IntentDone(new Ref(1, 0)), StateOf(store, wish.RequestId));
        Assert.Empty(store.LoadTabs()[0].Waiting);
    }

    [Fact]
    public void A_cancelled_intent_stays_cancelled_and_one_that_is_written_cannot_be_cancelled()
    {
        var (taken, written) = (tab.Wish(), tab.Wish());
        using var store = Open();
        store.Commit([tab.Ask(taken, written)]);
        store.Commit([tab.Change(Cancelled(taken))]);
        store.Commit([tab.Change(Cancelled(taken)), tab.Write(written.Lines[0])]);

        Assert.Throws<StoreConflictException>(() => store.Commit([tab.Change(Cancelled(written))]));
        Assert.Throws<StoreConflictException>(() => store.Commit([tab.Ask(taken)]));
        Assert.Throws<StoreConflictException>(() => store.Commit([tab.Change(Refused(taken))]));
        Assert.Throws<StoreConflictException>(() => store.Commit([tab.Change(Cancelled(tab.Wish()))]));

        Assert.Equal(new IntentCancelled(), StateOf(store, taken.RequestId));
        Assert.Equal(taken.Lines, store.FindIntent(taken.RequestId)!.Lines);
        Assert.Equal(new IntentDone(new Ref(1, 0)), StateOf(store, written.RequestId));
    }

    [Fact]
    public void A_new_page_never_repeats_what_has_ended_and_one_that_came_back_says_what_became_of_it()
    {
        var (done, cancelled, asked) = (tab.Wish(), tab.Wish(), tab.Wish());
        using var store = Open();
        store.Commit([tab.Write(done.Lines[0]), tab.Ask(cancelled, asked)]);
        store.Commit([tab.Change(Cancelled(cancelled))]);

        Refuses(new TabScript(2).Write(done.Lines[0]));
        Refuses(new TabScript(3).Write(cancelled.Lines[0]));
        Refuses(new TabScript(4).Write(TabScript.Pay(done.RequestId), asked.Lines[0]));
        Assert.Equal(new IntentWaiting(), StateOf(store, asked.RequestId));
        store.Commit([Returned(tab.Write(done.Lines[0], cancelled.Lines[0], asked.Lines[0]))]);
        Assert.Equal(new IntentDone(new Ref(1, 0)), StateOf(store, done.RequestId));
        Assert.Equal(new IntentDone(new Ref(2, 1)), StateOf(store, cancelled.RequestId));
        Assert.Equal(new IntentDone(new Ref(2, 2)), StateOf(store, asked.RequestId));
        Refuses(tab.Write(asked.Lines[0]));

        void Refuses(TabCommit commit) =>
            Assert.Contains("Intent", Assert.Throws<StoreConflictException>(() => store.Commit([commit])).Message);

        static TabCommit Returned(TabCommit commit) => commit with
        {
            Write = commit.Write with
            {
                Pages = [.. commit.Write.Pages.Select(page => page with { IsReturned = true })],
            },
        };
    }

    [Fact]
    public void An_intent_that_is_cancelled_before_it_ever_waited_is_kept_with_its_lines()
    {
        var wish = tab.Wish();
        using var store = Open();
        store.Commit([tab.Change(Cancelled(wish) with { Intent = wish })]);

        Assert.Equal(new IntentCancelled(), StateOf(store, wish.RequestId));
        Assert.Equal(wish.Lines, store.FindIntent(wish.RequestId)!.Lines);
    }

    [Fact]
    public void A_refusal_is_kept_with_its_reason_whether_the_intent_waited_or_not()
    {
        var (waited, direct) = (tab.Wish(), tab.Wish());
        using var store = Open();
        store.Commit([tab.Ask(waited)]);
        store.Commit([tab.Change(Refused(waited), Refused(direct) with { Intent = direct })]);

        foreach (var wish in (Intent[])[waited, direct])
        {
            var found = store.FindIntent(wish.RequestId);
            Assert.NotNull(found);
            Assert.Equal(new IntentRefused(OverLimit), found.State);
            Assert.Equal(wish.Lines, found.Lines);
            Assert.Equal(wish.AskedMs, found.AskedMs);
        }
        Assert.Empty(store.LoadTabs()[0].Waiting);
    }

    [Fact]
    public void An_id_of_one_tab_cannot_be_asked_on_another()
    {
        var other = new TabScript(2);
        var wish = tab.Wish();
        using var store = Open();
        store.Commit([tab.Ask(wish), other.Ask(other.Wish())]);

        Assert.Throws<StoreConflictException>(() => store.Commit([other.Ask(wish)]));
        Assert.Throws<StoreConflictException>(() => store.Commit([other.Change(Cancelled(wish))]));
        Assert.Equal(tab.Id, store.FindIntent(wish.RequestId)!.Tab);
    }

    [Fact]
    public void Unsigned_intents_of_several_tabs_are_read_newest_first()
    {
        var other = new TabScript(2);
        var third = new TabScript(3);
        var (a, b, c, d) = (tab.Wish(), other.Wish(), tab.Wish(), other.Wish());
        using var store = Open();
        store.Commit([tab.Ask(a), other.Ask(b), third.Ask(third.Wish())]);
        store.Commit([tab.Change(Refused(c) with { Intent = c }), other.Ask(d)]);
        store.Commit([tab.Change(Cancelled(a)), other.Write(b.Lines[0])]);

        var read = store.ReadUnsignedIntents([tab.Id, other.Id], 10);
        Assert.Equal([d.RequestId, c.RequestId, a.RequestId], read.Select(intent => intent.RequestId));
        Assert.Equal(
            [new IntentWaiting(), new IntentRefused(OverLimit), new IntentCancelled()], read.Select(i => i.State));
        Assert.Equal([other.Id, tab.Id, tab.Id], read.Select(intent => intent.Tab));
        Assert.Equal([d.RequestId], store.ReadUnsignedIntents([tab.Id, other.Id], 1).Select(i => i.RequestId));
    }

    [Fact]
    public void Cutting_the_own_tail_makes_its_intents_wait_again_ahead_of_the_others()
    {
        var (kept, first, second, waiting) = (tab.Wish(), tab.Wish(), tab.Wish(), tab.Wish());
        using var store = Open();
        store.Commit([tab.Ask(kept, first, second, waiting)]);
        store.Commit([tab.Write(kept.Lines[0]), tab.Write(first.Lines[0]), tab.Write(second.Lines[0])]);
        store.Commit([tab.CutAfter(1, TabScript.Waiting(first), TabScript.Waiting(second))]);

        Assert.Equal([first.RequestId, second.RequestId, waiting.RequestId], WaitingIds(store));
        Assert.Equal(first.Lines, store.LoadTabs()[0].Waiting[0].Lines);
        Assert.Equal(new IntentDone(new Ref(1, 0)), StateOf(store, kept.RequestId));
        Assert.Null(store.FindPageHash(tab.Id, tab.Me, 2));
        AssertSame(tab.Snapshot, store.LoadTabs()[0].Snapshot);

        store.Commit([tab.Write(second.Lines[0])]);
        Assert.Equal(new IntentDone(new Ref(2, 0)), StateOf(store, second.RequestId));
        Assert.Equal(4, store.ReadPages(tab.Id, tab.Me, 2, 1)[0].Sequence);
    }

    [Fact]
    public void The_order_that_a_cut_lists_is_the_order_and_what_it_says_of_an_intent_holds()
    {
        var (first, second, waiting) = (tab.Wish(), tab.Wish(), tab.Wish());
        using var store = Open();
        store.Commit([tab.Ask(first, second, waiting)]);
        store.Commit([tab.Write(first.Lines[0]), tab.Write(second.Lines[0])]);
        store.Commit([tab.CutAfter(0, [.. new[] { waiting, second, first }.Select(TabScript.Waiting)])]);

        Assert.Equal([waiting.RequestId, second.RequestId, first.RequestId], WaitingIds(store));
        AssertSame(first, store.LoadTabs()[0].Waiting[2]);
    }

    [Fact]
    public void An_intent_of_a_cut_page_may_be_refused_and_one_that_the_cut_does_not_name_is_on_no_page()
    {
        var (refused, unnamed) = (tab.Wish(), tab.Wish());
        using var store = Open();
        store.Commit([tab.Ask(refused), tab.Write(tab.Pay()), tab.Write(refused.Lines[0], unnamed.Lines[0])]);
        store.Commit([tab.CutAfter(1, Refused(refused) with { Intent = refused })]);

        Assert.Equal(new IntentRefused(OverLimit), StateOf(store, refused.RequestId));
        Assert.Null(store.FindIntent(unnamed.RequestId));
        Assert.Equal(new IntentDone(new Ref(1, 0)), StateOf(store, tab.Own[0].Page.Lines[0].RequestId));
    }

    [Fact]
    public void A_page_taken_back_after_a_cut_fulfils_the_intent_that_waits_again()
    {
        var wish = tab.Wish();
        using var store = Open();
        store.Commit([tab.Write(wish.Lines[0])]);
        var cut = tab.CutAfter(0, TabScript.Waiting(wish));
        var back = tab.Write(tab.Pay(), wish.Lines[0]);
        store.Commit([cut with { Write = cut.Write with { Pages = back.Write.Pages, After = back.Write.After } }]);

        Assert.Equal(new IntentDone(new Ref(1, 1)), StateOf(store, wish.RequestId));
        Assert.Empty(store.LoadTabs()[0].Waiting);
    }

    private IEnumerable<RequestId> WaitingIds(ILedgerStore store) =>
        store.LoadTabs().Single(loaded => loaded.Terms.Id == tab.Id).Waiting.Select(intent => intent.RequestId);

    private static IntentState? StateOf(ILedgerStore store, RequestId id) => store.FindIntent(id)?.State;

    private static IntentChange Cancelled(Intent intent) => new(intent.RequestId, new IntentCancelled(), null);

    private static IntentChange Refused(Intent intent) => new(intent.RequestId, new IntentRefused(OverLimit), null);
}
