using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Tabs;

public sealed class FoldDraftTests
{
    private static readonly Hash Pear = Hash.Of("pear"u8);
    private readonly TwoChains chains = new();

    public FoldDraftTests()
    {
        foreach (var party in new[] { Party.Zero, Party.One })
            Assert.Null(chains.Write(party, 0, new LimitLine(chains.NextRequest(), CreditLimit.FromUnits(100))));
    }

    [Fact]
    public void A_withdrawn_settlement_is_remembered_until_the_other_has_seen_it()
    {
        Write(Party.Zero, 1, new ProposeLine(default, true, Amount.FromUnits(5), "", ""));
        Write(Party.Zero, 1, new WithdrawLine(default, new Ref(2, 0)));
        Write(Party.One, 2, new PayLine(default, Amount.FromUnits(1), ""));
        var withdrawn = Assert.Single(chains.Joint().Settlements.Values);
        Assert.Equal(SettlementStatus.Withdrawn, withdrawn.Status());
        Assert.Equal(0, chains.Joint().Zero.SettlementsForgottenTo);

        Write(Party.One, 3);
        Assert.Empty(chains.Joint().Settlements);
        Assert.Equal(2, chains.Joint().Zero.SettlementsForgottenTo);
        Assert.Equal(0, chains.Joint().One.SettlementsForgottenTo);
        Assert.Equal("closed", Judge(Party.One, 3, new AcceptLine(default, new Ref(2, 0))));
    }

    [Fact]
    public void A_booked_settlement_is_remembered_until_the_payer_has_seen_it()
    {
        Write(Party.Zero, 1, new ProposeLine(default, true, Amount.FromUnits(5), "", ""));
        Write(Party.One, 2, new AcceptLine(default, new Ref(2, 0)));
        var booked = Assert.Single(chains.Joint().Settlements.Values);
        Assert.Equal((SettlementStatus.Settled, 2), (booked.Status(), booked.BookedOnPage));
        Write(Party.Zero, 1, new PayLine(default, Amount.FromUnits(1), ""));
        Assert.Single(chains.Joint().Settlements);

        Write(Party.Zero, 2);
        Assert.Empty(chains.Joint().Settlements);
        Assert.Equal(default, chains.Joint().OpenObjects);
        var modify = new ModifyLine(default, new Ref(2, 0), Amount.FromUnits(6), "", "");
        Assert.Equal("closed", Judge(Party.Zero, 2, modify));
    }

    [Fact]
    public void An_answered_hold_is_remembered_until_its_author_has_seen_the_answer()
    {
        Write(Party.Zero, 1, Hold(10), Hold(20));
        Assert.Equal(30, chains.Joint().Zero.Held);
        Write(Party.One, 2, new FulfilLine(default, new Ref(2, 0), [Pear]));
        Assert.Equal((20, 10), (chains.Joint().Zero.Held, chains.Joint().Zero.Given));
        Write(Party.One, 2, new ReleaseLine(default, new Ref(2, 1), ""));
        Assert.Equal((0, 10), (chains.Joint().Zero.Held, chains.Joint().Zero.Given));
        Write(Party.Zero, 2, new PayLine(default, Amount.FromUnits(1), ""));
        var left = Assert.Single(chains.Joint().Holds);
        Assert.Equal(new Ref(2, 1), left.Key.Ref);
        Assert.Equal(3, left.Value.AnsweredOnPage);

        Write(Party.Zero, 3);
        Assert.Empty(chains.Joint().Holds);
        Assert.Equal(2, chains.Joint().Zero.HoldsForgottenTo);
        Assert.Equal("already-answered", Judge(Party.One, 3, new ReleaseLine(default, new Ref(2, 1), "")));
    }

    [Fact]
    public void The_status_of_a_settlement_follows_the_last_answer_to_its_newest_revision()
    {
        Write(Party.Zero, 1, new ProposeLine(default, false, Amount.FromUnits(5), "", ""));
        Assert.Equal(SettlementStatus.Proposed, Status());
        Write(Party.One, 2, new DisputeLine(default, new Ref(2, 0), ""));
        Assert.Equal(SettlementStatus.Disputed, Status());
        Write(Party.One, 2, new AcceptLine(default, new Ref(2, 0)));
        Assert.Equal(SettlementStatus.Agreed, Status());
        Write(Party.Zero, 3, new ModifyLine(default, new Ref(2, 0), Amount.FromUnits(6), "", ""));
        Assert.Equal(SettlementStatus.Proposed, Status());

        SettlementStatus Status() => Assert.Single(chains.Joint().Settlements.Values).Status();
    }

