using System.Collections.Immutable;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.People;

/// <summary>Kinds of wishes of a person.</summary>
internal enum Want
{
    Pay,
    PayTwice,
    Limit,
    NoLimit,
    ProposeIPaid,
    ProposeYouPaid,
    Modify,
    Withdraw,
    Accept,
    AcceptOld,
    Dispute,
    Received,
    Hold,
    Fulfil,
    Release,
    BookOneCloseOther,
}

/// <summary>Turns what a person wants into lines, by what the person's screen shows.</summary>
internal static class Wanting
{
    private const int Locks = 8;

    private static readonly ImmutableArray<Hash> LockOf =
        [.. Enumerable.Range(0, Locks).Select(i => Hash.Of(Names.Preimage(i).ToArray()))];

    /// <summary>Packs a wish into a number.</summary>
    /// <param name="want">Its kind.</param>
    /// <param name="pick">Which of several settlements or holds.</param>
    /// <param name="amount">Units, at most 2^40.</param>
    public static long Pack(Want want, int pick, long amount) => (long)want | ((long)(byte)pick << 8) | (amount << 16);

    /// <summary>The lines of a wish, or null when the screen shows nothing that it could mean.</summary>
    public static ImmutableArray<Line>? Lines(TabState shown, RequestId id, long packed)
    {
        var (want, pick, units) = ((Want)(packed & 0xff), (int)(packed >> 8) & 0xff, Math.Max(1, packed >> 16));
        var amount = Amount.FromUnits(units);
        var view = shown.Mine;
        return want switch
        {
            Want.Pay => [new PayLine(id, amount, "")],
            Want.PayTwice => [new PayLine(id, amount, "one"), new PayLine(id, amount, "two")],
            Want.Limit => [new LimitLine(id, CreditLimit.FromUnits(units - 1))],
            Want.NoLimit => [new LimitLine(id, CreditLimit.None)],
            Want.ProposeIPaid => [new ProposeLine(id, true, amount, "cash", "")],
            Want.ProposeYouPaid => [new ProposeLine(id, false, amount, "bank", "")],
            Want.Modify => Pick(Own(view, shown.Me), pick) is { } own
                ? [new ModifyLine(id, own.Ref, amount, "cash", "")]
                : null,
            Want.Withdraw => Pick(Own(view, shown.Me), pick) is { } own ? [new WithdrawLine(id, own.Ref)] : null,
            Want.Accept => Pick(Own(view, shown.Peer), pick) is { } theirs
                ? [new AcceptLine(id, theirs.Newest.Ref)]
                : null,
            Want.AcceptOld => Pick(Own(view, shown.Peer), pick) is { } theirs
                ? [new AcceptLine(id, theirs.Revisions[0].Ref)]
                : null,
            Want.Dispute => Pick(Own(view, shown.Peer), pick) is { } theirs
                ? [new DisputeLine(id, theirs.Newest.Ref, "no")]
                : null,
            Want.Received => Pick(Own(view, shown.Me), pick) is { } own
                ? [new ReceivedLine(id, own.Newest.Ref)]
                : null,
            Want.Hold => [new HoldLine(id, amount, [LockOf[pick % Locks]], [], shown.Terms.Asset.Scale)],
            Want.Fulfil => Pick(HoldsOf(view, shown.Peer), pick) is { } hold
                ? [new FulfilLine(id, hold.Ref, [Names.Preimage(LockOf.IndexOf(hold.Locks[0]))])]
                : null,
            Want.Release => Pick(HoldsOf(view, shown.Peer), pick) is { } hold
                ? [new ReleaseLine(id, hold.Ref, "late")]
                : null,
            _ => BookOneCloseOther(shown, id, pick),
        };
    }

    // Two settlements for one transfer: one is booked and the other closed, in one page.
    private static ImmutableArray<Line>? BookOneCloseOther(TabState shown, RequestId id, int pick) =>
        Pick(Own(shown.Mine, shown.Peer), pick) is { } theirs && Pick(Own(shown.Mine, shown.Me), pick) is { } own
            ? [new AcceptLine(id, theirs.Newest.Ref), new WithdrawLine(id, own.Ref)]
            : null;

    private static List<Settlement> Own(Fold view, Party proposer) =>
        [.. view.Settlements.Values.Where(settlement => settlement.Proposer == proposer && !settlement.IsClosed)];

    private static List<Hold> HoldsOf(Fold view, Party author) =>
        [.. view.Holds.Values.Where(hold => hold.Author == author && hold.Status == HoldStatus.Open)];

    private static T? Pick<T>(List<T> from, int pick) where T : class =>
        from.Count == 0 ? null : from[pick % from.Count];
}
