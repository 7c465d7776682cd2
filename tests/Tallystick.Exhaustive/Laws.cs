using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>The theorems of the protocol, asked of a pair of chains as a whole.</summary>
/// <remarks>
/// Every pair of prefixes that contain what they have seen is a pair of its own, and is visited. So it is enough to
/// look at the fold of both whole chains, and at the views that one party had on the way there.
/// </remarks>
internal static class Laws
{
    /// <summary>The first theorem that does not hold, and what differs; null when all hold.</summary>
    public static (string Law, string Text)? Broken(Pair pair)
    {
        var (zeros, ones) = (pair.CountOf(Party.Zero), pair.CountOf(Party.One));
        var byZero = pair.EndingWith(Party.Zero, Party.Zero, zeros, ones);
        var byOne = pair.EndingWith(Party.One, Party.Zero, zeros, ones);
        if (byZero is not null && byOne is not null && !SameFold.Are(byZero, byOne))
            return ("T1", "two merge orders give different states");
        var joint = (byZero ?? byOne)!;
        foreach (var party in Pair.Parties)
        {
            var worst = joint.WorstCaseDebtOf(party);
            if (worst > pair.BoundOf(party, pair.CountOf(party)))
                return ("T4", $"{party} may owe {worst}, more than {pair.BoundOf(party, pair.CountOf(party))}");
            if (Shown(pair, joint, party) is { } broken)
                return broken;
            if (LineSums.Of(pair, party) != (joint.Of(party).Given, joint.Of(party).Held))
                return ("T8", $"the lines of {party} add up to {LineSums.Of(pair, party)}, not to {joint.Of(party)}");
            if (LineSums.Problem(pair, party) is { } problem)
                return ("T6", problem);
            if (LastStep(pair, party) is { } before && Changed(before, joint) is { } changed)
                return ("T7", changed);
        }
        if (joint.DebtOf(Party.Zero) + joint.DebtOf(Party.One) != 0)
            return ("T8", "the two debts do not cancel out");
        return IsQuiet(joint) && HoldsClosedRecords(joint) ? ("T8", "a record is kept that nothing can name") : null;
    }

    /// <summary>What bounds a party's worst debt after one more line, given what bounded it before.</summary>
    /// <param name="before">The limit at the last raise and the bookings with consent after it; null is none.</param>
    /// <param name="view">The view in which the line is judged.</param>
    /// <param name="author">The line's author.</param>
    /// <param name="line">A valid line.</param>
    public static long? Bound(long? before, FoldDraft view, Party author, Line line)
    {
        switch (line)
        {
            case AcceptLine accept:
                return view.FindByRevision(author.Other(), accept.Revision) is { } theirs && theirs.Receiver == author
                    ? before + theirs.Find(accept.Revision)!.Amount.Units
                    : before;
            case ReceivedLine received when view.FindByRevision(author, received.Revision) is { } mine
                && mine.Decision == new Decision(true, received.Revision):
                return before + mine.Find(received.Revision)!.Amount.Units;
            case PayLine or HoldLine or ReceivedLine:
                var limit = view.Of(author.Other()).Limit;
                return limit.IsNone ? null : limit.Units;
            default:
                return before;
        }
    }

    // In each view that a party had with its whole chain: T3, its worst case is no less than what it owes; T5, what it
    // was shown as the most that the other may come to owe is no less than that.
    private static (string Law, string Text)? Shown(Pair pair, Fold joint, Party me)
    {
        var (own, others) = (pair.CountOf(me), pair.CountOf(me.Other()));
        for (var known = pair.SeenBy(me); known <= others; known++)
        {
            if (!pair.Fits(me, own, known))
                continue;
            var view = pair.At(me, own, known, me)!;
            if (joint.DebtOf(me) > view.WorstCaseDebtOf(me))
                return ("T3", $"{me} owes {joint.DebtOf(me)} and was shown {view.WorstCaseDebtOf(me)} with {known}");
            if (joint.WorstCaseDebtOf(me.Other()) > pair.ShownTo(me, own, known))
            {
                return ("T5", $"{me.Other()} may owe {joint.WorstCaseDebtOf(me.Other())}, but {me} was shown "
                    + $"{pair.ShownTo(me, own, known)} with {known}");
            }
        }
        return null;
    }

    // The state before the newest page of this party, if the other chain does not need that page.
    private static Fold? LastStep(Pair pair, Party party)
    {
        var (own, others) = (pair.CountOf(party), pair.CountOf(party.Other()));
        return own > 0 && pair.Fits(party, own - 1, others) ? pair.At(party, own - 1, others, party) : null;
    }

    private static string? Changed(Fold before, Fold after)
    {
        foreach (var (key, was) in before.Settlements)
        {
            after.Settlements.TryGetValue(key, out var now);
            if (was.Booked is not null && now is not null && now.Booked != was.Booked)
                return $"settlement {key} was settled and is now {now.Status()}";
            if (was.Status() == SettlementStatus.Withdrawn && was.Proposer == was.Receiver && now is not null
                && now.Status() != SettlementStatus.Withdrawn)
                return $"settlement {key} was withdrawn by its receiver and is now {now.Status()}";
            if (now is null && !was.IsClosed && after.Of(key.Creator).SettlementsForgottenTo < was.Ref.Page)
                return $"settlement {key} was open and is forgotten";
        }
        foreach (var (key, _) in after.Settlements)
        {
            if (!before.Settlements.ContainsKey(key) && key.Ref.Page <= before.Of(key.Creator).Head.Number)
                return $"settlement {key} was forgotten and is back";
        }
        foreach (var (key, now) in after.Holds)
        {
            if (!before.Holds.TryGetValue(key, out var was))
            {
                if (key.Ref.Page <= before.Of(key.Creator).Head.Number)
                    return $"hold {key} was forgotten and is back";
            }
            else if (was.AnsweredOnPage != 0 && was.Status != now.Status)
            {
                return $"hold {key} was {was.Status} and is now {now.Status}";
            }
        }
        return null;
    }

    private static bool IsQuiet(Fold joint) =>
        joint.Zero.Seen.Number == joint.One.Head.Number && joint.One.Seen.Number == joint.Zero.Head.Number;

    private static bool HoldsClosedRecords(Fold joint)
    {
        foreach (var (_, settlement) in joint.Settlements)
        {
            if (settlement.IsClosed)
                return true;
        }
        foreach (var (_, hold) in joint.Holds)
        {
            if (hold.AnsweredOnPage != 0)
                return true;
        }
        return false;
    }
}
