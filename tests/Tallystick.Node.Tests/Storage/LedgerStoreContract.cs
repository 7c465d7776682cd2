using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Settlements;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Tests.Storage;

/// <summary>What every engine must do. An engine's tests inherit this and say how its book is opened.</summary>
public abstract partial class LedgerStoreContract
{
    private readonly TabScript tab;

    /// <param name="idsGrowWithTime">What kind of request ids the tab of the test has.</param>
    protected LedgerStoreContract(bool idsGrowWithTime = true) => tab = new TabScript(idsGrowWithTime: idsGrowWithTime);

    /// <summary>Opens the book of this test; the second call opens the same book again.</summary>
    internal abstract ILedgerStore Open();

    [Fact]
    public void A_new_book_is_empty()
    {
        using var store = Open();

        Assert.Empty(store.LoadTabs());
        Assert.Empty(store.LoadPeers());
        Assert.Empty(store.ReadNewestPages([tab.Id], long.MaxValue, 10));
        Assert.Null(store.FindIntent(tab.Pay().RequestId));
    }

    [Fact]
    public void What_was_committed_is_there_after_a_reopen()
    {
        var wish = tab.Wish();
        using (var store = Open())
        {
            store.Commit([tab.Write(tab.Pay())]);
            store.Commit([tab.Receive(tab.Pay(), tab.Pay())]);
            store.Commit([tab.WritePages(3), tab.Ask(wish)]);
        }

        using var reopened = Open();
        var loaded = Assert.Single(reopened.LoadTabs());
        Assert.Equal(tab.Terms, loaded.Terms);
        Assert.Equal(tab.Me, loaded.Me);
        AssertSame(tab.Snapshot, loaded.Snapshot);
        AssertSame(tab.Own.Skip(1), loaded.Unseen);
        AssertSame(wish, Assert.Single(loaded.Waiting));
        AssertSame(tab.Own, reopened.ReadPages(tab.Id, tab.Me, 1, 100).Select(stored => stored.Page));
        AssertSame(tab.Theirs, reopened.ReadPages(tab.Id, tab.Me.Other(), 1, 100).Select(stored => stored.Page));
    }

    [Fact]
    public void The_chains_of_several_tabs_do_not_touch_each_other()
    {
        var other = new TabScript(2, Party.One);
        using var store = Open();
        store.Commit([tab.WritePages(2), other.WritePages(3), tab.Receive(tab.Pay())]);

        Assert.Equal([tab.Id, other.Id], store.LoadTabs().Select(loaded => loaded.Terms.Id));
        AssertSame(tab.Snapshot, store.LoadTabs()[0].Snapshot);
        AssertSame(other.Snapshot, store.LoadTabs()[1].Snapshot);
        AssertSame(other.Own, store.ReadPages(other.Id, Party.One, 1, 100).Select(stored => stored.Page));
        Assert.Empty(store.ReadPages(other.Id, Party.Zero, 1, 100));
        Assert.Equal(tab.Own[1].Hash, store.FindPageHash(tab.Id, tab.Me, 2));
        Assert.Null(store.FindPageHash(tab.Id, tab.Me, 3));
        Assert.Null(store.FindPageHash(new TabScript(3).Id, tab.Me, 1));
    }

