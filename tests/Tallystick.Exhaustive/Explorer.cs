using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Properties;

namespace Tallystick.Exhaustive;

/// <summary>Visits every pair of chains that continues a given one, each exactly once.</summary>
/// <remarks>
/// A pair of chains is a set of pages, and the same set can be written in many orders. Only one of them is followed:
/// party Zero writes as early as what it has seen allows. Hence, once One has written, Zero only writes pages that have
/// seen all of One's, and One may claim to have seen as little as it likes. Nothing is lost by that. A page of Zero
/// that has seen less is the pair in which One's later pages come after it, and what a page does depends on its own
/// view alone, which is the same in both; that merge orders agree is not assumed but checked in every pair. So no
/// table of visited states is needed, and each has one parent: take away Zero's newest page if it has seen all of
/// One's or One wrote nothing, else One's newest. <see cref="Reduction"/> says what else need not be visited.
/// </remarks>
internal sealed class Explorer(Software software, Bounds bounds, Violations violations)
{
    /// <summary>Rules that a page can be refused by: PROTOCOL's list of rejections of class F, and the stall.</summary>
    private static readonly HashSet<string> Names =
    [
        "fork", "seen-regress", "seen-mismatch", "empty-receipt", "wrong-totals", "wrong-digest", "unknown-kind",
        "upgrade-needed", "out-of-bounds", "total-overflow", "too-many-open", "too-many-revisions", "over-limit",
        "hold-needs-limit", "unknown-ref", "not-yours", "closed", "not-newest", "no-change", "not-receiver",
        "already-answered", "bad-preimage",
    ];

    public Tally Tally { get; } = new();

    /// <summary>Where pairs with so many lines are put for another thread to continue; null to go on.</summary>
    public Action<Pair, int>? Defer { get; init; }

    public int DeferFromLines { get; init; }

    /// <summary>Visits this pair and everything that continues it.</summary>
    /// <param name="pair">The pair; the same when this returns.</param>
    /// <param name="mix">A number that depends on the way to here alone and decides what is sampled.</param>
    public void Explore(Pair pair, int mix)
    {
        Tally.States++;
        if (Laws.Broken(pair) is var (law, text))
        {
            Report(law, text, pair);
            return;
        }
        if (Defer is not null && pair.Lines >= DeferFromLines)
            Defer(pair, mix);
        else
            Continue(pair, mix);
    }

    /// <summary>Visits everything that continues this pair.</summary>
    public void Continue(Pair pair, int mix)
    {
        if (pair.Pages >= bounds.Pages || violations.AreEnough)
            return;
        foreach (var author in Pair.Parties)
        {
            if (bounds.IsReduced && !Reduction.MayWrite(pair, author))
                continue;
            var all = pair.CountOf(author.Other());
            var least = author == Party.Zero && pair.OneHasWritten ? all : pair.SeenBy(author);
            for (var seen = least; seen <= all; seen++)
                Write(pair, author, seen, mix * 31 + seen * 2 + (int)author);
        }
    }

    private void Write(Pair pair, Party author, int seen, int mix)
    {
        var own = pair.CountOf(author);
        var firsts = author == Party.Zero ? own : seen;
        var third = pair.Replay(Party.Zero, firsts, own + seen - firsts);
        // The author wrote its page last and then judges; the receiver applied its own pages to the author's chain.
        var view = pair.At(author, own, seen, author)!;
        var theirs = pair.At(author, own, seen, author.Other())!;
        var receivers = software.ReceiversView(theirs, pair.At(author, own, pair.CountOf(author.Other()), author)!);
        var hand = new Hand(author, own + 1, view, receivers, third, pair.LinesUpTo(author.Other(), seen))
        {
            Bound = pair.BoundOf(author, own),
        };
        hand.Own.AddRange(pair.LinesOf(author));
        Finish(pair, hand, mix, expected: null);
        if (pair.Lines < bounds.Lines)
            AddLines(pair, hand, new Drafts(new FoldDraft(view), new FoldDraft(receivers), new FoldDraft(third)), mix);
    }

    private void AddLines(Pair pair, Hand hand, Drafts drafts, int mix)
    {
        Tally.Views++;
        var oracle = IsSampled(mix) ? new Oracle(hand.Own, hand.Others) : null;
        var offered = new List<Line>(48);
        Alphabet.Offer(offered, hand.Own, pair.LinesOf(hand.Author.Other()));
        for (var i = 0; i < offered.Count && !violations.AreEnough; i++)
        {
            var line = offered[i];
            var refusal = JudgeByAll(pair, hand, drafts, line, oracle);
            var at = new Ref(hand.Number, hand.Lines.Count);
            var next = mix * 31 + i + 8;
            if (refusal is not null)
            {
                if (IsSampled(next))
                    Finish(pair, hand, drafts.Author, line, next, refusal);
                continue;
            }
            if (bounds.IsReduced && !Reduction.Follows(hand.View.Of(hand.Author), hand.Lines, line))
                continue;
            var bound = hand.Bound;
            hand.Bound = Laws.Bound(bound, drafts.Author, hand.Author, line);
            hand.Lines.Add(line);
            hand.Own.Add((at, line));
            if (TryApply(pair, hand, drafts, at, line) is { } longer)
            {
                Finish(pair, hand, longer.Author, null, next, null);
                if (pair.Lines + hand.Lines.Count < bounds.Lines)
                    AddLines(pair, hand, longer, next);
            }
            hand.Own.RemoveAt(hand.Own.Count - 1);
            hand.Lines.RemoveAt(hand.Lines.Count - 1);
            hand.Bound = bound;
        }
    }

