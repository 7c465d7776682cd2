using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;
using Tallystick.Simulation.Faults;

namespace Tallystick.Simulation.Worlds;

/// <content>What a commit must fit to, and what it changes.</content>
internal sealed partial class SimulatedStore
{
    // Everything is checked before anything changes, so that a commit that throws leaves nothing.
    private void Check(IReadOnlyList<TabCommit> commits)
    {
        var ends = new Dictionary<TabId, (Head Zero, Head One, Head Era)>();
        var (done, cut) = (new HashSet<RequestId>(), new HashSet<TabId>());
        foreach (var commit in commits)
        {
            CheckPages(commit, ends);
            if (commit.Write.TruncateOwnAfter is not null)
                cut.Add(commit.Tab.Id);
            foreach (var page in commit.Write.Pages)
            {
                if (page.Content.Page.Author == commit.Me && !page.IsReturned && !cut.Contains(commit.Tab.Id))
                    CheckIsNew(page.Content.Page, done);
            }
            var cuts = commit.Write.TruncateOwnAfter is not null;
            foreach (var change in commit.Write.Intents)
                CheckIntent(commit, change, cuts);
        }
    }

    private void CheckPages(TabCommit commit, Dictionary<TabId, (Head Zero, Head One, Head Era)> ends)
    {
        var (id, write, chains) = (commit.Tab.Id, commit.Write, tabs.GetValueOrDefault(commit.Tab.Id));
        if (!ends.TryGetValue(id, out var end))
        {
            var empty = Head.Empty(id);
            end = chains is null
                ? (empty, empty, empty)
                : (chains.HeadOf(Party.Zero), chains.HeadOf(Party.One), EraOf(chains, id));
        }
        if (write.TruncateOwnAfter is { } last && last != (commit.Me == Party.Zero ? end.Zero : end.One).Number)
            end = With(end, commit.Me, chains?.HeadAt(commit.Me, last) ?? Head.Empty(id));
        if (write.Reset is { } agreed)
        {
            var reset = agreed.Reset;
            if (agreed.SignatureOfZero.IsEmpty || agreed.SignatureOfOne.IsEmpty || reset.Era != end.Era.Number + 1
                || reset.Previous != end.Era.Hash || reset.Zero.Kept != end.Zero || reset.One.Kept != end.One)
            {
                throw new StoreConflictException($"Reset {reset.Era} does not follow.");
            }
            var hash = agreed.Content.Hash;
            end = (new Head(reset.Zero.First - 1, hash), new Head(reset.One.First - 1, hash), agreed.Content.Head);
        }
        foreach (var stored in write.Pages)
        {
            var page = stored.Content.Page;
            var head = page.Author == Party.Zero ? end.Zero : end.One;
            if (page.Number != head.Number + 1 || page.Previous != head.Hash || stored.Signature.IsEmpty)
                throw new StoreConflictException($"Page {page.Number} of {page.Author} after {head.Number}.");
            end = With(end, page.Author, stored.Content.Head);
        }
        if (write.After.Mine.Zero.Head != end.Zero || write.After.Mine.One.Head != end.One)
            throw new StoreConflictException("The totals do not end where the pages end.");
        ends[id] = end;
    }

    // A new page carries only wishes that are not done.
    private void CheckIsNew(Page page, HashSet<RequestId> done)
    {
        for (var i = 0; i < page.Lines.Length; i++)
        {
            var id = page.Lines[i].RequestId;
            if (i > 0 && page.Lines[i - 1].RequestId == id)
                continue;
            var isTaken = intents.TryGetValue(id, out var known)
                && !(known.State is IntentWaiting && known.Tab == page.Tab);
            if (isTaken || !done.Add(id))
                throw new StoreConflictException($"Intent {id} on page {page.Number} has ended before.");
        }
    }

    private static Head EraOf(StoredChains chains, TabId id) =>
        chains.Snapshot.Resets.LastOrDefault()?.Content.Head ?? Head.Empty(id);

    private static (Head Zero, Head One, Head Era) With((Head Zero, Head One, Head Era) end, Party party, Head head) =>
        party == Party.Zero ? end with { Zero = head } : end with { One = head };

    private void CheckIntent(TabCommit commit, IntentChange change, bool cuts)
    {
        if (!intents.TryGetValue(change.RequestId, out var known))
        {
            if (change.Intent is null)
                throw new StoreConflictException($"Nobody knows intent {change.RequestId}.");
            return;
        }
        var fits = known.Tab == commit.Tab.Id && (known.State, change.State) switch
        {
            (IntentWaiting, _) => true,
            (IntentDone, _) => cuts,
            (_, IntentWaiting) => false,
            _ => known.State.GetType() == change.State.GetType(),
        };
        if (!fits)
            throw new StoreConflictException($"Intent {change.RequestId} is {known.State} and not {change.State}.");
    }

    private void Write(IReadOnlyList<TabCommit> commits)
    {
        foreach (var commit in commits)
            Write(commit);
    }

    private void Write(TabCommit commit)
    {
        var (id, write) = (commit.Tab.Id, commit.Write);
        if (!tabs.TryGetValue(id, out var chains))
            tabs.Add(id, chains = new StoredChains(commit.Tab, commit.Me));
        var front = -1;
        if (write.TruncateOwnAfter is { } last && Planted.Slip != Slip.CutsNothing)
        {
            Forget(chains.Truncate(commit.Me, last));
            chains.Waiting.RemoveAll(intent => !Waits(intent));
            front = 0;
        }
        foreach (var change in write.Intents)
            Write(chains, id, change, ref front);
        foreach (var page in write.Pages)
            Write(chains, id, page, commit.Me);
        if (write.Hello is { } hello)
            chains.Hellos[hello.Content.Hash] = hello;
        chains.Snapshot = write.After;
    }

    private void Write(StoredChains chains, TabId id, PageToStore page, Party me)
    {
        var signed = new SignedPage(page.Content, page.Signature);
        chains.Of(signed.Page.Author).Add(new StoredPage(++sequence, signed.Page.TimeMs, signed));
        if (signed.Page.Author != me || Planted.Slip == Slip.DropsWhatBecameOfIntents)
            return;
        var lines = signed.Page.Lines;
        for (var i = 0; i < lines.Length; i++)
        {
            var of = lines[i].RequestId;
            if (i > 0 && lines[i - 1].RequestId == of)
                continue;
            var isKnown = intents.TryGetValue(of, out var known);
            if (page.IsReturned && isKnown && known.State is IntentDone)
                continue;
            var order = isKnown ? known.Order : ++asked;
            intents[of] = new KnownIntent(id, new IntentDone(new Ref(signed.Page.Number, i)), null, order);
        }
    }

    private void Write(StoredChains chains, TabId id, IntentChange change, ref int front)
    {
        var isKnown = intents.TryGetValue(change.RequestId, out var known);
        var intent = change.Intent ?? known.Asked;
        intents[change.RequestId] = new KnownIntent(id, change.State, intent, isKnown ? known.Order : ++asked);
        if (change.State is not IntentWaiting)
            return;
        // What a cut makes wait again goes first, in the order in which the cut lists it.
        if (front < 0)
        {
            if (!isKnown || known.State is not IntentWaiting)
                chains.Waiting.Add(intent!);
            return;
        }
        chains.Waiting.RemoveAll(other => other.RequestId == change.RequestId);
        chains.Waiting.Insert(front++, intent!);
    }

    private void Forget(IReadOnlyList<StoredPage> cut)
    {
        foreach (var line in cut.SelectMany(stored => stored.Page.Page.Lines))
            intents.Remove(line.RequestId);
    }
}
