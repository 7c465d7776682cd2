using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>
/// A page that is being written, and the three folds of its view that were made along different ways.
/// </summary>
/// <param name="author">Its author.</param>
/// <param name="number">Its number.</param>
/// <param name="view">The author's view.</param>
/// <param name="receivers">The receiver's.</param>
/// <param name="third">That of somebody who replays both chains from nothing.</param>
/// <param name="others">The lines of the other chain that the page has seen.</param>
internal sealed class Hand(
    Party author, int number, Fold view, Fold receivers, Fold third, List<(Ref At, Line Line)> others)
{
    private static readonly Hash Basis = Hash.Of("basis"u8);

    public Party Author => author;

    public int Number => number;

    public Fold View => view;

    public Fold Receivers => receivers;

    public Fold Third => third;

    /// <summary>The lines on the page so far.</summary>
    public List<Line> Lines { get; } = [];

    /// <summary>The author's lines up to and with those on the page.</summary>
    public List<(Ref At, Line Line)> Own { get; } = [];

    public List<(Ref At, Line Line)> Others => others;

    /// <summary>What bounds the author's worst debt after the lines so far; null is nothing.</summary>
    public long? Bound { get; set; }

    /// <summary>
    /// Whether a receipt says anything: a page with lines that the author's page before had not seen.
    /// </summary>
    public bool HasNewsFor(Pair pair)
    {
        var seen = (int)view.Of(author.Other()).Head.Number;
        return others.Count > pair.LinesUpTo(author.Other(), Math.Min(seen, pair.SeenBy(author))).Count;
    }

    /// <summary>The page as its author would finish it; a refused line counts for nothing in the totals.</summary>
    public EncodedPage Compose(Head seen, FoldDraft draft, Line? refused)
    {
        var after = draft.ToFold();
        return PageCodec.Encode(new Page
        {
            Tab = view.Tab,
            Author = author,
            Number = number,
            Previous = view.Of(author).Head.Hash,
            Seen = seen,
            Basis = Basis,
            TimeMs = 0,
            Lines = refused is null ? [.. Lines] : [.. Lines, refused],
            Totals = after.TotalsFor(author),
            StateDigest = StateDigest.Of(after),
        });
    }
}
