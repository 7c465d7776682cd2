using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>
/// Which pairs of chains need not be visited, because another one that is visited differs from it only in names. Every
/// line is offered and judged nevertheless; these only decide what is followed.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>No rule asks which party is Zero. Of a pair and its mirror image the one is visited in which Zero writes
/// first, or, when neither first page saw the other, in which Zero's first page has the smaller code.</item>
/// <item>A limit or a version that is in force already changes nothing but the places of the lines after it. Only a
/// limit alone on its page is followed, because the page says what its author has seen.</item>
/// <item>Two lines next to each other on a page that read nothing of what the other writes can change places: both
/// orders have the same verdicts and, up to the places on that page, the same fold. The own limit and version are read
/// by the other party alone. Payments and holds only read limits and totals, and what they write no settlement rule
/// reads, nor does a Release change what its author owes at worst. Of two such orders one is followed; of two limits
/// on a page the first is never in force for anybody, and what it adds to what is shown only widens T5's bound.</item>
/// </list>
/// </remarks>
internal static class Reduction
{
    /// <summary>Whether a valid line is followed after the lines that stand on its page.</summary>
    /// <param name="author">What was known of its author before the page.</param>
    /// <param name="before">The lines before it on the page.</param>
    /// <param name="line">The line.</param>
    public static bool Follows(PartyFold author, List<Line> before, Line line)
    {
        if (before is [LimitLine first, ..] && author.HasLimit && author.Limit == first.Limit)
            return false;
        if (line is VersionLine version && author.Version >= version.Version)
            return false;
        return before.Count == 0 || line switch
        {
            LimitLine => false,
            VersionLine => before[^1] is LimitLine,
            PayLine pay => before[^1] is not HoldLine && !IsApartFromRaising(before[^1])
                && (before[^1] is not PayLine last || last.Amount <= pay.Amount),
            HoldLine => !IsApartFromRaising(before[^1]),
            _ => true,
        };
    }

    /// <summary>Whether <paramref name="party"/> may write in this pair at all.</summary>
    public static bool MayWrite(Pair pair, Party party) =>
        party == Party.Zero || pair.CountOf(Party.Zero) > OpeningOf(pair);

    /// <summary>Whether a first page of One beside Zero's is the one of the two mirror images to visit.</summary>
    public static bool Follows(Pair pair, Page page)
    {
        if (page.Author == Party.Zero || page.Number > OpeningOf(pair) + 1 || page.Seen.Number > OpeningOf(pair))
            return true;
        return CodeOf(pair.PageOf(Party.Zero, OpeningOf(pair) + 1).Page) <= CodeOf(page);
    }

    private static int OpeningOf(Pair pair) => pair.OpeningPages / 2;

    private static bool IsApartFromRaising(Line line) =>
        line is ProposeLine or ModifyLine or WithdrawLine or DisputeLine or ReleaseLine;

    // The same for a page and its mirror image. Different pages may share one; then both images are visited.
    private static long CodeOf(Page page)
    {
        var code = page.Seen.Number;
        foreach (var line in page.Lines)
            code = code * 64 + LineCodec.KindOf(line) * 4 + Variant(line);
        return code;
    }

    private static long Variant(Line line) => line switch
    {
        PayLine pay => pay.Amount.Units,
        LimitLine limit => limit.Limit.IsNone ? 3 : limit.Limit.Units,
        ProposeLine propose => propose.PayerIsMe ? 1 : 0,
        _ => 0,
    };
}