    [Fact]
    public void Settlements_and_holds_of_both_folds_are_kept_and_dropped_by_difference()
    {
        var settlement = new Settlement
        {
            Proposer = Party.One,
            Payer = Party.Zero,
            Revisions =
            [
                new Revision(new Ref(3, 0), Amount.FromUnits(20), "cash", "Größe ✓"),
                new Revision(new Ref(5, 7), Amount.FromUnits(Amount.MaxUnits), "bank", string.Empty),
            ],
            Decision = new Decision(Accepted: true, new Ref(3, 0)),
            LastAccepted = new Ref(3, 0),
        };
        var booked = settlement with { Booked = new Ref(5, 7), BookedOnPage = 9, WithdrawnOnPage = 4 };
        var hold = new Hold
        {
            Author = Party.Zero,
            Ref = new Ref(8, 1000),
            Amount = Amount.FromUnits(5),
            Locks = [Hash.Of([1]), Hash.Of([2])],
            Status = HoldStatus.Released,
            AnsweredOnPage = 12,
        };
        var settlementKey = new ObjectKey(Party.One, settlement.Ref);
        var holdKey = new ObjectKey(Party.Zero, hold.Ref);
        using var store = Open();
        store.Commit([tab.Move(snapshot => snapshot with
        {
            Mine = snapshot.Mine with
            {
                Settlements = snapshot.Mine.Settlements.Add(settlementKey, settlement),
                Holds = snapshot.Mine.Holds.Add(holdKey, hold),
                OpenObjects = Hash.Of([3]),
            },
            Theirs = snapshot.Theirs with { Holds = snapshot.Theirs.Holds.Add(holdKey, hold) },
        })]);
        AssertSame(tab.Snapshot, store.LoadTabs()[0].Snapshot);

        store.Commit([tab.Move(snapshot => snapshot with
        {
            Mine = snapshot.Mine with
            {
                Settlements = snapshot.Mine.Settlements.SetItem(settlementKey, booked),
                Holds = snapshot.Mine.Holds.Clear(),
            },
            Theirs = snapshot.Theirs with { OpenObjects = Hash.Of([4]) },
        })]);
        AssertSame(tab.Snapshot, store.LoadTabs()[0].Snapshot);
    }

    [Fact]
    public void Limits_and_every_total_of_a_party_come_back()
    {
        using var store = Open();
        foreach (var limit in (CreditLimit[])[CreditLimit.None, CreditLimit.Zero, CreditLimit.FromUnits(100)])
        {
            store.Commit([tab.Move(snapshot => snapshot with
            {
                Theirs = snapshot.Theirs with
                {
                    One = new PartyFold
                    {
                        Head = new Head(7, Hash.Of([1])),
                        Seen = new Head(6, Hash.Of([2])),
                        LastPageWithLines = 5,
                        Given = PageBounds.MaxGivenAndHeld,
                        Held = 4,
                        Limit = limit,
                        HasLimit = !limit.IsNone,
                        Version = 3,
                        SettlementsForgottenTo = 2,
                        HoldsForgottenTo = 1,
                    },
                },
            })]);
            AssertSame(tab.Snapshot, store.LoadTabs()[0].Snapshot);
        }
    }

    [Fact]
    public void A_freeze_is_kept_with_its_evidence_until_it_is_lifted()
    {
        using var store = Open();
        store.Commit([tab.Receive(tab.Pay())]);
        var fault = new Fault(tab.Id, tab.Me, tab.Theirs[0], Rejections.OverLimit.Name);
        var freeze = new Freeze(new SignedFault(FaultCodec.Encode(fault), default), ByMe: true);

        store.Commit([tab.Move(snapshot => snapshot with { Freeze = freeze })]);
        var loaded = store.LoadTabs()[0].Snapshot.Freeze;
        Assert.NotNull(loaded);
        Assert.True(loaded.ByMe);
        Assert.Equal(freeze.Fault.Content.Hash, loaded.Fault.Content.Hash);
        Assert.Equal(freeze.Fault.Signature.ToArray(), loaded.Fault.Signature.ToArray());
        Assert.Equal(fault.Rejection, loaded.Fault.Content.Fault.Rejection);

        store.Commit([tab.Move(snapshot => snapshot with { Freeze = null })]);
        Assert.Null(store.LoadTabs()[0].Snapshot.Freeze);
    }

    [Fact]
    public void A_hello_is_found_by_its_hash()
    {
        using var store = Open();
        var link = new LinkBinding(Hash.Of([1]), Hash.Of([2]), Hash.Of([3]), Hash.Of([4]));
        var hello = new Hello
        {
            Tab = tab.Id,
            Asset = Asset.Credits,
            Author = tab.Me.Other(),
            Mine = Head.Empty(tab.Id),
            Held = Head.Empty(tab.Id),
            Era = Head.Empty(tab.Id),
            Link = link,
            RunId = Hash.Of([5]),
            FoldVersion = 1,
        };
        byte[] bytes = [1, 2, 3];
        var signed = new SignedHello(new EncodedHello(hello, bytes, Hash.Of(bytes)), new byte[64]);
        var commit = tab.Write(tab.Pay());
        var again = tab.Write(tab.Pay());

        store.Commit([commit with { Write = commit.Write with { Hello = signed } }]);
        store.Commit([again with { Write = again.Write with { Hello = signed } }]);

        Assert.Equal(bytes, store.FindHello(tab.Id, Hash.Of(bytes)));
        Assert.Null(store.FindHello(tab.Id, Hash.Of([9])));
    }

