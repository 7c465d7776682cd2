using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Loop;

public sealed class ResetTests
{
    private readonly LoopPair pair = new();

    [Theory]
    [InlineData(Party.Zero, Party.Zero)]
    [InlineData(Party.Zero, Party.One)]
    [InlineData(Party.One, Party.Zero)]
    [InlineData(Party.One, Party.One)]
    public void Whoever_froze_and_whoever_asks_first_both_go_on_with_the_same_balance(Party frozenBy, Party asks)
    {
        pair.Settle();
        pair.Pay(Party.Zero, 500);
        pair.Pay(Party.One, 20);
        pair.Settle();
        FreezeBy(frozenBy);

        Assert.Null(pair.Node(asks).ConfirmReset());
        pair.Settle();
        Assert.Equal(0, pair.Node(asks).State.Era.Number);
        Assert.Contains(pair.Node(asks.Other()).Effects, effect => effect is ResetAsked);
        Assert.Null(pair.Node(asks.Other()).ConfirmReset());
        pair.Settle();

        AssertReset(era: 1);
        Assert.Equal(480, pair.B.Balance);
        pair.Pay(Party.Zero, 7);
        pair.Pay(Party.One, 1);
        pair.Settle();
        Assert.Equal(486, pair.B.Balance);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void A_tab_that_is_not_frozen_cannot_be_reset()
    {
        pair.Settle();
        Assert.Equal(Rejections.NotFrozen, pair.A.ConfirmReset()?.Why);
        Assert.Null(pair.A.State.Offer);
    }

    [Fact]
    public void Nothing_is_signed_while_the_other_is_away()
    {
        pair.Settle();
        FreezeBy(Party.Zero);
        pair.Cut();
        Assert.Equal(Rejections.NotReady, pair.A.ConfirmReset()?.Why);
        Assert.Null(pair.A.Disk.Snapshot!.Offer);
    }

    [Fact]
    public void A_yes_to_what_is_no_longer_so_signs_nothing()
    {
        pair.Settle();
        FreezeBy(Party.Zero);
        pair.A.Step(new ConfirmReset(Hash.Of([1])));
        Assert.Equal(Rejections.ResetChanged, pair.A.Effects.OfType<ResetAnswered>().Last().Refusal?.Why);
        Assert.Null(pair.A.State.Offer);
    }

    [Fact]
    public void A_payment_on_a_page_that_was_never_taken_ends_refused_once_and_is_not_made_again()
    {
        pair.Settle();
        pair.Inject(Party.Zero, new PageFrame(Hostile.Page(pair.B, "Release 900")));
        pair.DeliverOne(Party.Zero);
        // The Fault is still on its way when this is written.
        var lost = pair.Pay(Party.One, 50);
        Assert.IsType<IntentDone>(pair.B.Disk.Intents[lost]);
        pair.Settle();
        Assert.NotNull(pair.B.State.Freeze);

        Assert.True(ResetProposal.TryMake(pair.B.State, out var shown, out _));
        Assert.Equal([lost], shown.VoidIntents.Select(intent => intent.RequestId));
        ResetBoth(Party.Zero);

        var refused = Assert.IsType<IntentRefused>(pair.B.Disk.Intents[lost]);
        Assert.Equal(Rejections.Voided, refused.Refusal.Why);
        Assert.Equal(1, pair.B.Effects.OfType<Answer>().Count(a => a.RequestId == lost && a.State is IntentRefused));
        Assert.Equal(0, pair.A.Balance);
        AssertReset(era: 1);
    }

    [Fact]
    public void Both_can_have_frozen_each_other()
    {
        pair.Settle();
        pair.Pay(Party.Zero, 30);
        pair.Settle();
        pair.Inject(Party.Zero, new PageFrame(Hostile.Page(pair.B, "Release 900")));
        pair.Inject(Party.One, new PageFrame(Hostile.Page(pair.A, "Release 900")));
        pair.DeliverOne(Party.Zero);
        pair.DeliverOne(Party.One);
        pair.Settle();
        Assert.True(pair.A.State.Freeze is { ByMe: true });
        Assert.True(pair.B.State.Freeze is { ByMe: true });

        ResetBoth(Party.One);
        AssertReset(era: 1);
        Assert.Equal(30, pair.B.Balance);
    }

    [Fact]
    public void A_hold_fulfilled_before_the_reset_stays_fulfilled_and_open_ones_are_carried_and_answered_afterwards()
    {
        SetLimits(1_000);
        var first = Ask(Party.One, "Hold 50 for pear");
        var second = Ask(Party.One, "Hold 60 for plum");
        var third = Ask(Party.Zero, "Hold 70 for fig");
        pair.Settle();
        FreezeBy(Party.Zero);
        Ask(Party.Zero, $"Fulfil {At(first)} with pear");
        pair.Settle();
        Assert.Equal(50, pair.A.Balance);

        ResetBoth(Party.Zero);

        AssertReset(era: 1);
        Assert.Equal(50, pair.A.Balance);
        Assert.Equal(2, pair.A.State.Mine.Holds.Values.Count(hold => hold.Status == HoldStatus.Open));
        Assert.Equal(60, pair.A.State.Mine.Of(Party.One).Held);
        Ask(Party.Zero, $"Fulfil {At(second)} with plum");
        Ask(Party.One, $"Release {At(third)}");
        pair.Settle();
        Assert.Equal(110, pair.A.Balance);
        Assert.Equal(0, pair.A.State.Mine.Of(Party.Zero).Held);
        Assert.Equal("already-answered", RefusalOf(Party.Zero, Ask(Party.Zero, $"Fulfil {At(first)} with pear")));
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void A_fulfil_is_written_even_behind_an_offer_and_nothing_is_lost_when_the_offer_is_completed_meanwhile()
    {
        SetLimits(1_000);
        var hold = Ask(Party.One, "Hold 50 for pear");
        pair.Settle();
        FreezeBy(Party.Zero);
        pair.A.ConfirmReset();
        Deliver(Party.One);
        var fulfil = Ask(Party.Zero, $"Fulfil {At(hold)} with pear");
        Assert.IsType<IntentDone>(pair.A.Disk.Intents[fulfil]);
        Assert.Null(pair.A.Disk.Snapshot!.Offer);

        // The other says yes before it has that page: the page is void, the hold is not.
        Assert.Null(pair.B.ConfirmReset());
        pair.Settle();
        AssertReset(era: 1);
        Assert.Equal("voided", RefusalOf(Party.Zero, fulfil));
        Ask(Party.Zero, $"Fulfil {At(hold)} with pear");
        pair.Settle();
        Assert.Equal(50, pair.A.Balance);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void When_the_other_has_moved_on_its_own_record_is_what_both_sign()
    {
        SetLimits(1_000);
        var hold = Ask(Party.Zero, "Hold 50 for pear");
        pair.Settle();
        FreezeBy(Party.Zero, informed: false);
        pair.A.ConfirmReset();
        // Not heard of yet, but before its own yes: the fulfilled hold must stand.
        Ask(Party.One, $"Fulfil {At(hold)} with pear");
        pair.Settle();
        Assert.Null(pair.B.ConfirmReset());
        pair.Settle();
        // A froze, so it did not take that page: B's yes was to A's record, in which the hold is open.
        AssertReset(era: 1);
        Assert.Equal(50, pair.A.State.Mine.Of(Party.Zero).Held);
    }

    [Fact]
    public void A_page_that_crossed_the_offer_makes_the_offer_too_old_and_the_newer_record_stands()
    {
        SetLimits(1_000);
        var hold = Ask(Party.Zero, "Hold 50 for pear");
        pair.Settle();
        // B judged a page of A: A follows B's chain as before.
        FreezeBy(Party.One);
        pair.A.ConfirmReset();
        Ask(Party.One, $"Fulfil {At(hold)} with pear");
        pair.Settle();
        Assert.Null(pair.B.ConfirmReset());
        pair.Settle();
        Assert.Equal(0, pair.B.State.Era.Number);
        Assert.Null(pair.A.ConfirmReset());
        pair.Settle();

        AssertReset(era: 1);
        Assert.Equal(50, pair.B.Balance);
    }

    [Fact]
    public void Two_offers_that_cross_become_one_reset()
    {
        pair.Settle();
        FreezeBy(Party.Zero, informed: false);
        // Void, and more than the other has heard of: each record leaves room above what its maker knows.
        pair.Pay(Party.One, 1);
        pair.Pay(Party.One, 1);
        pair.Settle();
        Assert.Null(pair.A.ConfirmReset());
        Assert.Null(pair.B.ConfirmReset());
        Assert.NotEqual(pair.A.State.Offer!.Hash, pair.B.State.Offer!.Hash);
        pair.Settle();
        Assert.Equal(0, pair.A.State.Era.Number);
        // Each says yes to what the other has signed, again at the same time.
        Assert.Null(pair.A.ConfirmReset());
        Assert.Null(pair.B.ConfirmReset());
        pair.Settle();
        AssertReset(era: 1);
    }

    [Fact]
    public void Limits_are_carried_and_a_wish_that_waits_is_judged_afterwards()
    {
        SetLimits(100);
        var settlement = Ask(Party.One, "Propose you paid 20");
        pair.Pay(Party.Zero, 90);
        pair.Settle();
        FreezeBy(Party.Zero);
        pair.A.ConfirmReset();
        // Allowed while frozen, but not written behind the offer.
        var dispute = Ask(Party.Zero, $"Dispute {At(settlement)}");
        Assert.IsType<IntentWaiting>(pair.A.Disk.Intents[dispute]);
        pair.Settle();
        pair.B.ConfirmReset();
        pair.Settle();

        AssertReset(era: 1);
        Assert.Equal("closed", RefusalOf(Party.Zero, dispute));
        Assert.Empty(pair.A.State.Mine.Settlements);
        Assert.Equal("over-limit", RefusalOf(Party.Zero, pair.Pay(Party.Zero, 11)));
        pair.Pay(Party.Zero, 10);
        pair.Settle();
        Assert.Equal(100, pair.B.Balance);
    }

    [Fact]
    public void A_chain_without_a_valid_page_states_its_limit_afterwards()
    {
        pair.Connect();
        pair.DeliverOne(Party.One);
        pair.Inject(Party.Zero, new PageFrame(Hostile.Page(pair.B, "Release 900")));
        while (pair.DeliverOne(Party.Zero))
        {
        }
        Assert.NotNull(pair.A.State.Freeze);
        pair.Settle();
        ResetBoth(Party.Zero);
        AssertReset(era: 1);
        pair.Pay(Party.Zero, 5);
        pair.Pay(Party.One, 2);
        pair.Settle();
        Assert.Equal(3, pair.B.Balance);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void A_tab_can_be_reset_again_and_a_lost_disk_comes_back_over_every_gap()
    {
        pair.Settle();
        for (var era = 1; era <= 3; era++)
        {
            pair.Pay(Party.Zero, 10);
            pair.Settle();
            FreezeBy(era % 2 == 0 ? Party.Zero : Party.One);
            ResetBoth(era % 2 == 0 ? Party.One : Party.Zero);
            AssertReset(era);
        }
        pair.Pay(Party.One, 1);
        pair.Settle();
        foreach (var loser in new[] { Party.Zero, Party.One })
        {
            pair.Kill(loser);
            pair.Node(loser).Disk = LoopDisk.Empty;
            pair.Node(loser).Start();
            pair.Settle();
            AssertReset(era: 3);
            Assert.Equal(29, pair.B.Balance);
        }
        pair.Pay(Party.Zero, 1);
        pair.Settle();
        Assert.Equal(30, pair.B.Balance);
    }

    [Fact]
    public void Another_instance_that_wrote_after_a_reset_is_a_self_fork_as_ever()
    {
        pair.Settle();
        FreezeBy(Party.Zero);
        ResetBoth(Party.Zero);
        var copy = pair.A.Disk;
        pair.Pay(Party.Zero, 7);
        pair.Kill(Party.Zero);
        var first = pair.A.Disk;
        pair.A.Disk = copy;
        pair.A.Start();
        pair.Pay(Party.Zero, 11);
        pair.Settle();
        pair.Kill(Party.Zero);
        pair.A.Disk = first;
        pair.A.Start();
        pair.Settle();

        Assert.Equal(-18, pair.A.Balance);
        AssertReset(era: 1);
    }

    private void AssertReset(int era)
    {
        Assert.Equal(era, pair.A.State.Era.Number);
        Assert.Equal(pair.A.State.Era, pair.B.State.Era);
        foreach (var node in new[] { pair.A, pair.B })
        {
            Assert.Null(node.State.Offer);
            Assert.Null(node.Disk.Snapshot!.Freeze);
            Assert.True(node.State.IsReady());
        }
        Assert.Equal(FoldText.Of(pair.A.State.Mine), FoldText.Of(pair.B.State.Mine));
        pair.AssertHalvesMatch();
    }

    private void ResetBoth(Party first)
    {
        Assert.Null(pair.Node(first).ConfirmReset());
        pair.Settle();
        Assert.Null(pair.Node(first.Other()).ConfirmReset());
        pair.Settle();
    }

    // The other's key signs a page that no rule allows.
    private void FreezeBy(Party judge, bool informed = true)
    {
        pair.Inject(judge, new PageFrame(Hostile.Page(pair.Node(judge.Other()), "Release 900")));
        Deliver(judge);
        Assert.True(pair.Node(judge).State.Freeze is { ByMe: true });
        if (informed)
            pair.Settle();
    }

    private void Deliver(Party to)
    {
        while (pair.DeliverOne(to))
        {
        }
    }

    private void SetLimits(long units)
    {
        pair.SetLimit(Party.Zero, CreditLimit.FromUnits(units));
        pair.SetLimit(Party.One, CreditLimit.FromUnits(units));
        pair.Settle();
    }

    private RequestId Ask(Party by, string line)
    {
        var intent = pair.Wish(id => LineText.Read(line, id));
        pair.Node(by).Ask(intent);
        return intent.RequestId;
    }

    // Scenario numbers begin after the opening page.
    private string At(RequestId wish)
    {
        var done = pair.A.Disk.Intents.GetValueOrDefault(wish) ?? pair.B.Disk.Intents[wish];
        var at = Assert.IsType<IntentDone>(done).FirstLine;
        return $"{at.Page - LineText.OpeningPages}.{at.Line}";
    }

    private string RefusalOf(Party by, RequestId wish) =>
        Assert.IsType<IntentRefused>(pair.Node(by).Disk.Intents[wish]).Refusal.Why.Name;
}
