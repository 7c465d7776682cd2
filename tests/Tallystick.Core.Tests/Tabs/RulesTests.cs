using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Tabs;

/// <summary>Single rules at the edges that random histories seldom meet.</summary>
public sealed class RulesTests
{
    private static readonly Ref At = new(3, 0);

    [Fact]
    public void Headroom_is_what_the_limit_leaves_and_never_below_nothing()
    {
        var view = View(given: 30, held: 10, limit: CreditLimit.FromUnits(100));
        Assert.Equal(60, Rules.Headroom(view, Party.Zero));
        Assert.Equal(0, Rules.Headroom(View(30, 10, CreditLimit.FromUnits(40)), Party.Zero));
        Assert.Equal(0, Rules.Headroom(View(30, 10, CreditLimit.FromUnits(5)), Party.Zero));
        Assert.Null(Rules.Headroom(View(30, 10, CreditLimit.None), Party.Zero));
    }

    [Theory]
    [InlineData(100, 100, true)]
    [InlineData(100, 99, true)]
    [InlineData(100, 101, false)]
    [InlineData(100, -1, false)]
    [InlineData(-1, 101, true)]
    [InlineData(-1, -1, false)]
    public void A_frozen_tab_takes_a_limit_that_is_no_larger(long now, long next, bool allowed)
    {
        var view = View(0, 0, CreditLimit.Zero);
        view = view with { Zero = view.Zero with { Limit = LimitOf(now) } };
        Assert.Equal(allowed, Rules.AllowedWhenFrozen(view, Party.Zero, new LimitLine(default, LimitOf(next))));
    }

    [Fact]
    public void Given_and_held_together_reach_the_largest_total_and_no_further()
    {
        const long Left = 5;
        var view = View(PageBounds.MaxGivenAndHeld - 10 - Left, 10, CreditLimit.None);
        Assert.Null(Judge(view, Party.Zero, new PayLine(default, Amount.FromUnits(Left), "")));
        Assert.Equal(
            "total-overflow", Judge(view, Party.Zero, new PayLine(default, Amount.FromUnits(Left + 1), "")));
    }

    [Fact]
    public void Accepting_counts_towards_the_largest_total_only_for_the_receiver()
    {
        var full = View(PageBounds.MaxGivenAndHeld, 0, CreditLimit.None);
        Assert.Equal("total-overflow", Judge(With(full, Theirs(payer: Party.One)), Party.Zero, Accept));
        Assert.Null(Judge(With(full, Theirs(payer: Party.Zero)), Party.Zero, Accept));
        Assert.Null(Judge(With(View(0, 0, CreditLimit.Zero), Theirs(payer: Party.One)), Party.Zero, Accept));
    }

    [Fact]
    public void Open_settlements_are_counted_per_proposer_and_closed_ones_not_at_all()
    {
        var propose = new ProposeLine(default, true, Amount.FromUnits(1), "", "");
        var view = View(0, 0, CreditLimit.Zero);
        for (var i = 0; i < PageBounds.MaxOpenSettlements - 1; i++)
            view = With(view, Own(new Ref(3, i)));
        Assert.Null(Judge(With(view, Theirs(Party.One)), Party.Zero, propose));
        Assert.Null(Judge(With(view, Own(new Ref(4, 0)) with { WithdrawnOnPage = 5 }), Party.Zero, propose));
        Assert.Equal("too-many-open", Judge(With(view, Own(new Ref(4, 0))), Party.Zero, propose));
    }

    [Fact]
    public void Open_holds_are_counted_per_author_and_answered_ones_not_at_all()
    {
        var hold = new HoldLine(default, Amount.FromUnits(1), [default], [], 0);
        var view = View(0, 0, CreditLimit.FromUnits(100_000));
        for (var i = 0; i < PageBounds.MaxOpenHolds - 1; i++)
            view = With(view, HoldOf(Party.Zero, new Ref(3, i)));
        Assert.Null(Judge(With(view, HoldOf(Party.One, At)), Party.Zero, hold));
        var released = HoldOf(Party.Zero, new Ref(4, 0)) with { Status = HoldStatus.Released };
        Assert.Null(Judge(With(view, released), Party.Zero, hold));
        Assert.Equal("too-many-open", Judge(With(view, HoldOf(Party.Zero, new Ref(4, 0))), Party.Zero, hold));
    }