    [Fact]
    public void A_line_that_no_valid_page_can_hold_is_a_bug_and_says_what_it_names()
    {
        var proposed = Draft(new ProposeLine(default, true, Amount.FromUnits(5), "", ""));
        proposed.Apply(Party.One, new Ref(1, 0), new AcceptLine(default, new Ref(1, 0)));
        Throws("booked", () => proposed.Apply(Party.One, new Ref(1, 1), new AcceptLine(default, new Ref(1, 0))));

        var held = Draft(Hold(1));
        held.Apply(Party.One, new Ref(1, 0), new ReleaseLine(default, new Ref(1, 0), ""));
        Throws("answered", () => held.Apply(Party.One, new Ref(1, 1), new ReleaseLine(default, new Ref(1, 0), "")));
        Throws("9.9", () => held.Apply(Party.One, new Ref(1, 1), new ReleaseLine(default, new Ref(9, 9), "")));
        Throws("9.9", () => held.Apply(Party.Zero, new Ref(1, 1), new WithdrawLine(default, new Ref(9, 9))));
        Throws("9.9", () => held.Apply(Party.One, new Ref(1, 1), new AcceptLine(default, new Ref(9, 9))));
        Throws("UnknownLine", () => held.Apply(Party.One, new Ref(1, 1), new UnknownLine(default, 99, [])));
    }

    [Fact]
    public void The_totals_of_a_page_are_its_authors_own_first()
    {
        var empty = Fold.Empty(Samples.Terms.Id);
        var fold = empty with
        {
            Zero = empty.Zero with { Given = 1, Held = 2 },
            One = empty.One with { Given = 30, Held = 40 },
        };
        Assert.Equal(new Totals(1, 30, 2, 40), fold.TotalsFor(Party.Zero));
        Assert.Equal(new Totals(30, 1, 40, 2), fold.TotalsFor(Party.One));
        Assert.Equal((-29, 29), (fold.DebtOf(Party.Zero), fold.DebtOf(Party.One)));
        Assert.Equal((-27, 69), (fold.WorstCaseDebtOf(Party.Zero), fold.WorstCaseDebtOf(Party.One)));
        var draft = new FoldDraft(fold);
        Assert.Equal((-27, 69), (draft.WorstCaseDebtOf(Party.Zero), draft.WorstCaseDebtOf(Party.One)));
    }

    [Fact]
    public void A_view_with_more_of_the_other_party_than_the_page_has_seen_is_a_bug()
    {
        var page = chains.Compose(Party.Zero, 0, new PayLine(default, Amount.FromUnits(1), ""));
        var refused = Assert.Throws<InvalidOperationException>(
            () => PageCheck.Judge(chains.ViewFor(Party.Zero, 1), page, out _));
        Assert.Contains("more of the other party", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_breaks_several_rules_is_refused_by_its_place_in_the_chain_first()
    {
        var late = chains.Compose(Party.Zero, 1, new PayLine(default, Amount.FromUnits(1), new string('x', 257)));
        var view = chains.ViewFor(Party.Zero, 1);
        Assert.Equal("out-of-bounds", PageCheck.Judge(view, late, out _)?.Why.Name);
        var ahead = PageCodec.Encode(late.Page with { Number = late.Page.Number + 1 });
        Assert.Equal("gap", PageCheck.Judge(view, ahead, out _)?.Why.Name);
        var again = PageCodec.Encode(late.Page with { Number = late.Page.Number - 1 });
        Assert.Equal("fork", PageCheck.Judge(view, again, out _)?.Why.Name);
    }

    private static HoldLine Hold(long units) =>
        new(default, Amount.FromUnits(units), [Hash.Of(Pear.ToArray())], [], 0);

    private static FoldDraft Draft(Line line)
    {
        var draft = new FoldDraft(Fold.Empty(Samples.Terms.Id));
        draft.Apply(Party.Zero, new Ref(1, 0), line);
        return draft;
    }

    private static void Throws(string word, Action apply) =>
        Assert.Contains(word, Assert.Throws<InvalidOperationException>(apply).Message, StringComparison.Ordinal);

    private void Write(Party author, long seen, params IEnumerable<Line> lines) =>
        Assert.Null(chains.Write(author, seen, lines.Select(line => line with { RequestId = chains.NextRequest() })));

    private string? Judge(Party author, long seen, Line line) =>
        chains.Judge(chains.Compose(author, seen, line))?.Why.Name;
}
