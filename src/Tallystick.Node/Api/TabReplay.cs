using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Identity;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary>What a replay of one tab found.</summary>
/// <param name="Wrong">The first thing that is wrong, as the end of a sentence, or null.</param>
internal sealed record ReplayResult(long MyPages, long PeerPages, long Signatures, long BalanceUnits, string? Wrong);

/// <summary>
/// Replays a tab from its stored pages alone: each chain is judged as its author had to judge it, and then both
/// chains together must give what this node shows. Pages are read in small parts, so memory does not grow.
/// </summary>
internal sealed class TabReplay(ILedgerStore store, KeyRing keys, TabView shown)
{
    private const int PagesAtOnce = 64;
    private readonly TabId tab = shown.Terms.Id;
    private long signatures;
    private string? wrong;

    public ReplayResult Run(CancellationToken cancel)
    {
        var them = shown.Me.Other();
        var (mine, my) = Judge(shown.Me, cancel);
        var (_, theirs) = wrong is null ? Judge(them, cancel) : (null, 0);
        var joint = mine ?? Fold.Empty(tab);
        if (wrong is null)
        {
            joint = AddRest(joint, them, cancel);
            wrong = Differs(joint);
        }
        return new ReplayResult(my, theirs, signatures, joint.DebtOf(them), wrong);
    }

    /// <summary>The view of the author's last page, and how many pages are good.</summary>
    private (Fold View, long Pages) Judge(Party author, CancellationToken cancel)
    {
        var view = Fold.Empty(tab);
        var count = 0L;
        using var others = Chain(author.Other(), from: 1, cancel).GetEnumerator();
        foreach (var page in Chain(author, from: 1, cancel))
        {
            var draft = new FoldDraft(view);
            while (draft.Of(author.Other()).Head.Number < page.Page.Seen.Number && others.MoveNext())
                draft.Apply(others.Current.Content);
            wrong = Check(author, page, draft.ToFold(), out var after);
            if (wrong is not null)
                return (view, count);
            (view, count) = (after!, count + 1);
        }
        return (view, count);
    }

    private string? Check(Party author, SignedPage page, Fold view, out Fold? after)
    {
        after = null;
        var name = $"{(author == shown.Me ? "my" : "their")} page {page.Page.Number}";
        if (Hash.Of(page.Content.Bytes.Span) != page.Hash)
            return $"{name} is stored under another hash.";
        signatures++;
        if (!keys.Verify(shown.Terms.KeyOf(author), page.Hash, page.Signature.Span))
            return $"{name} has a bad signature.";
        return PageCheck.Judge(view, page.Content, out after) is { } refusal ? $"{name} breaks a rule: {refusal}" : null;
    }

    private Fold AddRest(Fold view, Party author, CancellationToken cancel)
    {
        var draft = new FoldDraft(view);
        foreach (var page in Chain(author, view.Of(author).Head.Number + 1, cancel))
            draft.Apply(page.Content);
        return draft.ToFold();
    }

    private string? Differs(Fold joint)
    {
        var expected = shown.Snapshot.Mine;
        if (joint.Zero.Head != expected.Zero.Head || joint.One.Head != expected.One.Head)
            return "the pages do not reach as far as the book says.";
        return joint.TotalsFor(shown.Me) != expected.TotalsFor(shown.Me) || StateDigest.Of(joint) != StateDigest.Of(expected)
            ? "the pages do not add up to what the book shows."
            : null;
    }

    /// <summary>The chain up to where it was when the replay began.</summary>
    private IEnumerable<SignedPage> Chain(Party author, long from, CancellationToken cancel)
    {
        var last = shown.Snapshot.Mine.Of(author).Head.Number;
        for (var next = from; next <= last;)
        {
            cancel.ThrowIfCancellationRequested();
            var pages = store.ReadPages(tab, author, next, (int)Math.Min(PagesAtOnce, last - next + 1));
            if (pages.Count == 0)
                yield break;
            foreach (var page in pages)
                yield return page.Page;
            next += pages.Count;
        }
    }
}
