using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Tabs;

/// <summary>The most that the peer, party one, may come to owe; party zero asks.</summary>
public sealed class ExposureTests
{
    [Fact]
    public void It_is_the_limit_that_the_peer_has_seen_when_nothing_else_is_on_its_way() =>
        Assert.Equal(100, ToPeer(View(limit: 100)));

    [Fact]
    public void A_debt_and_a_hold_beyond_the_limit_stay_what_they_are()
    {
        var indebted = View(limit: 100);
        indebted = indebted with { One = indebted.One with { Given = 130, Held = 7 } };
        Assert.Equal(137, ToPeer(indebted));
    }

    [Theory]
    [InlineData(40, 100)]
    [InlineData(100, 100)]
    [InlineData(250, 250)]
    public void A_limit_that_is_not_seen_yet_counts_only_when_it_is_larger(long unseen, long bound) =>
        Assert.Equal(bound, ToPeer(View(limit: 100), Page(new LimitLine(default, CreditLimit.FromUnits(unseen)))));

    [Fact]
    public void The_largest_of_several_limits_counts_and_other_lines_do_not()
    {
        var first = new LimitLine(default, CreditLimit.FromUnits(300));
        var second = new LimitLine(default, CreditLimit.FromUnits(200));
        Assert.Equal(300, ToPeer(View(limit: 100), Page(first, second), Page(Samples.EveryLine[0])));
    }

    [Fact]
    public void Without_a_limit_seen_or_unseen_it_is_unbounded()
    {
        var none = View(limit: 100);
        none = none with { Zero = none.Zero with { Limit = CreditLimit.None } };
        Assert.Null(ToPeer(none));
        Assert.Null(ToPeer(none, Page(new LimitLine(default, CreditLimit.FromUnits(5)))));
        Assert.Null(ToPeer(
            View(limit: 100),
            Page(new LimitLine(default, CreditLimit.None), new LimitLine(default, CreditLimit.FromUnits(5)))));
    }

    [Fact]
    public void What_I_say_that_I_paid_may_be_booked_at_the_highest_amount_that_the_peer_may_still_go_by()
    {
        // Revisions of 50, 20 and 30 units stand on pages 3, 4 and 5.
        var mine = Mine(50, 20, 30);
        Assert.Equal(100 + 50, ToPeer(View(100, mine, seenByPeer: 3)));
        Assert.Equal(100 + 30, ToPeer(View(100, mine, seenByPeer: 4)));
        Assert.Equal(100 + 30, ToPeer(View(100, mine, seenByPeer: 9)));
        Assert.Equal(100 + 50, ToPeer(View(100, mine, seenByPeer: 0)));
    }

    [Fact]
    public void What_I_withdrew_may_be_booked_until_the_peer_has_seen_it()
    {
        var withdrawn = Mine(50) with { WithdrawnOnPage = 6 };
        Assert.Equal(100 + 50, ToPeer(View(100, withdrawn, seenByPeer: 5)));
        Assert.Equal(100, ToPeer(View(100, withdrawn, seenByPeer: 6)));
        Assert.Equal(100, ToPeer(View(100, withdrawn, seenByPeer: 7)));
    }

    [Fact]
    public void What_is_booked_or_was_paid_by_the_peer_adds_nothing()
    {
        Assert.Equal(100, ToPeer(View(100, Mine(50) with { Booked = new Ref(3, 0) }, seenByPeer: 3)));
        Assert.Equal(100, ToPeer(View(100, Mine(50) with { Payer = Party.One }, seenByPeer: 3)));
    }

    [Fact]
    public void What_the_peer_proposed_counts_only_while_I_have_accepted_its_newest_amount()
    {
        var theirs = Mine(50, 20) with { Proposer = Party.One };
        Assert.Equal(100, ToPeer(View(100, theirs, seenByPeer: 3)));
        Assert.Equal(100, ToPeer(View(100, theirs with { LastAccepted = theirs.Ref }, seenByPeer: 3)));
        var accepted = theirs with { LastAccepted = theirs.Newest.Ref };
        Assert.Equal(100 + 20, ToPeer(View(100, accepted, seenByPeer: 3)));
        Assert.Equal(100, ToPeer(View(100, accepted with { WithdrawnOnPage = 9 }, seenByPeer: 3)));
    }

    private static long? ToPeer(Fold view, params IEnumerable<EncodedPage> unseen) =>
        Exposure.ToPeer(view, view, unseen, Party.Zero);

    private static EncodedPage Page(params Line[] lines) => PageCodec.Encode(Samples.Page(lines));

    private static Fold View(long limit, Settlement? settlement = null, long seenByPeer = 0)
    {
        var empty = Fold.Empty(Samples.Terms.Id);
        var view = empty with
        {
            Zero = empty.Zero with
            {
                Limit = CreditLimit.FromUnits(limit),
                Head = new Head(seenByPeer, default),
            },
        };
        return settlement is null ? view : view with
        {
            Settlements = view.Settlements.Add(new ObjectKey(settlement.Proposer, settlement.Ref), settlement),
        };
    }

    private static Settlement Mine(params long[] units) => new()
    {
        Proposer = Party.Zero,
        Payer = Party.Zero,
        Revisions = [.. units.Select((amount, i) =>
            new Revision(new Ref(3 + i, 0), Amount.FromUnits(amount), "", ""))],
    };
}
