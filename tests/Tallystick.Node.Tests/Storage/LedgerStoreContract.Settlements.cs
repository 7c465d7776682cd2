using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Tests.Storage;

/// <content>The lines of settlements, which a store finds without reading any other page.</content>
public abstract partial class LedgerStoreContract
{
    private static readonly Amount Twenty = Amount.FromUnits(2_000);

    [Fact]
    public void The_lines_of_a_settlement_are_found_in_the_order_in_which_they_were_stored()
    {
        using var store = Open();
        store.Commit([tab.Write(tab.Pay(), Propose(1))]);
        var mine = new ObjectKey(tab.Me, new Ref(1, 1));
        store.Commit([tab.Receive(tab.Pay(), new DisputeLine(Id(2), new Ref(1, 1), "less"), Propose(3))]);
        var theirs = new ObjectKey(tab.Me.Other(), new Ref(1, 2));
        store.Commit([tab.Write(new ModifyLine(Id(4), mine.Ref, Twenty, "cash", string.Empty))]);
        store.Commit([tab.Receive(new AcceptLine(Id(5), new Ref(2, 0)), new ReceivedLine(Id(6), theirs.Ref))]);
        store.Commit([tab.Write(new AcceptLine(Id(7), theirs.Ref), new WithdrawLine(Id(8), mine.Ref))]);

        Assert.Equal(
            [typeof(ProposeLine), typeof(DisputeLine), typeof(ModifyLine), typeof(AcceptLine), typeof(WithdrawLine)],
            store.ReadSettlementLines(tab.Id, mine, 10).Select(line => line.Line.GetType()));
        Assert.Equal(
            [typeof(ProposeLine), typeof(ReceivedLine), typeof(AcceptLine)],
            store.ReadSettlementLines(tab.Id, theirs, 10).Select(line => line.Line.GetType()));
        Assert.Equal(
            [typeof(ProposeLine), typeof(ModifyLine), typeof(AcceptLine), typeof(WithdrawLine)],
            store.ReadSettlementLines(tab.Id, mine, 1).Select(line => line.Line.GetType()));
        Assert.Equal(mine, store.FindSettlement(tab.Id, tab.Me.Other(), new Ref(2, 0)));
        Assert.Equal(theirs, store.FindSettlement(tab.Id, tab.Me, new Ref(3, 0)));
        Assert.Null(store.FindSettlement(tab.Id, tab.Me, new Ref(1, 0)));
        Assert.Empty(store.ReadSettlementLines(tab.Id, new ObjectKey(tab.Me, new Ref(9, 9)), 10));
    }

    [Fact]
    public void Settlements_are_listed_newest_first_in_parts_and_found_by_the_end_of_their_request_id()
    {
        var other = new TabScript(2);
        using var store = Open();
        store.Commit([tab.Write(Propose(0x11), Propose(0x12))]);
        store.Commit([other.Write(Propose(0x21))]);
        store.Commit([tab.Receive(Propose(0x13))]);

        var all = store.ReadNewestSettlements([tab.Id, other.Id], StoredPlace.End, 10);
        Assert.Equal(
            [(tab.Id, new Ref(1, 0)), (other.Id, new Ref(1, 0)), (tab.Id, new Ref(1, 1)), (tab.Id, new Ref(1, 0))],
            all.Select(found => (found.Tab, found.Key.Ref)));
        Assert.Equal(all.Skip(2), store.ReadNewestSettlements([tab.Id, other.Id], all[1].At, 10));
        Assert.Equal(all.Take(1), store.ReadNewestSettlements([tab.Id], StoredPlace.End, 1));
        Assert.Equal(
            [tab.Me.Other(), tab.Me, tab.Me],
            store.FindSettlements(0x10, 0x1f, 10).Select(found => found.Key.Creator));
        Assert.Equal(other.Id, Assert.Single(store.FindSettlements(0x21, 0x21, 10)).Tab);
        Assert.Single(store.FindSettlements(0, uint.MaxValue, 1));
        Assert.Empty(store.FindSettlements(0x22, uint.MaxValue, 10));
    }

    [Fact]
    public void Lines_on_pages_that_are_cut_are_forgotten()
    {
        using var store = Open();
        store.Commit([tab.Write(Propose(1))]);
        store.Commit([tab.Write(new WithdrawLine(Id(2), new Ref(1, 0)), Propose(3))]);
        store.Commit([tab.CutAfter(1)]);

        Assert.Single(store.ReadSettlementLines(tab.Id, new ObjectKey(tab.Me, new Ref(1, 0)), 10));
        Assert.Single(store.ReadNewestSettlements([tab.Id], StoredPlace.End, 10));
        store.Commit([tab.Write(Propose(4))]);
        Assert.Equal(2, store.ReadNewestSettlements([tab.Id], StoredPlace.End, 10).Count);
    }

    private protected static RequestId Id(uint number) => new((UInt128)number);

    private protected static ProposeLine Propose(uint number) =>
        new(Id(number), PayerIsMe: true, Twenty, "cash", string.Empty);
}
