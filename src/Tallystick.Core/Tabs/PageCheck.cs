using Tallystick.Core.Pages;

namespace Tallystick.Core.Tabs;

/// <summary>
/// Judges a whole page in its own view: the author's chain before it, and the other party's chain up to exactly the
/// page it has seen. A page is valid as a whole or not at all, and the answer never changes.
/// </summary>
public static class PageCheck
{
    /// <summary>Judges and, if the page is valid, gives the view with it.</summary>
    /// <param name="view">The view of the page; see the type.</param>
    /// <param name="encoded">The page. Its signature is checked elsewhere.</param>
    /// <param name="after">The view after the page, or null when it is refused.</param>
    /// <returns>Why it is refused, or null.</returns>
    public static Refusal? Judge(Fold view, EncodedPage encoded, out Fold? after)
    {
        after = null;
        var page = encoded.Page;
        var refusal = JudgeChain(view, page) ?? PageForm.Check(encoded) ?? JudgeReceipt(view, page);
        if (refusal is not null)
            return refusal;

        var draft = new FoldDraft(view);
        var lines = page.Lines;
        for (var i = 0; i < lines.Length; i++)
        {
            refusal = Rules.Judge(draft, page.Author, lines[i]);
            if (refusal is not null)
                return refusal;
            draft.Apply(page.Author, new Ref(page.Number, i), lines[i]);
        }
        draft.Close(encoded.Head, page);

        var result = draft.ToFold();
        var totals = result.TotalsFor(page.Author);
        if (totals != page.Totals)
            return Refusals.WrongTotals(page.Totals, totals);
        var digest = StateDigest.Of(result);
        if (digest != page.StateDigest)
            return Refusals.WrongDigest(page.StateDigest, digest);
        after = result;
        return null;
    }

    private static Refusal? JudgeChain(Fold view, Page page)
    {
        if (page.Tab != view.Tab)
            return Refusals.WrongTab(page.Tab);
        var (me, peer) = (view.Of(page.Author), view.Of(page.Author.Other()));
        if (page.Number > me.Head.Number + 1)
            return Refusals.Gap(page.Number, me.Head.Number);
        if (page.Number <= me.Head.Number || page.Previous != me.Head.Hash)
            return Refusals.Fork(page.Number);
        if (page.Seen.Number < me.Seen.Number)
            return Refusals.SeenRegress(page.Seen.Number, me.Seen.Number);
        if (page.Seen.Number > peer.Head.Number)
            return Refusals.SeenAhead(page.Seen.Number, peer.Head.Number);
        if (page.Seen.Number < peer.Head.Number)
            throw new InvalidOperationException("The view holds more of the other party than the page has seen.");
        return page.Seen.Hash != peer.Head.Hash ? Refusals.SeenMismatch(page.Seen.Number) : null;
    }

    private static Refusal? JudgeReceipt(Fold view, Page page) =>
        page.IsReceipt && view.Of(page.Author.Other()).LastPageWithLines <= view.Of(page.Author).Seen.Number
            ? Refusals.EmptyReceipt(page.Seen.Number)
            : null;
}
