using System.Collections.Concurrent;
using System.Diagnostics;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>What an exploration has found.</summary>
internal sealed record Findings(Tally Tally, IReadOnlyList<Violation> Violations, TimeSpan Took);

/// <summary>All pairs of chains within the bounds, by several threads.</summary>
internal sealed class Exploration(Software software, Bounds bounds)
{
    private readonly Violations violations = new(bounds.MostViolations, bounds.OnlyLaw);
    private readonly ConcurrentQueue<Rest> rests = [];
    private long done;
    private long total;

    /// <summary>How many parts of how many are finished.</summary>
    public (long Done, long Total) Progress => (Interlocked.Read(ref done), Interlocked.Read(ref total));

    public Findings Run()
    {
        var watch = Stopwatch.StartNew();
        var tally = new Tally();
        foreach (var opening in bounds.Openings)
            tally.Add(Divide(opening));
        total = rests.Count;
        // Parts differ in size a thousandfold; a queue keeps all threads busy to the end.
        var workers = Enumerable.Range(0, bounds.Workers)
            .Select(_ => new Explorer(software, bounds, violations)).ToList();
        var threads = workers.Select(worker => new Thread(() => Work(worker), maxStackSize: 4 << 20)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        workers.ForEach(worker => tally.Add(worker.Tally));
        return new Findings(tally, violations.Found, watch.Elapsed);
    }

    // Pairs with few lines are visited here, and what continues them is left to the threads.
    private Tally Divide(Opening opening)
    {
        var divider = new Explorer(software, bounds, violations)
        {
            DeferFromLines = Math.Max(0, bounds.Lines - 3),
            Defer = (pair, mix) => rests.Enqueue(new Rest(opening, PathOf(pair), mix)),
        };
        divider.Explore(Open(opening), (int)opening);
        return divider.Tally;
    }

    private void Work(Explorer worker)
    {
        while (!violations.AreEnough && rests.TryDequeue(out var rest))
        {
            var pair = Open(rest.Opening);
            foreach (var (page, bound) in rest.Pages)
            {
                var author = page.Page.Author;
                var view = pair.At(author, (int)page.Page.Number - 1, (int)page.Page.Seen.Number, author)!;
                pair.Add(page, bound, software.Apply(view, page));
            }
            worker.Continue(pair, rest.Mix);
            Interlocked.Increment(ref done);
        }
    }

    private Pair Open(Opening opening)
    {
        var pair = new Pair(software, bounds.Pages + 2);
        if (opening == Opening.Limits)
        {
            foreach (var party in Pair.Parties)
            {
                var view = Fold.Empty(Pair.Terms.Id);
                var hand = new Hand(party, 1, view, view, view, []);
                hand.Lines.Add(Alphabet.OpeningLimit);
                var draft = new FoldDraft(view);
                draft.Apply(party, new Ref(1, 0), Alphabet.OpeningLimit);
                var page = hand.Compose(Head.Empty(Pair.Terms.Id), draft, null);
                pair.Add(page, 0, software.Apply(view, page));
            }
        }
        pair.EndOpening();
        return pair;
    }

    // The pages beyond the opening in an order in which each comes after what it has seen.
    private static List<(EncodedPage Page, long? Bound)> PathOf(Pair pair)
    {
        var path = new List<(EncodedPage, long?)>();
        int[] at = [pair.OpeningPages / 2, pair.OpeningPages / 2];
        while (path.Count < pair.Pages)
        {
            var next = at[0] < pair.CountOf(Party.Zero) && pair.SeenBy(Party.Zero, at[0] + 1) <= at[1]
                ? Party.Zero
                : Party.One;
            var number = ++at[(int)next];
            path.Add((pair.PageOf(next, number), pair.BoundOf(next, number)));
        }
        return path;
    }

    private sealed record Rest(Opening Opening, List<(EncodedPage Page, long? Bound)> Pages, int Mix);
}
