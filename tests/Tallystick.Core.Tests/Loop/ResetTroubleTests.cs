using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Loop;

/// <summary>Resets with crashes, old backups and dishonest peers at every place.</summary>
public sealed class ResetTroubleTests
{
    [Theory]
    [InlineData(Party.Zero, Party.Zero)]
    [InlineData(Party.Zero, Party.One)]
    [InlineData(Party.One, Party.Zero)]
    [InlineData(Party.One, Party.One)]
    public void A_crash_between_any_two_steps_changes_nothing(Party asks, Party dies)
    {
        for (var at = 1; at <= StepsOf(asks); at++)
        {
            var run = new ResetRun(asks);
            run.After(at, () => run.Restart(dies));
            run.Play();
            run.Heal();
            run.AssertReset($"{dies} died after step {at}");
        }
    }

    [Theory]
    [InlineData(Party.Zero, Party.Zero)]
    [InlineData(Party.Zero, Party.One)]
    [InlineData(Party.One, Party.Zero)]
    [InlineData(Party.One, Party.One)]
    public void An_old_backup_of_any_moment_put_back_at_any_later_one_ends_in_the_same_books(Party asks, Party restored)
    {
        var steps = StepsOf(asks);
        for (var taken = 0; taken <= steps; taken++)
        {
            for (var back = taken + 1; back <= steps; back++)
            {
                var run = new ResetRun(asks);
                LoopDisk? backup = taken == 0 ? LoopDisk.Empty : null;
                run.After(taken, () => backup = run.Pair.Node(restored).Disk);
                run.After(back, () => run.Restart(restored, backup));
                run.Play();
                run.Heal();
                run.AssertReset($"{restored} of step {taken} came back after step {back}");
            }
        }
    }

