using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
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
    private readonly ImmutableArray<AgreedReset> resets = shown.Snapshot.Resets;
    private long signatures;
    private string? wrong;

    public ReplayResult Run(CancellationToken cancel)
    {
        var them = shown.Me.Other();
        var joint = Fold.Empty(tab);
        var (my, theirs) = (0L, 0L);
        try
        {
            wrong = CheckResets();
            my = wrong is null ? CountSigned(shown.Me, cancel) : 0;
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

    /// <summary>Checks that each reset follows the one before it and is signed by both.</summary>
    private string? CheckResets()
    {
        var era = Head.Empty(tab);
        foreach (var agreed in resets)
        {
            var (reset, hash) = (agreed.Reset, agreed.Content.Hash);
            if (reset.Tab != tab || reset.Era != era.Number + 1 || reset.Previous != era.Hash)
                return $"reset {reset.Era} does not follow reset {era.Number}.";
            if (!keys.Verify(shown.Terms.Key0, hash, agreed.SignatureOfZero.Span)
                || !keys.Verify(shown.Terms.Key1, hash, agreed.SignatureOfOne.Span))
            {
                return $"reset {reset.Era} has a bad signature.";
            }
            signatures += 2;
            era = agreed.Content.Head;
        }
        return null;
    }

    /// <summary>Checks that each page is what its hash says, follows the one before it and is signed.</summary>
    private long CountSigned(Party author, CancellationToken cancel)
    {
        var (head, era, count) = (Head.Empty(tab), 0, 0L);
        foreach (var page in Chain(author, from: 1, cancel))
        {
            wrong = Cross(author, page.Page.Number, ref head, ref era) ?? CheckForm(author, page, head);
            if (wrong is not null)
                return count;
            head = page.Content.Head;
            count++;
        }
        wrong = Cross(author, long.MaxValue, ref head, ref era);
        return count;
    }

    // A reset must keep exactly the page that stands before it; the next page follows the reset.
    private string? Cross(Party author, long number, ref Head head, ref int era)
    {
        for (; era < resets.Length && resets[era].Reset.Of(author).First <= number; era++)
        {
            var kept = resets[era].Reset.Of(author).Kept;
            if (head != kept)
                return $"reset {era + 1} keeps page {kept.Number}, but the chain before it ends with {head.Number}.";
            head = new Head(resets[era].Reset.Of(author).First - 1, resets[era].Content.Hash);
        }
        return null;
    }

    /// <summary>The view of the author's last page, when every page of it is good.</summary>
    private Fold Judge(Party author, CancellationToken cancel)
    {
        var (view, era) = (Fold.Empty(tab), 0);
        using var others = Chain(author.Other(), from: 1, cancel).GetEnumerator();
        foreach (var page in Chain(author, from: 1, cancel))
        {
            view = Cross(author, page.Page.Number, view, others, ref era);
            var draft = new FoldDraft(view);
            ApplyUpTo(page.Page.Seen.Number, author.Other(), draft, others);
            if (wrong is not null)
                return view;
            if (PageCheck.Judge(draft.ToFold(), page.Content, out var after) is { } refusal)
            {
                wrong = $"{Name(author, page)} breaks a rule: {refusal}";
                return view;
            }
            view = after!;
        }
        return Cross(author, long.MaxValue, view, others, ref era);
    }

    // A reset must say what both chains add up to where they end; the tab goes on with what it carries.
    private Fold Cross(Party author, long number, Fold view, IEnumerator<SignedPage> others, ref int era)
    {
        for (; wrong is null && era < resets.Length && resets[era].Reset.Of(author).First <= number; era++)
        {
            var (agreed, before) = (resets[era], era == 0 ? Head.Empty(tab) : resets[era - 1].Content.Head);
            var draft = new FoldDraft(view);
            ApplyUpTo(agreed.Reset.Of(author.Other()).Kept.Number, author.Other(), draft, others);
            var (zero, one) = (agreed.Reset.Zero.First, agreed.Reset.One.First);
            if (ResetCodec.Encode(Reset.Of(draft.ToFold(), before, zero, one)).Hash != agreed.Content.Hash)
                wrong = $"reset {era + 1} does not carry what the pages before it add up to.";
            view = agreed.Reset.ToFold(agreed.Content.Hash);
        }
        return view;
    }

    private static void ApplyUpTo(long number, Party author, FoldDraft draft, IEnumerator<SignedPage> pages)
    {
        while (draft.Of(author).Head.Number < number && pages.MoveNext())
            draft.Apply(pages.Current.Content);
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
            foreach (var page in pages.Where(page => page.Page.Page.Number <= last))
                yield return page.Page;
            // A reset leaves a gap in the numbers.
            next = pages[^1].Page.Page.Number + 1;
        }
    }
}