    [Fact]
    public void What_was_received_is_booked_beyond_the_limit_only_if_the_payer_accepted_that_very_amount()
    {
        var received = new ReceivedLine(default, At);
        var view = View(0, 0, CreditLimit.Zero);
        var own = Own(At);
        Assert.Equal("over-limit", Judge(With(view, own), Party.Zero, received));
        Assert.Equal(
            "over-limit", Judge(With(view, own with { Decision = new Decision(false, At) }), Party.Zero, received));
        Assert.Null(Judge(With(view, own with { Decision = new Decision(true, At) }), Party.Zero, received));
        var full = View(PageBounds.MaxGivenAndHeld, 0, CreditLimit.Zero);
        Assert.Equal(
            "total-overflow",
            Judge(With(full, own with { Decision = new Decision(true, At) }), Party.Zero, received));
    }

    [Fact]
    public void What_was_received_names_the_newest_revision_of_an_own_settlement()
    {
        var view = View(0, 0, CreditLimit.None);
        var newer = new Revision(new Ref(4, 0), Amount.FromUnits(2), "", "");
        var own = Own(At);
        var modified = own with { Revisions = own.Revisions.Add(newer) };
        Assert.Equal("not-newest", Judge(With(view, modified), Party.Zero, new ReceivedLine(default, At)));
        Assert.Null(Judge(With(view, modified), Party.Zero, new ReceivedLine(default, newer.Ref)));
        Assert.Equal("not-yours", Judge(With(view, Theirs(Party.One)), Party.Zero, new ReceivedLine(default, At)));
        Assert.Equal("unknown-ref", Judge(view, Party.Zero, new ReceivedLine(default, At)));
    }

    [Fact]
    public void An_own_hold_is_not_the_authors_to_answer_and_one_that_never_was_is_unknown()
    {
        var view = With(View(0, 0, CreditLimit.None), HoldOf(Party.Zero, At));
        Assert.Equal("not-yours", Judge(view, Party.Zero, new ReleaseLine(default, At, "")));
        Assert.Equal("unknown-ref", Judge(view, Party.Zero, new ReleaseLine(default, new Ref(9, 9), "")));
        Assert.Null(Judge(view, Party.One, new ReleaseLine(default, At, "")));
    }

    [Theory]
    [InlineData(64, 2, 2, "upgrade-needed")]
    [InlineData(64, 2, 1, "unknown-kind")]
    [InlineData(64, 1, 2, "unknown-kind")]
    [InlineData(128, 2, 2, "unknown-kind")]
    [InlineData(128, 3, 4, "upgrade-needed")]
    [InlineData(13, 2, 2, "unknown-kind")]
    [InlineData(63, 1, 1, "unknown-kind")]
    public void An_unknown_kind_is_a_reason_to_upgrade_only_if_both_agreed_to_its_version(
        int kind, int mine, int theirs, string name)
    {
        var view = View(0, 0, CreditLimit.None);
        view = view with { Zero = view.Zero with { Version = mine }, One = view.One with { Version = theirs } };
        Assert.Equal(name, Judge(view, Party.Zero, new UnknownLine(default, kind, [])));
    }

    [Fact]
    public void A_line_kept_as_bytes_is_out_of_bounds() => Assert.Equal(
        "out-of-bounds", Judge(View(0, 0, CreditLimit.None), Party.Zero, new OutOfBoundsLine(default, 1, [])));

    private static AcceptLine Accept => new(default, At);

    private static CreditLimit LimitOf(long units) => units < 0 ? CreditLimit.None : CreditLimit.FromUnits(units);

    private static string? Judge(Fold view, Party author, Line line) =>
        Rules.Judge(new FoldDraft(view), author, line)?.Why.Name;

    // What party zero has given and holds, and the limit that party one set.
    private static Fold View(long given, long held, CreditLimit limit)
    {
        var empty = Fold.Empty(Samples.Terms.Id);
        return empty with
        {
            Zero = empty.Zero with { Given = given, Held = held },
            One = empty.One with { Limit = limit },
        };
    }

    private static Settlement Own(Ref at) => new()
    {
        Proposer = Party.Zero,
        Payer = Party.One,
        Revisions = [new Revision(at, Amount.FromUnits(1), "", "")],
    };

    private static Settlement Theirs(Party payer) => Own(At) with { Proposer = Party.One, Payer = payer };

    private static Hold HoldOf(Party author, Ref at) => new()
    {
        Author = author,
        Ref = at,
        Amount = Amount.FromUnits(1),
        Locks = [Hash.Of("lock"u8)],
    };

    private static Fold With(Fold view, Settlement settlement) => view with
    {
        Settlements = view.Settlements.Add(new ObjectKey(settlement.Proposer, settlement.Ref), settlement),
    };

    private static Fold With(Fold view, Hold hold) =>
        view with { Holds = view.Holds.Add(new ObjectKey(hold.Author, hold.Ref), hold) };
}
