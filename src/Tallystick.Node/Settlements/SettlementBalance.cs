using Tallystick.Core.Pages;

namespace Tallystick.Node.Settlements;

/// <summary>
/// Where this node stands with its peer without and with a settlement's amount. For one that is booked, the page that
/// booked it says so, in the same figures for both parties and for anybody who checks that page alone.
/// </summary>
internal static class SettlementBalance
{
    /// <summary>In units, positive when the peer owes.</summary>
    public static (long Before, long After) Of(KnownSettlement known)
    {
        var amount = known.Shown.Amount.Units;
        // The receiver of the money comes to owe it.
        var change = known.IsPaying ? amount : -amount;
        if (known.Booking is { } booking)
        {
            var after = Stated(booking.Page, known);
            return (after - change, after);
        }
        var now = known.Tab.Balance;
        return (now, known.IsOver ? now : now + change);
    }

    private static long Stated(Page page, KnownSettlement known)
    {
        var debtOfAuthor = page.Totals.Given - page.Totals.Taken;
        return page.Author == known.Tab.Me ? -debtOfAuthor : debtOfAuthor;
    }
}
