using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Tests.Storage;

public abstract partial class LedgerStoreContract
{
    [Fact]
    public void After_a_reset_both_chains_go_on_over_a_gap_and_the_pages_before_it_stay()
    {
        var lost = tab.Pay();
        var (kept, wish) = (tab.Pay(), tab.Wish());
        using (var store = Open())
        {
            store.Commit([tab.Write(kept), tab.Receive(tab.Pay()), tab.Ask(wish)]);
            store.Commit([tab.Write(lost)]);
            store.Commit([tab.Reset(voidPages: 1, Voided(lost))]);
            AssertSame(tab.Snapshot, store.LoadTabs()[0].Snapshot);
            Assert.Empty(store.LoadTabs()[0].Unseen);
            store.Commit([tab.WritePages(2), tab.Receive(tab.Pay())]);
            store.Commit([tab.WritePages(1)]);
        }

        using var reopened = Open();
        var loaded = Assert.Single(reopened.LoadTabs());
        AssertSame(tab.Snapshot, loaded.Snapshot);
        AssertSame(wish, Assert.Single(loaded.Waiting));
        AssertSame(tab.Own.TakeLast(1), loaded.Unseen);
        AssertSame(tab.Own, reopened.ReadPages(tab.Id, tab.Me, 1, 100).Select(stored => stored.Page));
        AssertSame(tab.Theirs, reopened.ReadPages(tab.Id, tab.Me.Other(), 1, 100).Select(stored => stored.Page));
        Assert.Equal([1, 102, 103, 104], tab.Own.Select(page => page.Page.Number));
        Assert.Equal([1, 202], tab.Theirs.Select(page => page.Page.Number));
        Assert.IsType<IntentDone>(reopened.FindIntent(kept.RequestId)?.State);
        var refused = Assert.IsType<IntentRefused>(reopened.FindIntent(lost.RequestId)?.State);
        Assert.Equal("voided", refused.Refusal.Why.Name);
    }

    [Fact]
    public void Every_reset_comes_back_with_both_signatures_in_order()
    {
        using (var store = Open())
        {
            store.Commit([tab.Write(tab.Pay()), tab.Reset(), tab.Write(tab.Pay()), tab.Reset()]);
            store.Commit([tab.Reset(), tab.Write(tab.Pay())]);
        }

        using var reopened = Open();
        var snapshot = reopened.LoadTabs()[0].Snapshot;
        Assert.Equal([1, 2, 3], snapshot.Resets.Select(reset => reset.Reset.Era));
        AssertSame(tab.Snapshot, snapshot);
        reopened.Commit([tab.Write(tab.Pay())]);
        AssertSame(tab.Snapshot, reopened.LoadTabs()[0].Snapshot);
    }

    [Fact]
    public void A_reset_that_does_not_end_where_the_pages_end_leaves_nothing()
    {
        using var store = Open();
        store.Commit([tab.WritePages(2)]);
        var before = tab.Snapshot;
        var page = tab.Write(tab.Pay());
        var reset = tab.Reset();
        var next = tab.Write(tab.Pay());
        var second = tab.Reset();

        // The page before it is missing, its own era is, a signature is.
        Assert.Throws<StoreConflictException>(() => store.Commit([reset]));
        Assert.Throws<StoreConflictException>(() => store.Commit([page, second]));
        Assert.Throws<StoreConflictException>(() => store.Commit([page, next]));
        Assert.Throws<StoreConflictException>(() => store.Commit([page, reset, reset]));
        foreach (var party in new[] { Party.Zero, Party.One })
        {
            var unsigned = reset.Write with { Reset = reset.Write.Reset!.With(party, default) };
            Assert.Throws<StoreConflictException>(() => store.Commit([page, reset with { Write = unsigned }]));
        }
        AssertSame(before, store.LoadTabs()[0].Snapshot);

        store.Commit([page, reset, next, second]);
        AssertSame(tab.Snapshot, store.LoadTabs()[0].Snapshot);
    }

    [Fact]
    public void A_page_of_the_era_before_is_not_stored_after_a_reset()
    {
        var twin = new TabScript();
        using var store = Open();
        store.Commit([tab.Write(tab.Pay()), tab.Reset()]);
        _ = twin.Write(twin.Pay());

        Assert.Throws<StoreConflictException>(() => store.Commit([twin.Write(twin.Pay())]));
        Assert.Null(store.FindPageHash(tab.Id, tab.Me, 2));
    }

    [Fact]
    public void An_own_offer_is_kept_until_it_is_taken_back()
    {
        using var store = Open();
        store.Commit([tab.Write(tab.Pay())]);
        var offer = new TabScript().Reset().Write.Reset!.Content;

        store.Commit([tab.Move(snapshot => snapshot with { Offer = offer })]);
        Assert.Equal(offer.Hash, store.LoadTabs()[0].Snapshot.Offer?.Hash);
        store.Commit([tab.Move(snapshot => snapshot with { Offer = null })]);
        Assert.Null(store.LoadTabs()[0].Snapshot.Offer);
    }

    private static IntentChange Voided(PayLine line) => new(
        line.RequestId,
        new IntentRefused(new Refusal(Rejections.Voided, "It was void.")),
        new Intent(line.RequestId, [line], 1_700_000_000_000, null));
}
