using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Checks;

/// <summary>What must hold for one tab between honest persons, checked page by page.</summary>
internal sealed class TabWatch(World world, TabSpec spec)
{
    // Longer chains would make every rest cost more than the last.
    private const int MostRefolded = 200;

    private readonly Dictionary<(Party Author, long Number, Hash Basis), Hash> signed = [];
    private readonly Dictionary<(Hash, Hash), (Hash Digest, Totals Totals)> folds = [];
    private readonly Head[] atRest = [Head.Empty(spec.Terms.Id), Head.Empty(spec.Terms.Id)];
    private int wishesChecked;
    private PlainTab plain = new(spec, world.Counts);
    private bool lost;

    public TabSpec Spec => spec;

    /// <summary>A disk was put back: what both chains come to is only known when they rest.</summary>
    public void LoseTrack() => lost = true;

    /// <summary>An own page was signed: one page for each number and basis.</summary>
    public void Signed(EncodedPage page)
    {
        var key = (page.Page.Author, page.Page.Number, page.Page.Basis);
        if (signed.TryGetValue(key, out var before) && before != page.Hash)
            throw new Violation("equivocation", $"Two pages {page.Page.Number} of {page.Page.Author} on one basis.");
        signed[key] = page.Hash;
    }

    public void Durable(SimulatedNode node, TabTurn turn)
    {
        var me = turn.State.Me;
        foreach (var write in turn.Writes)
        {
            if (write.TruncateOwnAfter is not null && !lost)
                throw new Violation("cut", $"{node.Name} cuts its own chain, though nothing was put back.");
            foreach (var page in write.Pages)
            {
                world.Counts.Pages++;
                if (lost)
                    continue;
                if (page.Content.Page.Author == me)
                    plain.Add(page.Content);
                else if (page.Content.Page.Number > plain.Of(me.Other()).Head.Number)
                    throw new Violation("before-durable", $"{node.Name} stored what its author has not.");
            }
        }
        if (!lost)
            Check(node, turn.State);
        else
            CheckFold(turn.State.Mine);
    }

    public void AnsweredDone(SimulatedNode node, Wish wish)
    {
        if (!lost && !plain.IsDone(wish.Serial))
            throw new Violation("answer", $"{node.Name} says that wish {wish.Serial} is done, and it is on no page.");
    }

    /// <summary>Both are there, linked and idle: the halves are equal, and every wish has ended once.</summary>
    public void CheckRest()
    {
        var (zero, one) = (world.NodeOf(spec.Persons[0]), world.NodeOf(spec.Persons[1]));
        var (a, b) = (zero.Tab(spec.Index), one.Tab(spec.Index));
        if (a is null || b is null || !a.State.IsReady() || !b.State.IsReady())
            throw new Violation("liveness", $"The tab of {zero.Name} and {one.Name} never became ready.");
        if (a.State.Waiting.Count + a.State.Fresh.Count + b.State.Waiting.Count + b.State.Fresh.Count > 0)
            throw new Violation("liveness", $"Wishes of {zero.Name} or {one.Name} never ended.");
        foreach (var party in new[] { Party.Zero, Party.One })
            CheckChains(zero, one, party);
        if (lost)
            Refold(zero);
        lost = false;
        Check(zero, a.State);
        Check(one, b.State);
        if (a.State.Mine.Zero.Head.Number + a.State.Mine.One.Head.Number < MostRefolded)
            CheckMergeOrders(zero);
        if (a.State.Theirs.Of(Party.Zero).LastPageWithLines < a.State.Mine.Of(Party.Zero).LastPageWithLines)
            throw new Violation("liveness", $"{one.Name} never confirmed what {zero.Name} wrote.");
        CheckWishes();
        folds.Clear();
        signed.Clear();
    }

    // Read anew from the first page, once with the one chain as early as it can be and once with the other.
    private void CheckMergeOrders(SimulatedNode node)
    {
        var id = spec.Terms.Id;
        foreach (var last in new[] { Party.Zero, Party.One })
        {
            var view = new FoldDraft(Fold.Empty(id));
            var chains = node.Disk.Chains(id)!;
            var all = new SendStored(0, 1, chains.HeadOf(last).Number, 1, chains.HeadOf(last.Other()).Number);
            foreach (var page in StoredRange.InOrder(all, last, (author, from, most) =>
                [.. node.Disk.ReadPages(id, author, from, most).Select(stored => stored.Page)]))
            {
                view.Apply(page.Content);
            }
            CheckFold(view.ToFold());
        }
    }

