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
        var joint = Fold.Empty(tab);
        var (my, theirs) = (0L, 0L);
        try
        {
            my = CountSigned(shown.Me, cancel);
            theirs = wrong is null ? CountSigned(them, cancel) : 0;
            // Only pages that their authors have signed are folded.
            if (wrong is null)
                Judge(them, cancel);
            if (wrong is null)
                joint = Judge(shown.Me, cancel);
            if (wrong is null)
            {
                joint = AddRest(joint, them, cancel);
                wrong = Differs(joint);
            }
        }
        catch (Exception e) when (e is StoreFailedException or InvalidOperationException)
        {
            wrong = $"the book is damaged: {e.Message}";
        }
        return new ReplayResult(my, theirs, signatures, joint.DebtOf(them), wrong);
    }

    /// <summary>Checks that each page is what its hash says, follows the one before it and is signed.</summary>
    private long CountSigned(Party author, CancellationToken cancel)
    {
        var head = Head.Empty(tab);
        foreach (var page in Chain(author, from: 1, cancel))
        {
            wrong = CheckForm(author, page, head);
            if (wrong is not null)
                break;
            head = page.Content.Head;
        }
        return head.Number;
    }

    /// <summary>The view of the author's last page, when every page of it is good.</summary>
    private Fold Judge(Party author, CancellationToken cancel)
    {
        var view = Fold.Empty(tab);
        using var others = Chain(author.Other(), from: 1, cancel).GetEnumerator();
        foreach (var page in Chain(author, from: 1, cancel))
        {
            var draft = new FoldDraft(view);
            while (draft.Of(author.Other()).Head.Number < page.Page.Seen.Number && others.MoveNext())
                draft.Apply(others.Current.Content);
            if (PageCheck.Judge(draft.ToFold(), page.Content, out var after) is { } refusal)
            {
                wrong = $"{Name(author, page)} breaks a rule: {refusal}";
                return view;
            }
            view = after!;
        }
        return view;
    }

    private string? CheckForm(Party author, SignedPage page, Head before)
    {
        if (Hash.Of(page.Content.Bytes.Span) != page.Hash)
            return $"{Name(author, page)} is stored under another hash.";
        if (page.Page.Number != before.Number + 1 || page.Page.Previous != before.Hash || page.Page.Author != author)
            return $"{Name(author, page)} does not follow page {before.Number}.";
        signatures++;
        return keys.Verify(shown.Terms.KeyOf(author), page.Hash, page.Signature.Span)
            ? null
            : $"{Name(author, page)} has a bad signature.";
    }

    private string Name(Party author, SignedPage page) =>
        $"{(author == shown.Me ? "my" : "their")} page {page.Page.Number}";

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
        return joint.TotalsFor(shown.Me) != expected.TotalsFor(shown.Me)
            || StateDigest.Of(joint) != StateDigest.Of(expected)
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
