using Tallystick.Core.Holds;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Every field of a fold as text: two folds are compared in full, and a difference can be read.</summary>
internal static class FoldText
{
    public static string Of(Fold fold) => string.Join('\n',
    [
        $"zero: {fold.Zero}",
        $"one: {fold.One}",
        .. fold.Settlements.Select(pair => $"settlement {pair.Key}: {Of(pair.Value)}"),
        .. fold.Holds.Select(pair => $"hold {pair.Key}: {Of(pair.Value)}"),
        $"digest {StateDigest.Of(fold)}",
    ]);

    private static string Of(Settlement settlement) =>
        $"payer {settlement.Payer}, {string.Join(" then ", settlement.Revisions)}, "
        + $"withdrawn on {settlement.WithdrawnOnPage}, {settlement.Decision}, last accepted {settlement.LastAccepted}, "
        + $"booked {settlement.Booked} on {settlement.BookedOnPage}";

    private static string Of(Hold hold) =>
        $"{hold.Amount}, {string.Join(" and ", hold.Locks)}, {hold.Status} on {hold.AnsweredOnPage}";
}
