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
            text.Append(CultureInfo.InvariantCulture, $"settlement {key}: payer {settlement.Payer}, ")
                .AppendJoin(" then ", settlement.Revisions)
                .Append(CultureInfo.InvariantCulture, $", withdrawn on {settlement.WithdrawnOnPage}, ")
                .Append(CultureInfo.InvariantCulture, $"decision {settlement.Decision}, ")
                .Append(CultureInfo.InvariantCulture, $"last accepted {settlement.LastAccepted}, ")
                .AppendLine(CultureInfo.InvariantCulture, $"booked {settlement.Booked} on {settlement.BookedOnPage}");
        }
        foreach (var (key, hold) in fold.Holds)
        {
            text.Append(CultureInfo.InvariantCulture, $"hold {key}: {hold.Amount}, ")
                .AppendJoin(" and ", hold.Locks)
                .AppendLine(CultureInfo.InvariantCulture, $", {hold.Status} on {hold.AnsweredOnPage}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"digest {StateDigest.Of(fold)}");
        return text.ToString();
    }
}