    [Fact]
    public void Whatever_happens_every_wish_ends_once_and_both_books_agree_in_the_end()
    {
        var resets = 0L;
        for (var seed = 0; seed < 300; seed++)
        {
            try
            {
                resets += new ResetChaos(new Random(seed)).Run();
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"Seed {seed} broke it.", broken);
            }
        }
        Assert.InRange(resets, 300, long.MaxValue);
    }

    [Fact]
    public void A_record_that_the_own_book_does_not_bear_out_is_neither_shown_nor_applied()
    {
        var honest = Frozen();
        Assert.True(ResetProposal.TryMake(honest.B.State, out var good, out _));
        var reset = good.Reset.Reset;
        var (zero, one) = (reset.Zero, reset.One);
        Reset[] bad =
        [
            reset with { Zero = zero with { Given = zero.Given + 1 } },
            reset with { One = one with { Given = one.Given + 1 } },
            reset with { Zero = zero with { Limit = CreditLimit.FromUnits(9) } },
            reset with { One = one with { Limit = CreditLimit.None } },
            reset with { Zero = zero with { Version = 2 } },
            reset with { Zero = zero with { Kept = zero.Kept with { Hash = Hash.Of([9]) } } },
            reset with { One = one with { Kept = one.Kept with { Hash = Hash.Of([9]) } } },
            reset with { One = one with { Kept = Head.Empty(reset.Tab) } },
            reset with { Zero = zero with { Holds = [] } },
            reset with { One = one with { First = one.Kept.Number + 1 } },
            reset with { One = one with { First = PageBounds.NumberLimit - 1 } },
            reset with { Era = 2, Previous = Hash.Of([1]) },
            reset with { Previous = Hash.Of([1]) },
        ];
        foreach (var record in bad)
        {
            foreach (var party in new[] { Party.Zero, Party.One })
            {
                var pair = Frozen();
                var node = pair.Node(party);
                var encoded = ResetCodec.Encode(record);
                pair.Inject(party, new ResetOfferFrame(new SignedReset(encoded, new byte[64])));
                // Which numbers it signs a node decides when it signs; all else speaks for itself, signed or not.
                if (record.Zero.First == zero.First && record.One.First == one.First)
                    pair.Inject(party, new ResetFrame(new AgreedReset(encoded, new byte[64], new byte[64])));
                Deliver(pair, party);
                Assert.Equal(0, node.State.Era.Number);
                Assert.False(
                    ResetProposal.TryMake(node.State, out var shown, out _) && shown.Reset.Hash == encoded.Hash);
            }
        }
    }

    [Fact]
    public void A_peer_that_claims_absurd_numbers_moves_a_chain_only_so_far()
    {
        var pair = new LoopPair();
        pair.Settle();
        pair.Inject(Party.Zero, new PageFrame(Hostile.Page(pair.B, "Release 900")));
        Deliver(pair, Party.Zero);
        var hello = pair.A.State.Session!.Theirs!.Hello with { Mine = new Head((1L << 53) - 1, Hash.Of([3])) };
        pair.Cut();
        pair.A.Step(new LinkCurrent(77, 77, hello.Link));
        pair.A.Step(new HelloCame(
            77, 77, hello.Link, new SignedHello(HelloCodec.Encode(hello), new byte[64]), null, null));

        Assert.True(ResetProposal.TryMake(pair.A.State, out var shown, out var refusal), refusal?.Text);
        Assert.InRange(shown.Reset.Reset.One.First, 1L << 32, (1L << 32) + 2_000);
    }

    [Fact]
    public void A_reset_of_an_era_that_is_past_or_from_an_old_link_is_ignored()
    {
        var pair = Frozen();
        var before = pair.A.State;
        Assert.True(ResetProposal.TryMake(before, out var shown, out _));
        var frame = new ResetFrame(new AgreedReset(shown.Reset, new byte[64], new byte[64]));
        pair.A.Step(new ResetCame(before.Session!.Link + 1, frame.Reset, null));
        Assert.Same(before, pair.A.State);

        Resolve(pair);
        pair.Inject(Party.Zero, frame);
        Deliver(pair, Party.Zero);
        Assert.Equal(1, pair.A.State.Era.Number);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void An_offer_of_an_earlier_session_is_not_completed()
    {
        var pair = Frozen();
        pair.A.ConfirmReset();
        Deliver(pair, Party.One);
        pair.Cut();
        // The one who signed loses its memory of that; the other may not complete it behind its back.
        pair.Kill(Party.Zero);
        pair.A.Disk = pair.A.Disk with { Snapshot = pair.A.Disk.Snapshot! with { Offer = null } };
        pair.A.Start();
        pair.Settle();
        Assert.Null(pair.B.State.Session!.Offer);
        Assert.Null(pair.B.ConfirmReset());
        Assert.Equal(0, pair.B.State.Era.Number);
    }

    [Fact]
    public void A_fault_about_a_page_that_a_reset_left_behind_freezes_nothing()
    {
        var pair = Frozen();
        var fault = FaultCodec.Encode(new Fault(
            pair.Terms.Id, Party.One, pair.A.Disk.Pages[Party.Zero][0], Rejections.OverLimit.Name));
        Resolve(pair);
        pair.Inject(Party.Zero, new FaultFrame(new SignedFault(fault, new byte[64])));
        Deliver(pair, Party.Zero);
        Assert.Null(pair.A.State.Freeze);
    }

    private static int StepsOf(Party asks)
    {
        var run = new ResetRun(asks);
        run.Play();
        Assert.Equal(1, run.Pair.A.State.Era.Number);
        run.AssertReset("nothing happened");
        return run.Steps;
    }

    private static LoopPair Frozen()
    {
        var run = new ResetRun(Party.Zero);
        run.PlayUntilFrozen();
        return run.Pair;
    }

    private static void Resolve(LoopPair pair)
    {
        Assert.Null(pair.A.ConfirmReset());
        pair.Settle();
        Assert.Null(pair.B.ConfirmReset());
        pair.Settle();
        Assert.Equal(1, pair.A.State.Era.Number);
    }

    private static void Deliver(LoopPair pair, Party to)
    {
        while (pair.DeliverOne(to))
        {
        }
    }
}
