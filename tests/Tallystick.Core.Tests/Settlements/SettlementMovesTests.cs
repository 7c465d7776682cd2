using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Settlements;

/// <summary>What people are offered is what the rules would take, for either side in every state.</summary>
public sealed class SettlementMovesTests
{
    private readonly TwoChains chains = new();

    public SettlementMovesTests()
    {
        foreach (var party in new[] { Party.Zero, Party.One })
            Assert.Null(chains.Write(party, 0, new LimitLine(chains.NextRequest(), CreditLimit.FromUnits(100))));
    }

    [Fact]
    public void The_payers_proposal_is_the_others_to_book()
    {
        Write(Party.Zero, Propose(payerIsMe: true));
        Expect(Party.Zero, SettlementMove.Modify, SettlementMove.Withdraw);
        Expect(Party.One, SettlementMove.Accept, SettlementMove.Dispute);

        Write(Party.One, new DisputeLine(chains.NextRequest(), At, "no"));
        Expect(Party.Zero, SettlementMove.Modify, SettlementMove.Withdraw);
        Expect(Party.One, SettlementMove.Accept);

        Write(Party.One, new AcceptLine(chains.NextRequest(), At));
        Expect(Party.Zero);
        Expect(Party.One);
    }

    [Fact]
    public void The_receivers_proposal_is_agreed_and_then_its_own_to_book()
    {
        Write(Party.Zero, Propose(payerIsMe: false));
        Expect(Party.Zero, SettlementMove.Modify, SettlementMove.Withdraw, SettlementMove.Received);
        Write(Party.One, new AcceptLine(chains.NextRequest(), At));
        Expect(Party.Zero, SettlementMove.Modify, SettlementMove.Withdraw, SettlementMove.Received);
        Expect(Party.One, SettlementMove.Dispute);
    }

    [Fact]
    public void Without_agreement_and_credit_the_receiver_has_to_wait()
    {
        Assert.Null(chains.Write(Party.One, 1, new LimitLine(chains.NextRequest(), CreditLimit.Zero)));
        Write(Party.Zero, Propose(payerIsMe: false));
        Expect(Party.Zero, SettlementMove.Modify, SettlementMove.Withdraw);
        Write(Party.One, new AcceptLine(chains.NextRequest(), At));
        Expect(Party.Zero, SettlementMove.Modify, SettlementMove.Withdraw, SettlementMove.Received);
    }

    [Fact]
    public void A_frozen_tab_lets_only_go()
    {
        Write(Party.Zero, Propose(payerIsMe: true));
        var (view, settlement) = Present();
        Assert.Equal([SettlementMove.Withdraw], SettlementMoves.Possible(view, settlement, Party.Zero, frozen: true));
        Assert.Equal([SettlementMove.Dispute], SettlementMoves.Possible(view, settlement, Party.One, frozen: true));
    }

    [Fact]
    public void Two_at_the_same_place_in_both_chains_are_not_taken_for_each_other()
    {
        Assert.Null(chains.Write(Party.Zero, 1, Propose(payerIsMe: true)));
        Assert.Null(chains.Write(Party.One, 1, Propose(payerIsMe: false)));
        var view = chains.Joint();
        var (mine, theirs) = (Find(view, Party.Zero), Find(view, Party.One));
        Assert.Equal(
            [SettlementMove.Modify, SettlementMove.Withdraw],
            SettlementMoves.Possible(view, mine, Party.Zero, frozen: false));
        Assert.Equal(
            [SettlementMove.Accept, SettlementMove.Dispute],
            SettlementMoves.Possible(view, theirs, Party.Zero, frozen: false));
        Assert.Equal([theirs], Twins.Of(view, mine));
        Assert.Equal([mine], Twins.Of(view, theirs));
    }

    [Fact]
    public void A_twin_has_the_same_payer_and_an_equal_amount_or_reference()
    {
        Write(Party.Zero, Propose(payerIsMe: true, 20, "R1"), Propose(payerIsMe: true, 30, "R1"));
        Write(Party.Zero, Propose(payerIsMe: true, 20), Propose(payerIsMe: false, 20), Propose(payerIsMe: true, 7));
        var view = chains.Joint();
        var first = Find(view, Party.Zero);
        Assert.Equal([(30L, "R1"), (20L, "")], Twins.Of(view, first)
            .Select(twin => (twin.Newest.Amount.Units, twin.Newest.Reference)));
        // Two without a reference have no reference in common.
        Assert.Empty(Twins.Of(view, view.Settlements.Values.Single(each => each.Newest.Amount.Units == 7)));
    }

    private static Ref At => new(2, 0);

    private static Settlement Find(Fold view, Party creator) => view.Settlements[new ObjectKey(creator, At)];

    private (Fold View, Settlement Settlement) Present()
    {
        var view = chains.Joint();
        return (view, view.Settlements.TryGetValue(new ObjectKey(Party.Zero, At), out var found)
            ? found
            : Assert.Single(view.Settlements.Values));
    }

    private ProposeLine Propose(bool payerIsMe, long units = 20, string reference = "") =>
        new(chains.NextRequest(), payerIsMe, Amount.FromUnits(units), "cash", reference);

    private void Write(Party author, params Line[] lines) =>
        Assert.Null(chains.Write(author, chains.Of(author.Other()).Count, lines));

    private void Expect(Party me, params SettlementMove[] moves)
    {
        var (view, settlement) = Present();
        Assert.Equal(moves, SettlementMoves.Possible(view, settlement, me, frozen: false));
    }
}
