using System.Globalization;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Overview;

/// <summary>
/// A balance between its two limits, as a bar with zero in the middle: to the left what this node may owe, to the right
/// what the peer may.
/// </summary>
/// <param name="From">Where the filled part begins, 0 to 100.</param>
/// <param name="Width">How long it is, 0 to 50.</param>
/// <param name="Tone">A class for its colour.</param>
/// <param name="Text">The same in words.</param>
public sealed record LimitBar(string From, string Width, string Tone, string Text)
{
    private const double Middle = 50;

    // Where there is no limit the bar never ends, so any debt fills less than all of it.
    private const double PartWithoutLimit = 0.4;

    internal static LimitBar Of(TabView tab, string peer)
    {
        var balance = tab.Balance;
        var fold = tab.Snapshot.Mine;
        var limit = fold.Of(balance < 0 ? tab.Me.Other() : tab.Me).Limit;
        var width = Middle * PartOf(Math.Abs((double)balance), limit);
        return new LimitBar(
            Number(balance < 0 ? Middle - width : Middle),
            Number(width),
            Say.Tone(AmountText.Format(balance, tab.Terms.Asset)),
            InWords(tab, limit, peer));
    }

    private static double PartOf(double debt, CreditLimit limit) => limit switch
    {
        _ when debt == 0 => 0,
        { IsNone: true } => PartWithoutLimit,
        _ => limit.Units == 0 ? 1 : Math.Min(1, debt / limit.Units),
    };

    private static string InWords(TabView tab, CreditLimit limit, string peer)
    {
        var asset = tab.Terms.Asset;
        if (tab.Balance == 0)
            return "Nothing is owed.";
        var amount = Say.Magnitude(AmountText.Format(tab.Balance, asset));
        var most = limit.IsNone
            ? "without a limit"
            : "of at most " + Say.Magnitude(AmountText.Format(limit.Units, asset));
        return tab.Balance < 0
            ? $"You owe {Say.Name(peer)} {amount}, {most}."
            : $"{Say.Name(peer)} owes you {amount}, {most}.";
    }

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
