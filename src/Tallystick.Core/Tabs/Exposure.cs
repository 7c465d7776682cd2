using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;

namespace Tallystick.Core.Tabs;

/// <summary>The most that a peer may come to owe, whatever is on its way.</summary>
public static class Exposure
{
    /// <summary>
    /// The bound in units, or null when it is unbounded: the peer's worst case as known, or the largest own limit that
    /// the peer may still go by, and on top what the peer may still book with this party's consent.
    /// </summary>
    /// <param name="mine">The present view.</param>
    /// <param name="theirs">The peer's chain and the own chain up to what the peer has seen.</param>
    /// <param name="unseen">Own pages that the peer has not confirmed, oldest first.</param>
    /// <param name="me">The own party.</param>
    public static long? ToPeer(Fold mine, Fold theirs, IEnumerable<EncodedPage> unseen, Party me)
    {
        var peer = me.Other();
        var seenByPeer = theirs.Of(me).Head.Number;
        var largest = theirs.Of(me).Limit;
        foreach (var page in unseen)
        {
            foreach (var line in page.Page.Lines)
            {
                if (line is LimitLine { Limit: var limit } && (limit.IsNone || limit.Units > largest.Units))
                    largest = limit;
                if (largest.IsNone)
                    return null;
            }
        }
        if (largest.IsNone)
            return null;
        var bound = Math.Max(mine.WorstCaseDebtOf(peer), largest.Units);
        foreach (var settlement in mine.Settlements.Values)
            bound += Consent(settlement, me, seenByPeer);
        return bound;
    }

    // What the peer, as receiver, may still book with a signature that this party has given.
    private static long Consent(Settlement settlement, Party me, long seenByPeer)
    {
        if (settlement.Payer != me || settlement.Booked is not null)
            return 0;
        if (settlement.Proposer != me)
            return settlement.IsClosed || settlement.LastAccepted != settlement.Newest.Ref ? 0 : Newest(settlement);
        if (settlement.WithdrawnOnPage != 0 && settlement.WithdrawnOnPage <= seenByPeer)
            return 0;
        var highest = 0L;
        for (var i = settlement.Revisions.Length - 1; i >= 0; i--)
        {
            var revision = settlement.Revisions[i];
            highest = Math.Max(highest, revision.Amount.Units);
            if (revision.Ref.Page <= seenByPeer)
                break;
        }
        return highest;
    }

    private static long Newest(Settlement settlement) => settlement.Newest.Amount.Units;
}
