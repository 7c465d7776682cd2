using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;
using Tallystick.Simulation.Faults;

namespace Tallystick.Simulation.Worlds;

/// <summary>
/// A book under the shipped contract on a disk that can be cut, filled, copied and put back. A commit is synced when it
/// returns; what is not synced is lost with the power.
/// </summary>
internal sealed partial class SimulatedStore : ILedgerStore
{
    private readonly Dictionary<TabId, StoredChains> tabs = [];
    private readonly Dictionary<RequestId, KnownIntent> intents = [];
    private readonly List<StoredPeer> peers = [];
    private readonly List<StoredInvite> invites = [];
    private long sequence;
    private long asked;
    private SimulatedStore? synced;
    private int unsynced;

    /// <summary>What the person of this disk was told that peers are called. No program reads it.</summary>
    public Dictionary<PublicKey, string> Told { get; } = [];

    /// <summary>What the next commit meets.</summary>
    public Mishap Next { get; set; }

    /// <summary>What a loss of power leaves.</summary>
    public SimulatedStore AfterPowerLoss() => synced ?? this;

    /// <summary>A copy of the whole disk.</summary>
    public SimulatedStore Copy()
    {
        var copy = new SimulatedStore { sequence = sequence, asked = asked };
        foreach (var (id, tab) in tabs)
            copy.tabs.Add(id, tab.Copy());
        foreach (var (id, intent) in intents)
            copy.intents.Add(id, intent);
        copy.peers.AddRange(peers);
        copy.invites.AddRange(invites);
        foreach (var (key, name) in Told)
            copy.Told.Add(key, name);
        return copy;
    }

    public StoredChains? Chains(TabId tab) => tabs.GetValueOrDefault(tab);

    public IReadOnlyList<StoredTab> LoadTabs() => [.. tabs.Values.Select(tab => tab.ToStoredTab(Waits))];

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
                Check(commits);
                Write(commits);
                if (mishap == Mishap.KeepsUnsynced)
                    throw new PowerLostException();
                break;
        }
    }

    public IReadOnlyList<StoredPage> ReadPages(TabId tab, Party author, long from, int most)
    {
        if (!tabs.TryGetValue(tab, out var chains) || chains.IndexOf(author, from) is not (>= 0 and var first))
            return [];
        var pages = chains.Of(author);
        return pages.GetRange(first, Math.Min(most, pages.Count - first));
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

    public long FindSequence(long storedMs)
    {
        var pages = tabs.Values.SelectMany(chains => chains.Of(Party.Zero).Concat(chains.Of(Party.One))).ToList();
        return pages.Where(page => page.StoredMs >= storedMs).Select(page => page.Sequence)
            .DefaultIfEmpty(pages.Select(page => page.Sequence).DefaultIfEmpty().Max() + 1)
            .Min();
    }

    public StoredIntent? FindIntent(RequestId id)
    {
        if (!intents.TryGetValue(id, out var known))
            return null;
        if (known.State is not IntentDone { FirstLine: var at })
            return new StoredIntent(known.Tab, id, known.State, known.Asked?.Lines ?? [], known.Asked?.AskedMs ?? 0);
        var chains = tabs[known.Tab];
        return chains.Find(chains.Me, at.Page)?.Page is { } page
            ? new StoredIntent(
                known.Tab,
                id,
                known.State,
                [.. page.Lines.Skip(at.Line).TakeWhile(line => line.RequestId == id)],
                page.TimeMs)
            : null;
    }

    public IReadOnlyList<StoredIntent> ReadUnsignedIntents(IReadOnlyCollection<TabId> of, int most) =>
    [
        .. intents.Where(known => of.Contains(known.Value.Tab) && known.Value.State is not IntentDone)
            .OrderByDescending(known => known.Value.Order)
            .Take(most)
            .Select(known => FindIntent(known.Key)!),
    ];

    public byte[]? FindHello(TabId tab, Hash basis) =>
        tabs.GetValueOrDefault(tab)?.Hellos.GetValueOrDefault(basis)?.Content.Bytes.ToArray();

    public IReadOnlyList<StoredPeer> LoadPeers() => peers;

    public StoredPeer SavePeer(StoredPeer peer)
    {
        if (!peer.Removed && peers.Exists(other => other.Id != peer.Id && !other.Removed
            && string.Equals(other.Name, peer.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new StoreConflictException($"Another peer is called {peer.Name}.");
        }
        if (peer.Id > peers.Count)
            throw new StoreConflictException($"There is no peer {peer.Id}.");
        var saved = peer.Id == 0 ? peer with { Id = peers.Count + 1 } : peer;
        if (peer.Id == 0)
            peers.Add(saved);
        else
            peers[(int)peer.Id - 1] = Planted.Slip == Slip.ForgetsANewName ? peers[(int)peer.Id - 1] : saved;
        return saved;
    }

    public StoredPeer SavePeer(StoredPeer peer, StoredInvite used)
    {
        // Both or neither: the peer is what can be refused after this.
        var at = IndexOfOpen(used);
        var saved = SavePeer(peer);
        invites[at] = used;
        return saved;
    }

    public IReadOnlyList<StoredInvite> LoadInvites() => [.. invites];

    public void SaveInvite(StoredInvite invite)
    {
        if (invites.Exists(known => known.Digest == invite.Digest))
            invites[IndexOfOpen(invite)] = invite;
        else
            invites.Add(invite);
    }

    public void DropInvite(Hash digest) => invites.RemoveAll(known => known.Digest == digest);

    private int IndexOfOpen(StoredInvite invite)
    {
        var at = invites.FindIndex(known => known.Digest == invite.Digest);
        return at >= 0 && invites[at].State == InviteState.Open
            ? at
            : throw new StoreConflictException($"Invitation {invite.Digest} is not open any more.");
    }

    public void Dispose()
    {
        // The disk outlives the process.
    }

    private bool Waits(Intent intent) =>
        intents.TryGetValue(intent.RequestId, out var known) && known.State is IntentWaiting;

    /// <summary>What is known of an intent.</summary>
    /// <param name="Asked">As it was asked; null while it is on a page.</param>
    /// <param name="Order">Grows with every intent that is new.</param>
    private readonly record struct KnownIntent(TabId Tab, IntentState State, Intent? Asked, long Order);
}

/// <summary>The power went while the disk was at work.</summary>
internal sealed class PowerLostException() : Exception("The power was lost.");
