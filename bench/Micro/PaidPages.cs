using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Identity;
using Tallystick.Node.Storage;

namespace Tallystick.Bench.Micro;

/// <summary>Writes one party's pages of payments, as its loop would, on a tab whose other party says nothing.</summary>
internal sealed class PaidPages
{
    private static readonly byte[] Signature = new byte[SignedPage.SignatureSize];
    private readonly TabTerms terms;
    private readonly Party me;

    public PaidPages(NodeIdentity payer, NodeIdentity paid)
    {
        if (!TabTerms.TryCreate(payer.Key, paid.Key, Asset.Credits, out var made))
            throw new ArgumentException("A tab needs two different keys.", nameof(paid));
        terms = made;
        terms.TryPartyOf(payer.Key, out me);
        Fold = Fold.Empty(terms.Id);
    }

    /// <summary>The view of the payer after the last page.</summary>
    public Fold Fold { get; private set; }

    /// <summary>The next page, with so many payments.</summary>
    public EncodedPage Next(int payments)
    {
        var head = Fold.Of(me).Head;
        return PageCodec.Encode(new Page
        {
            Tab = terms.Id,
            Author = me,
            Number = head.Number + 1,
            Previous = head.Hash,
            Seen = Head.Empty(terms.Id),
            Basis = terms.Id.Hash,
            TimeMs = 1_800_000_000_000,
            Lines = [.. Enumerable.Range(0, payments).Select(_ => Pay())],
            Totals = new Totals(Fold.Of(me).Given + payments, 0, 0, 0),
            StateDigest = terms.Id.Hash,
        });
    }

    /// <summary>What the book has to keep of a page, and the page taken into the view.</summary>
    public TabCommit Commit(EncodedPage page)
    {
        var before = new TabSnapshot(Fold, Fold.Empty(terms.Id), null);
        var draft = new FoldDraft(Fold);
        draft.Apply(page);
        Fold = draft.ToFold();
        return new TabCommit(terms, me, new TabWrite
        {
            Before = before,
            After = before with { Mine = Fold },
            Pages = [new PageToStore(page, Signature)],
        });
    }

    private static PayLine Pay() =>
        new(RequestId.FromGuid(Guid.CreateVersion7()), Amount.FromUnits(1), string.Empty);
}
