using System.Globalization;
using System.Text;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Every field of a fold as text: two folds are compared in full, and a difference can be read.</summary>
internal static class FoldText
{
    public static string Of(Fold fold)
    {
        var text = new StringBuilder();
        foreach (var party in new[] { Party.Zero, Party.One })
            text.AppendLine(CultureInfo.InvariantCulture, $"{party}: {fold.Of(party)}");
        foreach (var (key, settlement) in fold.Settlements)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"settlement {key}: payer {settlement.Payer}, {string.Join(" then ", settlement.Revisions)}, withdrawn on {settlement.WithdrawnOnPage}, decision {settlement.Decision}, last accepted {settlement.LastAccepted}, booked {settlement.Booked} on {settlement.BookedOnPage}");
        }
        foreach (var (key, hold) in fold.Holds)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"hold {key}: {hold.Amount}, {string.Join(" and ", hold.Locks)}, {hold.Status} on {hold.AnsweredOnPage}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"digest {StateDigest.Of(fold)}");
        return text.ToString();
    }
}
