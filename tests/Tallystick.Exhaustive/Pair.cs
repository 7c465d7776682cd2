using System.Security.Cryptography;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>
/// Two chains, and the fold of every pair of prefixes that contain what they have seen. Each fold is made twice where
/// that is possible, once with a page of either party as the last: by induction that is every merge order.
/// </summary>
/// <remarks>Mutable: pages are added and taken away as the exploration goes down and up.</remarks>
internal sealed class Pair
{
    public static readonly Party[] Parties = [Party.Zero, Party.One];

    private readonly int width;
    private readonly EncodedPage[][] pages;
    private readonly int[] counts = [0, 0];
    private readonly int[][] linesAfter;
    private readonly List<(Ref At, Line Line)>[] lines = [[], []];
    private readonly Fold?[][] folds;
    private readonly long?[][] shown;
    private readonly long?[][] bounds;
    private readonly Software software;

    public Pair(Software software, int mostPages)
    {
        this.software = software;
        width = mostPages + 1;
        pages = [new EncodedPage[width], new EncodedPage[width]];
        linesAfter = [new int[width], new int[width]];
        bounds = [new long?[width], new long?[width]];
        bounds[0][0] = bounds[1][0] = 0;
        folds = [new Fold?[width * width], new Fold?[width * width]];
        shown = [new long?[width * width], new long?[width * width]];
        folds[0][0] = Fold.Empty(Terms.Id);
        shown[0][0] = shown[1][0] = 0;
    }

    public static TabTerms Terms { get; } = MakeTerms();

    /// <summary>Pages of the opening, which are not counted.</summary>
    public int OpeningPages { get; private set; }

    /// <summary>Whether <see cref="Party.One"/> wrote more than its opening page.</summary>
    public bool OneHasWritten => counts[1] > OpeningPages / 2;

    public int Pages => counts[0] + counts[1] - OpeningPages;

    public int Lines => lines[0].Count + lines[1].Count - OpeningPages;

    public int CountOf(Party party) => counts[(int)party];

    public EncodedPage PageOf(Party party, int number) => pages[(int)party][number - 1];

    public IReadOnlyList<EncodedPage> PagesOf(Party party, int from, int to) =>
        new ArraySegment<EncodedPage>(pages[(int)party], from, to - from);

    public List<(Ref At, Line Line)> LinesOf(Party party) => lines[(int)party];

    public List<(Ref At, Line Line)> LinesUpTo(Party party, int number) =>
        lines[(int)party].GetRange(0, number == 0 ? 0 : linesAfter[(int)party][number - 1]);

    /// <summary>The newest page of the other party that the newest page of this one names.</summary>
    public int SeenBy(Party party) => SeenBy(party, counts[(int)party]);

    public int SeenBy(Party party, int number) =>
        number == 0 ? 0 : (int)pages[(int)party][number - 1].Page.Seen.Number;

    /// <summary>
    /// What bounds a party's worst debt after its first pages: see <see cref="Laws"/>; null is unbounded.
    /// </summary>
    public long? BoundOf(Party party, int number) => bounds[(int)party][number];

    /// <summary>
    /// The fold of two prefixes, with a page of <paramref name="last"/> applied last if there is one so.
    /// </summary>
    public Fold? At(Party party, int own, int others, Party last)
    {
        var cell = Cell(party, own, others);
        return folds[(int)last][cell] ?? folds[(int)last.Other()][cell];
    }

    /// <summary>The same, if a page of <paramref name="last"/> can be the last.</summary>
    public Fold? EndingWith(Party last, Party party, int own, int others) =>
        folds[(int)last][Cell(party, own, others)];

    /// <summary>The most that the other may come to owe, as shown to <paramref name="me"/> in a view.</summary>
    public long? ShownTo(Party me, int own, int known) => shown[(int)me][Cell(me, own, known)];

    public bool Fits(Party party, int own, int others) =>
        SeenBy(party, own) <= others && SeenBy(party.Other(), others) <= own;

    /// <summary>A replay from nothing, all pages of <paramref name="first"/> as early as they can be.</summary>
    public Fold Replay(Party first, int firsts, int others)
    {
        var (fold, other) = (Fold.Empty(Terms.Id), first.Other());
        var (at, atOther) = (0, 0);
        while (at < firsts || atOther < others)
        {
            var next = at < firsts && SeenBy(first, at + 1) <= atOther;
            fold = software.Apply(fold, next ? PageOf(first, ++at) : PageOf(other, ++atOther));
        }
        return fold;
    }

    /// <summary>Adds a page, and makes the folds of all prefixes that end with it.</summary>
    /// <param name="page">The page, judged before.</param>
    /// <param name="bound">What bounds its author's worst debt after it.</param>
    /// <param name="after">The fold of its own view after it.</param>
    /// <returns>How many folds were made.</returns>
    public int Add(EncodedPage page, long? bound, Fold after)
    {
        var author = page.Page.Author;
        var (a, peer) = ((int)author, author.Other());
        var others = counts[1 - a];
        pages[a][counts[a]] = page;
        var number = ++counts[a];
        foreach (var line in page.Page.Lines)
            lines[a].Add((new Ref(number, lines[a].Count - (number == 1 ? 0 : linesAfter[a][number - 2])), line));
        linesAfter[a][number - 1] = lines[a].Count;
        bounds[a][number] = bound;

        var (seen, made) = ((int)page.Page.Seen.Number, 0);
        for (var other = 0; other <= others; other++)
        {
            var cell = Cell(author, number, other);
            folds[0][cell] = folds[1][cell] = null;
            if (other < seen)
                continue;
            folds[a][cell] = other == seen ? after : software.Apply(At(author, number - 1, other, author)!, page);
            made++;
            if (other > seen)
            {
                folds[1 - a][cell] = software.Apply(At(author, number, other - 1, peer)!, PageOf(peer, other));
                made++;
            }
            foreach (var me in Parties)
                shown[(int)me][cell] = Show(me, me == author ? number : other, me == author ? other : number);
        }
        return made;
    }

    /// <summary>
    /// Takes the newest page of <paramref name="party"/> away. Its folds are made anew by the next one.
    /// </summary>
    public void TakeAway(Party party)
    {
        var p = (int)party;
        counts[p]--;
        var keep = counts[p] == 0 ? 0 : linesAfter[p][counts[p] - 1];
        lines[p].RemoveRange(keep, lines[p].Count - keep);
    }

    /// <summary>What stands until now is the opening.</summary>
    public void EndOpening() => OpeningPages = counts[0] + counts[1];

    // What I am shown when I hold this much of the other chain, and know how much of mine those pages have seen.
    private long? Show(Party me, int own, int known)
    {
        var covered = SeenBy(me.Other(), known);
        return software.Exposure(
            At(me, own, known, me.Other())!, At(me, covered, known, me)!, PagesOf(me, covered, own), me);
    }

    private int Cell(Party party, int own, int others) =>
        party == Party.Zero ? own * width + others : others * width + own;

    private static TabTerms MakeTerms() =>
        TabTerms.TryCreate(Key(2), Key(3), Asset.Credits, out var terms)
            ? terms
            : throw new InvalidOperationException();

    private static PublicKey Key(byte seed) =>
        PublicKey.TryCreate([2, .. SHA256.HashData([seed])], out var key) ? key : throw new InvalidOperationException();
}
