using System.Collections.Immutable;
using System.Security.Cryptography;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>
/// Both chains of a tab, written page by page with the seen that the test names. Each page is judged by its author,
/// by its receiver and by a third party who replays everything, each along another merge order.
/// </summary>
internal sealed class TwoChains
{
    private readonly List<EncodedPage>[] chains = [[], []];
    private readonly Fold[] folds;
    private int requests;

    public TwoChains() => folds = [Fold.Empty(Terms.Id), Fold.Empty(Terms.Id)];

    public static TabTerms Terms { get; } = MakeTerms();

    public IReadOnlyList<EncodedPage> Of(Party party) => chains[(int)party];

    /// <summary>The number of the newest page of the other party that this party's newest page has seen.</summary>
    public long SeenBy(Party party) => folds[(int)party].Of(party).Seen.Number;

    public RequestId NextRequest() => new((UInt128)(++requests));

    /// <summary>The view in which the next page of <paramref name="author"/> with this seen is judged.</summary>
    public Fold ViewFor(Party author, long seen)
    {
        var before = folds[(int)author];
        var draft = new FoldDraft(before);
        foreach (var page in chains[(int)author.Other()].Skip((int)before.Of(author.Other()).Head.Number))
        {
            if (page.Page.Number <= seen)
                draft.Apply(page);
        }
        return draft.ToFold();
    }

    /// <summary>A page as an honest author would finish it; what follows a bad line counts for nothing.</summary>
    public EncodedPage Compose(Party author, long seen, params IEnumerable<Line> lines)
    {
        var view = ViewFor(author, seen);
        var content = lines.ToImmutableArray();
        var draft = new FoldDraft(view);
        var number = view.Of(author).Head.Number + 1;
        for (var i = 0; i < content.Length && Rules.Judge(draft, author, content[i]) is null; i++)
            draft.Apply(author, new Ref(number, i), content[i]);
        var after = draft.ToFold();
        var peer = chains[(int)author.Other()];
        return PageCodec.Encode(new Page
        {
            Tab = Terms.Id,
            Author = author,
            Number = number,
            Previous = view.Of(author).Head.Hash,
            Seen = seen == 0 ? Head.Empty(Terms.Id) : peer[(int)seen - 1].Head,
            Basis = Hash.Of([(byte)author]),
            TimeMs = 1_000 + requests,
            Lines = content,
            Totals = after.TotalsFor(author),
            StateDigest = StateDigest.Of(after),
        });
    }

    /// <summary>The verdict of all three, who must agree; a valid page is not added yet.</summary>
    public Refusal? Judge(EncodedPage page)
    {
        Assert.True(PageCodec.TryDecode(page.Bytes, out var received, out _));
        var (author, seen) = (page.Page.Author, Math.Min(page.Page.Seen.Number, Of(page.Page.Author.Other()).Count));
        var byReceiver = PageCheck.Judge(ViewFor(author, seen), received, out var after);
        var own = chains[(int)author].Count;
        var byAuthor = PageCheck.Judge(Replay(Merge(own, (int)seen, author.Other(), _ => 0)), page, out var authors);
        var byAnyone = PageCheck.Judge(Replay(Merge(own, (int)seen, author, _ => 0)), received, out var anyones);
        Assert.Equal(byReceiver?.Why, byAuthor?.Why);
        Assert.Equal(byReceiver?.Why, byAnyone?.Why);
        if (after is not null)
        {
            Assert.Equal(FoldText.Of(after), FoldText.Of(authors!));
            Assert.Equal(FoldText.Of(after), FoldText.Of(anyones!));
        }
        return byReceiver;

        IEnumerable<EncodedPage> Merge(int mine, int theirs, Party first, Func<int, int> choose) =>
            author == Party.Zero
                ? Orders.One(this, mine, theirs, first, choose)
                : Orders.One(this, theirs, mine, first, choose);
    }

    /// <summary>Judges the page and adds it when it is valid.</summary>
    public Refusal? Add(EncodedPage page)
    {
        var refusal = Judge(page);
        if (refusal is not null)
            return refusal;
        var author = page.Page.Author;
        var draft = new FoldDraft(ViewFor(author, page.Page.Seen.Number));
        draft.Apply(page);
        folds[(int)author] = draft.ToFold();
        chains[(int)author].Add(page);
        return null;
    }

    public Refusal? Write(Party author, long seen, params IEnumerable<Line> lines) =>
        Add(Compose(author, seen, lines));

    /// <summary>Both chains as far as they go.</summary>
    public Fold Joint() => Replay(Orders.One(this, Of(Party.Zero).Count, Of(Party.One).Count, Party.Zero, _ => 0));

    /// <summary>The newest view of the peer of <paramref name="me"/>: its chain and what it has seen.</summary>
    public Fold Theirs(Party me) => folds[(int)me.Other()];

    public static Fold Replay(IEnumerable<EncodedPage> pages)
    {
        var draft = new FoldDraft(Fold.Empty(Terms.Id));
        foreach (var page in pages)
            draft.Apply(page);
        return draft.ToFold();
    }

    private static TabTerms MakeTerms()
    {
        Assert.True(TabTerms.TryCreate(Key(2), Key(3), Asset.Credits, out var terms));
        return terms;
    }

    private static PublicKey Key(byte seed)
    {
        Assert.True(PublicKey.TryCreate([2, .. SHA256.HashData([seed])], out var key));
        return key;
    }
}