    private Drafts? TryApply(Pair pair, Hand hand, Drafts drafts, Ref at, Line line)
    {
        var isLast = pair.Lines + hand.Lines.Count >= bounds.Lines;
        try
        {
            var author = drafts.Author.Copy();
            software.Apply(author, hand.Author, at, line);
            if (isLast)
                return new Drafts(author, drafts.Receiver, drafts.Third);
            var (receiver, third) = (drafts.Receiver.Copy(), drafts.Third.Copy());
            software.Apply(receiver, hand.Author, at, line);
            software.Apply(third, hand.Author, at, line);
            return new Drafts(author, receiver, third);
        }
        catch (InvalidOperationException bug)
        {
            Report("T6", $"a valid line cannot be applied: {bug.Message}", pair, hand.Lines);
            return null;
        }
    }

    // T2 for one line: the author, the receiver and a third party, each in the view that it has.
    private Refusal? JudgeByAll(Pair pair, Hand hand, Drafts drafts, Line line, Oracle? oracle)
    {
        var refusal = software.Judge(drafts.Author, hand.Author, line);
        var name = refusal?.Why.Name;
        var receivers = software.Judge(drafts.Receiver, hand.Author, line)?.Why.Name;
        var thirds = software.Judge(drafts.Third, hand.Author, line)?.Why.Name;
        Tally.Judged++;
        Tally.Count(LineCodec.KindOf(line), name ?? "valid");
        if (receivers != name || thirds != name)
            Report("T2", $"author {name}, receiver {receivers}, third party {thirds}", pair, [.. hand.Lines, line]);
        if (name is not null && !Names.Contains(name))
            Report("names", $"{name} is not in the list", pair, [.. hand.Lines, line]);
        if (oracle is not null && line is not UnknownLine and not OutOfBoundsLine)
        {
            Tally.AskedOracle++;
            var verdict = oracle.Verdict(line);
            if (!Oracle.Agree(verdict, name))
                Report("oracle", $"the table says {verdict}, the rules {name}", pair, [.. hand.Lines, line]);
        }
        return refusal;
    }

    private void Finish(Pair pair, Hand hand, int mix, Refusal? expected) =>
        Finish(pair, hand, new FoldDraft(hand.View), null, mix, expected);

    // Composes the page as its author does, has it judged whole by all, and goes on with the pair that has it.
    private void Finish(Pair pair, Hand hand, FoldDraft draft, Line? refused, int mix, Refusal? expected)
    {
        var page = hand.Compose(software.StatedSeen(hand.View, hand.Author), draft, refused);
        try
        {
            var verdict = software.Judge(hand.Receivers, page, out var after);
            if (IsSampled(mix))
                AskOthers(pair, hand, page, verdict, after);
            if (page.Page.IsReceipt)
                Tally.Count(0, verdict?.Why.Name ?? "valid");
            var isExpected = page.Page.IsReceipt
                ? verdict?.Why == (hand.HasNewsFor(pair) ? null : Rejections.EmptyReceipt)
                : verdict?.Why == expected?.Why;
            if (!isExpected)
                Report("T2", $"author {expected?.Why.Name}, receiver {verdict}", pair, page.Page.Lines);
            if (after is null || expected is not null || !isExpected)
                return;
            if (bounds.IsReduced && !Reduction.Follows(pair, page.Page))
                return;
            Tally.Transitions += pair.Add(page, hand.Bound, after);
        }
        catch (InvalidOperationException bug)
        {
            Report("T6", $"a page cannot be judged or applied: {bug.Message}", pair, page.Page.Lines);
            return;
        }
        Explore(pair, mix);
        pair.TakeAway(hand.Author);
    }

    private void AskOthers(Pair pair, Hand hand, EncodedPage page, Refusal? verdict, Fold? after)
    {
        if (!PageCodec.TryDecode(page.Bytes, out var read, out var unread))
        {
            Report("codec", unread.ToString(), pair, page.Page.Lines);
            return;
        }
        var authors = software.Judge(hand.View, page, out var own);
        var thirds = software.Judge(hand.Third, read, out var third);
        if (authors?.Why != verdict?.Why || thirds?.Why != verdict?.Why)
            Report("T2", $"author {authors}, receiver {verdict}, third party {thirds}", pair, page.Page.Lines);
        else if (after is not null && !(SameFold.Are(after, own!) && SameFold.Are(after, third!)))
            Report("T2", "the page gives different states to author, receiver and third party", pair, page.Page.Lines);
    }

    // A multiplication by an odd number that spreads the low bits; the same pages are sampled in every run.
    private bool IsSampled(int mix) =>
        bounds.SampleEvery <= 1 || ((uint)(mix * -1640531527) >> 8) % bounds.SampleEvery == 0;

    private void Report(string law, string text, Pair pair, IEnumerable<Line>? lines = null) => violations.Add(
        law, lines is null
            ? $"{text}: {ChainText.Of(pair)}"
            : $"{text}: {ChainText.Of(pair)}  then [{string.Join("; ", lines.Select(ChainText.Of))}]");

    private readonly record struct Drafts(FoldDraft Author, FoldDraft Receiver, FoldDraft Third);
}
