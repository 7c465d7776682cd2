using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Api;

/// <summary>What a line says, in the words of the history.</summary>
internal static class LineText
{
    public static (string Kind, string? Amount, string? Text) Of(Line line, Asset asset) => line switch
    {
        PayLine pay => ("pay", AmountText.Format(pay.Amount.Units, asset), NullIfEmpty(pay.Memo)),
        LimitLine limit => ("limit", TabFigures.LimitText(limit.Limit, asset), null),
        ProposeLine propose =>
            ("propose", AmountText.Format(propose.Amount.Units, asset), Join(propose.Method, propose.Reference)),
        ModifyLine modify =>
            ("modify", AmountText.Format(modify.Amount.Units, asset), Join(modify.Method, modify.Reference)),
        WithdrawLine => ("withdraw", null, null),
        AcceptLine => ("accept", null, null),
        DisputeLine dispute => ("dispute", null, NullIfEmpty(dispute.Reason)),
        ReceivedLine => ("received", null, null),
        HoldLine hold => ("hold", AmountText.Format(hold.Amount.Units, asset), null),
        FulfilLine => ("fulfil", null, null),
        ReleaseLine release => ("release", null, NullIfEmpty(release.Reason)),
        VersionLine version => ("version", null, version.Version.ToString()),
        _ => throw new InvalidOperationException($"{line.GetType().Name} is never stored."),
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    // That something is asked for is said by its kind.
    private static string? Join(string method, string reference) => NullIfEmpty(string.Join(
        ' ',
        new[] { method == SettlementMethods.Ask ? string.Empty : method, reference }
            .Where(part => part.Length > 0)));
}
