using FsCheck;
using FsCheck.Fluent;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Properties;

/// <summary>The theorems of the protocol on random pairs of valid chains with lines of every kind.</summary>
public sealed class TheoremTests
{
    private const int MovesEach = 90;

    private static readonly Party[] Parties = [Party.Zero, Party.One];

    [Fact]
    public void T1_every_merge_order_gives_the_same_state() =>
        ForAllHistories(history => Assert.NotNull(new Cuts(history.Chains)));

    // Author, receiver and replay are compared by TwoChains for every page that a history writes or only offers.
    [Fact]
    public void T2_all_three_agree_on_every_page_and_refuse_pages_of_many_kinds()
    {
        var refusedBy = new HashSet<string>();
        foreach (var history in FixedHistories())
            refusedBy.UnionWith(history.RefusedBy.Keys);
        string[] expected =
        [
            "over-limit", "closed", "not-newest", "no-change", "unknown-ref", "already-answered", "empty-receipt",
            "not-receiver",
        ];
        Assert.Superset(expected.ToHashSet(), refusedBy);
    }

    [Fact]
    public void Histories_hold_every_kind_of_line_and_both_outcomes_of_every_rule()
    {
        var verdicts = new HashSet<(string, string?)>();
        var (forgotten, answered, underclaimed) = (0, 0, 0);
        foreach (var history in FixedHistories())
        {
            verdicts.UnionWith(history.Verdicts.Keys);
            var joint = history.Chains.Joint();
            forgotten += Parties.Count(party => joint.Of(party).SettlementsForgottenTo > 0);
            answered += Parties.Count(party => joint.Of(party).HoldsForgottenTo > 0);
            underclaimed += Parties.Count(party =>
                joint.Of(party).Seen.Number < joint.Of(party.Other()).Head.Number);
        }
        foreach (var kind in typeof(Line).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Line))))
        {
            if (kind != typeof(UnknownLine) && kind != typeof(OutOfBoundsLine))
                Assert.Contains((kind.Name, null), verdicts);
        }
        foreach (var refused in new (string, string?)[]
        {
            (nameof(PayLine), "over-limit"), (nameof(HoldLine), "over-limit"), (nameof(HoldLine), "hold-needs-limit"),
            (nameof(ModifyLine), "closed"), (nameof(WithdrawLine), "closed"), (nameof(AcceptLine), "closed"),
            (nameof(AcceptLine), "not-newest"), (nameof(AcceptLine), "no-change"), (nameof(AcceptLine), "unknown-ref"),
            (nameof(DisputeLine), "closed"), (nameof(ReceivedLine), "not-receiver"), (nameof(ReceivedLine), "closed"),
            (nameof(FulfilLine), "already-answered"), (nameof(ReleaseLine), "already-answered"),
        })
        {
            Assert.Contains(refused, verdicts);
        }
        Assert.True(forgotten > 0 && answered > 0 && underclaimed > 0);
    }

    [Fact]
    public void T3_no_view_of_a_party_with_its_whole_chain_shows_less_than_it_owes() =>
        ForAllCuts((_, cuts) =>
        {
            foreach (var party in Parties)
            {
                var (own, peers) = (cuts.CountOf(party), cuts.CountOf(party.Other()));
                for (var whole = 0; whole <= own; whole++)
                {
                    for (var joint = 0; joint <= peers; joint++)
                    {
                        for (var known = 0; known <= joint; known++)
                        {
                            if (cuts.At(party, whole, joint) is { } all && cuts.At(party, whole, known) is { } view)
                                Assert.True(all.DebtOf(party) <= view.WorstCaseDebtOf(party));
                        }
                    }
                }
            }
        });

    [Fact]
    public void T4_worst_debt_is_bounded_by_the_limit_at_the_last_raise_and_the_bookings_after_it() =>
        ForAllCuts((history, cuts) =>
        {
            foreach (var party in Parties)
            {
                var bounds = RaiseBounds.Of(history.Chains, cuts, party);
                for (var own = 0; own <= cuts.CountOf(party); own++)
                {
                    for (var others = 0; others <= cuts.CountOf(party.Other()); others++)
                    {
                        if (bounds[own] is { } bound && cuts.At(party, own, others) is { } joint)
                            Assert.True(joint.WorstCaseDebtOf(party) <= bound);
                    }
                }
            }
        });

    [Fact]
    public void T5_what_is_shown_as_the_most_the_other_may_come_to_owe_is_never_passed() =>
        ForAllCuts((history, cuts) =>
        {
            foreach (var me in Parties)
                AssertExposure(history.Chains, cuts, me);
        });

    [Fact]
    public void T6_a_settlement_is_booked_at_most_once_and_a_hold_answered_at_most_once() =>
        ForAllHistories(history =>
        {
            foreach (var party in Parties)
            {
                var lines = LinesOf(history.Chains, party).Select(placed => placed.Line).ToList();
                var answers = lines.OfType<FulfilLine>().Select(line => line.Hold)
                    .Concat(lines.OfType<ReleaseLine>().Select(line => line.Hold)).ToList();
                Assert.Equal(answers.Count, answers.Distinct().Count());
            }
            var booked = Bookings(history.Chains).Select(booking => booking.Settlement).ToList();
            Assert.Equal(booked.Count, booked.Distinct().Count());
        });

    [Fact]
    public void T7_what_is_settled_or_finally_withdrawn_never_changes() =>
        ForAllCuts((_, cuts) =>
        {
            foreach (var (before, after) in cuts.Steps())
                AssertFinality(before, after);
        });

    [Fact]
    public void T8_both_balances_are_the_plain_sums_of_the_lines_and_cancel_out() =>
        ForAllHistories(history =>
        {
            var joint = history.Chains.Joint();
            var holds = Parties.SelectMany(party => LinesOf(history.Chains, party)
                .Where(placed => placed.Line is HoldLine)
                .Select(placed => (Party: party, placed.At, Units: ((HoldLine)placed.Line).Amount.Units))).ToList();
            foreach (var party in Parties)
            {
                var answered = LinesOf(history.Chains, party.Other()).Select(placed => placed.Line).ToList();
                var fulfilled = answered.OfType<FulfilLine>().Select(line => line.Hold).ToHashSet();
                var released = answered.OfType<ReleaseLine>().Select(line => line.Hold).ToHashSet();
                var mine = holds.Where(hold => hold.Party == party).ToList();
                var paid = LinesOf(history.Chains, party).Select(placed => placed.Line).OfType<PayLine>();
                var given = paid.Sum(pay => pay.Amount.Units)
                    + Bookings(history.Chains).Where(booking => booking.By == party).Sum(booking => booking.Units)
                    + mine.Where(hold => fulfilled.Contains(hold.At)).Sum(hold => hold.Units);
                Assert.Equal(given, joint.Of(party).Given);
                var open = mine.Where(hold => !fulfilled.Contains(hold.At) && !released.Contains(hold.At));
                Assert.Equal(open.Sum(hold => hold.Units), joint.Of(party).Held);
            }
            Assert.Equal(0, joint.DebtOf(Party.Zero) + joint.DebtOf(Party.One));
        });

    [Fact]
    public void T12_receipts_come_to_an_end() =>
        ForAllHistories(history =>
        {
            var chains = history.Chains;
            foreach (var party in Parties)
                chains.Write(party, chains.Of(party.Other()).Count);
            foreach (var party in Parties)
            {
                var receipt = chains.Compose(party, chains.Of(party.Other()).Count);
                Assert.Equal(Rejections.EmptyReceipt, chains.Judge(receipt)?.Why);
            }
            foreach (var party in Parties)
            {
                var joint = chains.Joint();
                Assert.DoesNotContain(joint.Settlements.Values, settlement =>
                    settlement.IsClosed && settlement.Proposer == party
                    && joint.Of(party).Seen.Number == joint.Of(party.Other()).Head.Number
                    && joint.Of(party.Other()).Seen.Number == joint.Of(party).Head.Number);
            }
        });

    private static void AssertExposure(TwoChains chains, Cuts cuts, Party me)
    {
        var peer = me.Other();
        for (var own = 0; own <= cuts.CountOf(me); own++)
        {
            for (var known = 0; known <= cuts.CountOf(peer); known++)
            {
                if (cuts.At(me, own, known) is not { } mine)
                    continue;
                var covered = known == 0 ? 0 : (int)chains.Of(peer)[known - 1].Page.Seen.Number;
                var theirs = cuts.At(me, covered, known)!;
                var bound = Exposure.ToPeer(mine, theirs, chains.Of(me).Take(own).Skip(covered), me);
                for (var joint = known; bound is not null && joint <= cuts.CountOf(peer); joint++)
                {
                    if (cuts.At(me, own, joint) is { } later)
                        Assert.True(later.WorstCaseDebtOf(peer) <= bound, $"{later.WorstCaseDebtOf(peer)} > {bound}");
                }
            }
        }
    }

    private static void AssertFinality(Fold before, Fold after)
    {
        foreach (var (key, was) in before.Settlements)
        {
            var isNow = after.Settlements.GetValueOrDefault(key);
            if (was.Booked is not null)
                Assert.True(isNow is null || isNow.Booked == was.Booked);
            if (was.Status() == SettlementStatus.Withdrawn && was.Proposer == was.Receiver)
                Assert.True(isNow is null || isNow.Status() == SettlementStatus.Withdrawn);
            Assert.True(
                isNow is not null || was.IsClosed || after.Of(was.Proposer).SettlementsForgottenTo >= was.Ref.Page);
        }
        // What is forgotten stays forgotten: only the newest page of its proposer brings a settlement in.
        foreach (var (key, isNow) in after.Settlements)
            Assert.True(before.Settlements.ContainsKey(key) || key.Ref.Page > before.Of(isNow.Proposer).Head.Number);
        foreach (var (key, isNow) in after.Holds)
            Assert.True(before.Holds.ContainsKey(key) || key.Ref.Page > before.Of(isNow.Author).Head.Number);
    }

    private static IEnumerable<(Ref At, Line Line)> LinesOf(TwoChains chains, Party party) =>
        chains.Of(party).SelectMany(page => page.Page.Lines.Select((line, i) => (new Ref(page.Page.Number, i), line)));

    // What was booked, read from the lines alone: by whom, of which settlement, how much.
    private static IEnumerable<(Party By, (Party, Ref) Settlement, long Units)> Bookings(TwoChains chains)
    {
        foreach (var proposer in Parties)
        {
            var revisions = new Dictionary<Ref, (Ref First, bool PayerIsProposer, long Units)>();
            foreach (var (at, line) in LinesOf(chains, proposer))
            {
                if (line is ProposeLine propose)
                    revisions[at] = (at, propose.PayerIsMe, propose.Amount.Units);
                else if (line is ModifyLine modify)
                    revisions[at] = revisions[modify.Settlement] with { Units = modify.Amount.Units };
            }
            foreach (var (_, line) in LinesOf(chains, proposer.Other()))
            {
                if (line is AcceptLine accept && revisions[accept.Revision] is { PayerIsProposer: true } taken)
                    yield return (proposer.Other(), (proposer, taken.First), taken.Units);
            }
            foreach (var (_, line) in LinesOf(chains, proposer))
            {
                if (line is ReceivedLine received)
                {
                    var booked = revisions[received.Revision];
                    yield return (proposer, (proposer, booked.First), booked.Units);
                }
            }
        }
    }

    // The same on every run, because what they are asked is whether the random ones can be trusted to try everything.
    private static IEnumerable<History> FixedHistories()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var moves = Enumerable.Range(0, MovesEach).Select(_ => random.Next(1 << History.MoveBits));
            yield return new History([.. moves]);
        }
    }

    private static void ForAllCuts(Action<History, Cuts> check) =>
        ForAllHistories(history => check(history, new Cuts(history.Chains)));

    private static void ForAllHistories(Action<History> check)
    {
        var moves = Gen.ArrayOf(Gen.Choose(0, (1 << History.MoveBits) - 1), MovesEach);
        Prop.ForAll(Arb.From(moves, Shorter), list => check(new History(list)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private static IEnumerable<int[]> Shorter(int[] moves)
    {
        for (var part = moves.Length / 2; part >= 1; part /= 2)
        {
            for (var from = 0; from + part <= moves.Length; from += part)
                yield return [.. moves[..from], .. moves[(from + part)..]];
        }
    }
}