    [Fact]
    public void Newest_pages_leave_out_receipts_and_other_tabs_and_go_on_below_a_sequence()
    {
        var other = new TabScript(2);
        var third = new TabScript(3);
        using var store = Open();
        store.Commit([tab.WritePages(2), other.WritePages(2), third.WritePages(2)]);
        store.Commit([tab.Receive(), tab.Write(), other.Receive(other.Pay())]);

        var newest = store.ReadNewestPages([tab.Id, other.Id], long.MaxValue, 3);
        AssertSame([other.Theirs[0], other.Own[1], other.Own[0]], newest.Select(stored => stored.Page));
        var older = store.ReadNewestPages([tab.Id, other.Id], newest[^1].Sequence, 3);
        AssertSame([tab.Own[1], tab.Own[0]], older.Select(stored => stored.Page));
    }

    [Fact]
    public void Sequences_grow_by_one_over_all_tabs()
    {
        var other = new TabScript(2);
        using var store = Open();
        store.Commit([tab.WritePages(2), other.WritePages(1)]);
        store.Commit([tab.Receive()]);

        Assert.Equal([1, 2], store.ReadPages(tab.Id, tab.Me, 1, 10).Select(stored => stored.Sequence));
        Assert.Equal(3, store.ReadPages(other.Id, other.Me, 1, 10)[0].Sequence);
        Assert.Equal(4, store.ReadPages(tab.Id, tab.Me.Other(), 1, 10)[0].Sequence);
    }

    [Fact]
    public void The_first_page_at_a_moment_or_later_is_found_by_its_sequence()
    {
        using var store = Open();
        Assert.Equal(1, store.FindSequence(0));
        store.Commit([tab.WritePages(3)]);
        store.Commit([tab.Receive()]);
        var storedMs = store.ReadPages(tab.Id, tab.Me, 1, 10).Select(stored => stored.StoredMs).ToList();

        Assert.Equal(1, store.FindSequence(0));
        Assert.Equal(1, store.FindSequence(storedMs[0]));
        Assert.Equal(5, store.FindSequence(long.MaxValue));
    }

    [Fact]
    public void Pages_are_read_from_a_number_on_and_no_more_than_asked()
    {
        using var store = Open();
        store.Commit([tab.WritePages(10)]);

        AssertSame(tab.Own.Skip(3).Take(4), store.ReadPages(tab.Id, tab.Me, 4, 4).Select(stored => stored.Page));
        Assert.Empty(store.ReadPages(tab.Id, tab.Me, 11, 4));
    }

    [Fact]
    public void A_page_that_is_not_the_next_of_its_author_leaves_nothing_of_the_whole_transaction()
    {
        var other = new TabScript(2);
        using var store = Open();
        store.Commit([tab.Write(tab.Pay())]);
        var before = tab.Snapshot;
        var skipped = tab.Write(tab.Pay());
        var gap = tab.Write(tab.Pay());

        Assert.Throws<StoreConflictException>(() => store.Commit([other.Write(other.Pay()), gap]));
        Assert.Throws<StoreConflictException>(() => store.Commit([skipped, gap, gap]));

        var loaded = Assert.Single(store.LoadTabs());
        AssertSame(before, loaded.Snapshot);
        Assert.Single(store.ReadPages(tab.Id, tab.Me, 1, 10));
        Assert.Null(store.FindIntent(tab.Own[1].Page.Lines[0].RequestId));
        store.Commit([skipped, gap]);
        AssertSame(tab.Snapshot, store.LoadTabs()[0].Snapshot);
    }

    [Fact]
    public void A_page_that_names_another_page_before_it_is_not_stored()
    {
        var twin = new TabScript();
        using var store = Open();
        store.Commit([tab.Write(tab.Pay())]);
        _ = twin.Write(twin.Pay());

        Assert.Throws<StoreConflictException>(() => store.Commit([twin.Write(twin.Pay())]));
        Assert.Equal(1, store.LoadTabs()[0].Snapshot.Mine.Of(tab.Me).Head.Number);
    }