    private void CheckChains(SimulatedNode zero, SimulatedNode one, Party party)
    {
        var id = spec.Terms.Id;
        var (first, second) = (zero.Disk.Chains(id)!.Of(party), one.Disk.Chains(id)!.Of(party));
        if (first.Count != second.Count)
            throw new Violation("halves", $"{first.Count} pages of {party} here and {second.Count} there.");
        var from = (int)atRest[(int)party].Number;
        if (from > first.Count || (from > 0 && first[from - 1].Page.Hash != atRest[(int)party].Hash))
            throw new Violation("lost", $"Page {from} of {party} was on both sides, and is not there any more.");
        for (var i = from; i < first.Count; i++)
        {
            if (first[i].Page.Hash != second[i].Page.Hash)
                throw new Violation("halves", $"Page {i + 1} of {party} differs.");
        }
        if (first.Count > 0)
            atRest[(int)party] = first[^1].Page.Content.Head;
    }

    // After a disk was put back both chains are read anew.
    private void Refold(SimulatedNode node)
    {
        plain = PlainTab.Read(node, spec, since: null, upTo: null);
        wishesChecked = 0;
    }

    private void Check(SimulatedNode node, TabState state)
    {
        world.Counts.Checks++;
        var (me, peer, mine) = (state.Me, state.Peer, state.Mine);
        if (plain.DebtOf(me) > mine.WorstCaseDebtOf(me))
            throw new Violation("pessimism", $"{node.Name} owes more than its own book says at worst.");
        if (plain.Of(me).Head == mine.Of(me).Head
            && Exposure.ToPeer(mine, state.Theirs, state.Unseen, me) is { } most && plain.WorstCaseDebtOf(peer) > most)
        {
            throw new Violation("exposure", $"{node.Name} was shown {most} as the most that it may come to be owed.");
        }
        if (plain.Of(me).Head == mine.Of(me).Head && plain.Of(peer).Head == mine.Of(peer).Head
            && (mine.Of(me).Given != plain.Of(me).Given || mine.Of(peer).Given != plain.Of(peer).Given
                || mine.Of(me).Held != plain.Of(me).Held || mine.Of(peer).Held != plain.Of(peer).Held))
        {
            throw new Violation("sum", $"The book of {node.Name} adds up to something else than its lines.");
        }
        if (LimitOf(mine, me) != plain.Of(me).LimitAt(mine.Of(me).Head.Number))
            throw new Violation("limit", $"The book of {node.Name} shows another limit than it wrote last.");
        CheckFold(mine);
    }

    private static long? LimitOf(Fold fold, Party party) =>
        fold.Of(party).Limit.IsNone ? null : fold.Of(party).Limit.Units;

    // Whoever holds the same two chains computes the same, in whatever order the pages came.
    private void CheckFold(Fold fold)
    {
        var key = (fold.Zero.Head.Hash, fold.One.Head.Hash);
        var value = (StateDigest.Of(fold), fold.TotalsFor(Party.Zero));
        if (!folds.TryAdd(key, value) && folds[key] != value)
            throw new Violation("merge-order", "Two folds of the same pages differ.");
    }

    private void CheckWishes()
    {
        for (; wishesChecked < spec.Wishes.Count; wishesChecked++)
            CheckWish(spec.Wishes[wishesChecked]);
    }

    private void CheckWish(Wish wish)
    {
        var stored = world.NodeOf(wish.Person).Disk.FindIntent(wish.Intent.RequestId);
        var isDone = plain.IsDone(wish.Serial);
        world.Counts.Ended(stored?.State switch
        {
            null => "forgotten",
            IntentDone => "done",
            IntentRefused refused => refused.Refusal.Why.Name,
            _ => "cancelled",
        });
        if (stored is null && !isDone)
        {
            if (wish.State is not null && !wish.MayBeForgotten)
                throw new Violation("forgotten", $"Wish {wish.Serial} was answered, and nobody knows it any more.");
            return;
        }
        if (isDone != stored?.State is IntentDone)
            throw new Violation("wish", $"Wish {wish.Serial}: done is {isDone}, the book says {stored?.State}.");
        if (stored!.State is IntentWaiting)
            throw new Violation("liveness", $"Wish {wish.Serial} still waits.");
        if (isDone && !stored.Lines.AsSpan().SequenceEqual(wish.Intent.Lines.AsSpan()))
            throw new Violation("wish", $"Wish {wish.Serial} is on its page with other lines.");
        if (!wish.MayBeForgotten && wish.State is not null and not IntentWaiting
            && wish.State.GetType() != stored.State.GetType())
        {
            throw new Violation("wish", $"Wish {wish.Serial}: told {wish.State}, and the book says {stored.State}.");
        }
    }
}
