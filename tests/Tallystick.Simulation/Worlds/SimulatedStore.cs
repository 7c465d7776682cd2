using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;
using Tallystick.Simulation.Faults;

namespace Tallystick.Simulation.Worlds;

/// <summary>
/// A book under the shipped contract on a disk that can be cut, filled, copied and put back. A commit is synced when it
/// returns; what is not synced is lost with the power.
/// </summary>
internal sealed class SimulatedStore : ILedgerStore
{
    private readonly Dictionary<TabId, StoredChains> tabs = [];
    private readonly Dictionary<RequestId, StoredIntent> intents = [];
    private readonly List<StoredPeer> peers = [];
    private long sequence;
    private SimulatedStore? synced;
    private int unsynced;

    /// <summary>What the next commit meets.</summary>
    public Mishap Next { get; set; }

    /// <summary>What a loss of power leaves.</summary>
    public SimulatedStore AfterPowerLoss() => synced ?? this;

    /// <summary>A copy of the whole disk.</summary>
    public SimulatedStore Copy()
    {
        var copy = new SimulatedStore { sequence = sequence };
        foreach (var (id, tab) in tabs)
            copy.tabs.Add(id, tab.Copy());
        foreach (var (id, intent) in intents)
            copy.intents.Add(id, intent);
        copy.peers.AddRange(peers);
        return copy;
    }

    public StoredChains? Chains(TabId tab) => tabs.GetValueOrDefault(tab);

    public IReadOnlyList<StoredTab> LoadTabs() => [.. tabs.Values.Select(tab => tab.ToStoredTab(intents))];

    public void Commit(IReadOnlyList<TabCommit> commits)
    {
        var mishap = Next;
        Next = Mishap.None;
        switch (mishap)
        {
            case Mishap.DiesBeforeWrite or Mishap.LosesUnsynced or Mishap.Torn:
                if (Planted.Slip == Slip.TearsACommit)
                    Write([.. commits.Select(commit => commit with { Write = commit.Write with { Intents = [] } })]);
                throw new PowerLostException();
            case Mishap.DiskFull:
                throw new StoreFailedException("The disk is full.");
            case Mishap.SyncFails:
                throw new StoreFailedException("The disk did not take it.");
            default:
                if (Planted.Slip == Slip.SkipsTheSync && ++unsynced % 8 == 1)
                    synced = Copy();
                Write(commits);
                if (mishap == Mishap.KeepsUnsynced)
                    throw new PowerLostException();
                break;
        }
    }

    public IReadOnlyList<StoredPage> ReadPages(TabId tab, Party author, long from, int most)
    {
        if (!tabs.TryGetValue(tab, out var chains))
            return [];
        var pages = chains.Of(author);
        var first = chains.IndexOf(author, from);
        if (first < 0)
            return [];
        var count = Math.Min(most, pages.Count - first);
        return count <= 0 ? [] : pages.GetRange(first, count);
    }

    public Hash? FindPageHash(TabId tab, Party author, long number) =>
        tabs.TryGetValue(tab, out var chains) ? chains.Find(author, number)?.Hash : null;

    public IReadOnlyList<StoredPage> ReadNewestPages(IReadOnlyCollection<TabId> of, long beforeSequence, int most) =>
    [
        .. of.Where(tabs.ContainsKey)
            .SelectMany(id => tabs[id].Of(Party.Zero).Concat(tabs[id].Of(Party.One)))
            .Where(page => page.Sequence < beforeSequence && !page.Page.Page.IsReceipt)
            .OrderByDescending(page => page.Sequence)
            .Take(most),
    ];

    public StoredIntent? FindIntent(RequestId id)
    {
        if (!intents.TryGetValue(id, out var intent) || intent.State is not IntentDone done)
            return intent;
        var chains = tabs[intent.Tab];
        var page = chains.Find(chains.Me, done.FirstLine.Page);
        return page is null ? null : intent with
        {
            Lines = [.. page.Page.Lines.Skip(done.FirstLine.Line).TakeWhile(line => line.RequestId == id)],
            AskedMs = page.Page.TimeMs,
        };
    }

    public IReadOnlyList<StoredIntent> ReadUnsignedIntents(IReadOnlyCollection<TabId> of, int most) =>
    [
        .. intents.Values.Where(intent => of.Contains(intent.Tab) && intent.State is not IntentDone)
            .OrderByDescending(intent => intent.AskedMs)
            .Take(most),
    ];

    public byte[]? FindHello(TabId tab, Hash basis) =>
        tabs.GetValueOrDefault(tab)?.Hellos.GetValueOrDefault(basis)?.Content.Bytes.ToArray();

    public IReadOnlyList<StoredPeer> LoadPeers() => peers;

    public StoredPeer SavePeer(StoredPeer peer)
    {
        var saved = peer.Id == 0 ? peer with { Id = peers.Count + 1 } : peer;
        if (peer.Id == 0)
            peers.Add(saved);
        else
            peers[(int)peer.Id - 1] = saved;
        return saved;
    }

    public void Dispose()
    {
        // The disk outlives the process.
    }