    [Fact]
    public void Totals_that_do_not_end_where_the_pages_end_are_not_stored()
    {
        using var store = Open();
        var commit = tab.Write(tab.Pay());

        Assert.Throws<StoreConflictException>(() =>
            store.Commit([commit with { Write = commit.Write with { Pages = [] } }]));
        Assert.Empty(store.LoadTabs());
    }

    [Fact]
    public void An_unsigned_page_is_not_stored()
    {
        using var store = Open();
        var commit = tab.Write(tab.Pay());
        var unsigned = commit.Write.Pages[0] with { Signature = ReadOnlyMemory<byte>.Empty };

        Assert.Throws<StoreConflictException>(() =>
            store.Commit([commit with { Write = commit.Write with { Pages = [unsigned] } }]));
        Assert.Empty(store.LoadTabs());
    }

    [Fact]
    public void A_peer_keeps_its_id_and_its_name_is_unique_in_any_case_until_it_is_removed()
    {
        using var store = Open();
        var key = TabScript.Key(9);
        var jörg = store.SavePeer(new StoredPeer(0, "Jörg", null, "192.0.2.7:5001", null, false, false));
        var bob = store.SavePeer(new StoredPeer(0, "bob", key, null, "Bob the builder", false, true));
        Assert.NotEqual(jörg.Id, bob.Id);

        Assert.Throws<StoreConflictException>(() => store.SavePeer(bob with { Id = 0, Name = "JÖRG" }));
        Assert.Throws<StoreConflictException>(() => store.SavePeer(bob with { Name = "jörg" }));
        jörg = store.SavePeer(jörg with { Removed = true });
        bob = store.SavePeer(bob with { Name = "jörg" });

        Assert.Equal([jörg, bob], store.LoadPeers());
        Assert.Throws<StoreConflictException>(() => store.SavePeer(bob with { Id = 77, Name = "eve" }));
    }

    internal static void AssertSame(TabSnapshot expected, TabSnapshot actual)
    {
        AssertSame(expected.Mine, actual.Mine);
        AssertSame(expected.Theirs, actual.Theirs);
        Assert.Equal(expected.Resets.Select(Text), actual.Resets.Select(Text));
        Assert.Equal(expected.Offer?.Hash, actual.Offer?.Hash);

        static string Text(AgreedReset reset) =>
            $"{reset.Content.Hash} {Convert.ToHexString(reset.SignatureOfZero.Span)} "
            + Convert.ToHexString(reset.SignatureOfOne.Span);
    }

    internal static void AssertSame(IEnumerable<SignedPage> expected, IEnumerable<SignedPage> actual) => Assert.Equal(
        expected.Select(page => (page.Hash, Convert.ToHexString(page.Signature.Span))),
        actual.Select(page => (page.Hash, Convert.ToHexString(page.Signature.Span))));

    internal static void AssertSame(Intent expected, Intent actual)
    {
        Assert.Equal(expected with { Lines = [] }, actual with { Lines = [] });
        Assert.Equal(expected.Lines, actual.Lines);
    }

    private static void AssertSame(Fold expected, Fold actual)
    {
        Assert.Equal(expected.Tab, actual.Tab);
        Assert.Equal(expected.Zero, actual.Zero);
        Assert.Equal(expected.One, actual.One);
        Assert.Equal(expected.OpenObjects, actual.OpenObjects);
        Assert.Equal(expected.Settlements.Keys, actual.Settlements.Keys);
        foreach (var (key, settlement) in expected.Settlements)
        {
            Assert.Equal(settlement.Revisions, actual.Settlements[key].Revisions);
            Assert.Equal(settlement with { Revisions = [] }, actual.Settlements[key] with { Revisions = [] });
        }
        Assert.Equal(expected.Holds.Keys, actual.Holds.Keys);
        foreach (var (key, hold) in expected.Holds)
        {
            Assert.Equal(hold.Locks, actual.Holds[key].Locks);
            Assert.Equal(hold with { Locks = [] }, actual.Holds[key] with { Locks = [] });
        }
    }
}
