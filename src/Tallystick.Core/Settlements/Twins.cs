using Tallystick.Core.Tabs;

namespace Tallystick.Core.Settlements;

/// <summary>Settlements that may stand for the same money outside. Rules cannot tell; people can.</summary>
public static class Twins
{
    /// <summary>
    /// Other open settlements of the view with the same payer and an equal amount or reference, in the order of their
    /// names. Empty references are not equal to each other.
    /// </summary>
    public static IReadOnlyList<Settlement> Of(Fold view, Settlement settlement)
    {
        var mine = SettlementTrail.Shown(settlement);
        return [.. view.Settlements.Values.Where(IsTwin)];

        bool IsTwin(Settlement other) =>
            !other.IsClosed
            && other.Payer == settlement.Payer
            && (other.Proposer, other.Ref) != (settlement.Proposer, settlement.Ref)
            && (other.Newest.Amount == mine.Amount
                || (mine.Reference.Length > 0 && other.Newest.Reference == mine.Reference));
    }
}