    private void Write(IReadOnlyList<TabCommit> commits)
    {
        // Checked before anything changes, so that a commit that throws leaves nothing.
        var ends = new Dictionary<(TabId, Party), long>();
        foreach (var commit in commits)
            CheckOrder(commit, ends);
        foreach (var commit in commits)
            Write(commit);
    }

    private void CheckOrder(TabCommit commit, Dictionary<(TabId, Party), long> ends)
    {
        var id = commit.Tab.Id;
        if (commit.Write.TruncateOwnAfter is { } last)
            ends[(id, commit.Me)] = last;
        foreach (var page in commit.Write.Pages)
        {
            var author = page.Content.Page.Author;
            var end = ends.TryGetValue((id, author), out var known) ? known
                : tabs.TryGetValue(id, out var chains) ? chains.HeadOf(author).Number : 0;
            if (page.Content.Page.Number != end + 1)
                throw new StoreConflictException($"Page {page.Content.Page.Number} after {end}.");
            ends[(id, author)] = end + 1;
        }
    }

    private void Write(TabCommit commit)
    {
        var (id, write) = (commit.Tab.Id, commit.Write);
        if (!tabs.TryGetValue(id, out var chains))
            tabs.Add(id, chains = new StoredChains(commit.Tab, commit.Me));
        if (write.TruncateOwnAfter is { } last && Planted.Slip != Slip.CutsNothing)
            chains.Truncate(commit.Me, last);
        foreach (var page in write.Pages)
        {
            var signed = new SignedPage(page.Content, page.Signature);
            chains.Of(signed.Page.Author).Add(new StoredPage(++sequence, signed.Page.TimeMs, signed));
        }
        foreach (var change in write.Intents.Where(IsKept))
            Write(chains, id, change);
        if (write.Hello is { } hello)
            chains.Hellos[hello.Content.Hash] = hello;
        chains.Snapshot = write.After;
    }

    private static bool IsKept(IntentChange change) =>
        Planted.Slip != Slip.DropsWhatBecameOfIntents || change.State is IntentWaiting;

    private void Write(StoredChains chains, TabId id, IntentChange change)
    {
        if (change.State is IntentWaiting)
            chains.Waiting.Add(change.Intent!);
        intents[change.RequestId] = new StoredIntent(
            id, change.RequestId, change.State, change.Intent?.Lines ?? [], change.Intent?.AskedMs ?? 0);
    }
}

/// <summary>The power went while the disk was at work.</summary>
internal sealed class PowerLostException() : Exception("The power was lost.");

/// <summary>One tab on the disk.</summary>
internal sealed class StoredChains(TabTerms terms, Party me)
{
    private readonly List<StoredPage>[] pages = [[], []];

    public Party Me => me;

    public TabSnapshot? Snapshot { get; set; }

    /// <summary>Intents that were stored as waiting, in order; those that ended since are skipped when read.</summary>
    public List<Intent> Waiting { get; private set; } = [];

    public Dictionary<Hash, SignedHello> Hellos { get; private set; } = [];

    public List<StoredPage> Of(Party author) => pages[(int)author];

    public Head HeadOf(Party author) => Snapshot?.Mine.Of(author).Head ?? Head.Empty(terms.Id);

    public int IndexOf(Party author, long number)
    {
        var chain = Of(author);
        if (number < 1)
            return -1;
        if (chain.Count == 0 || chain[^1].Page.Page.Number < number)
            return -1;
        // Numbers are places as long as no reset has left a gap.
        if (number <= chain.Count && chain[(int)number - 1].Page.Page.Number == number)
            return (int)number - 1;
        return chain.FindIndex(page => page.Page.Page.Number >= number);
    }

    public SignedPage? Find(Party author, long number)
    {
        var index = IndexOf(author, number);
        return index >= 0 && Of(author)[index].Page is { } page && page.Page.Number == number ? page : null;
    }

    public void Truncate(Party author, long last)
    {
        var first = IndexOf(author, last + 1);
        if (first >= 0)
            Of(author).RemoveRange(first, Of(author).Count - first);
    }

    public StoredChains Copy()
    {
        var copy = new StoredChains(terms, me) { Snapshot = Snapshot, Waiting = [.. Waiting], Hellos = new(Hellos) };
        copy.pages[0].AddRange(pages[0]);
        copy.pages[1].AddRange(pages[1]);
        return copy;
    }

    public StoredTab ToStoredTab(Dictionary<RequestId, StoredIntent> intents)
    {
        var seen = Snapshot?.Theirs.Of(me).Head.Number ?? 0;
        var first = IndexOf(me, seen + 1);
        var unseen = first < 0
            ? []
            : Of(me).GetRange(first, Of(me).Count - first).Select(stored => stored.Page).ToImmutableArray();
        Waiting.RemoveAll(intent => intents[intent.RequestId].State is not IntentWaiting);
        Waiting = [.. Waiting.DistinctBy(intent => intent.RequestId)];
        var empty = new TabSnapshot(Fold.Empty(terms.Id), Fold.Empty(terms.Id), null);
        return new StoredTab(terms, me, Snapshot ?? empty, unseen, [.. Waiting]);
    }
}
