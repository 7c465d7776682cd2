using System.Collections.Concurrent;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;

namespace Tallystick.Bench.Hub;

/// <summary>
/// A book that forgets: a thousand real ones would measure the disk and not the hub. It keeps the hashes of pages,
/// which is all that a tab asks for between honest nodes that pay, never restart and whose link never breaks.
/// </summary>
internal sealed class MemoryStore : ILedgerStore
{
    private readonly ConcurrentDictionary<(TabId Tab, Party Author, long Number), Hash> hashes = new();

    public IReadOnlyList<StoredTab> LoadTabs() => [];

    public void Commit(IReadOnlyList<TabCommit> commits)
    {
        foreach (var commit in commits)
        {
            foreach (var page in commit.Write.Pages)
                hashes[(commit.Tab.Id, page.Content.Page.Author, page.Content.Page.Number)] = page.Content.Hash;
        }
    }

    public Hash? FindPageHash(TabId tab, Party author, long number) =>
        hashes.TryGetValue((tab, author, number), out var hash) ? hash : null;

    public IReadOnlyList<StoredPage> ReadPages(TabId tab, Party author, long from, int most) =>
        throw new NotSupportedException("No link was to break, so no page is sent again.");

    public IReadOnlyList<StoredPage> ReadNewestPages(
        IReadOnlyCollection<TabId> tabs, long beforeSequence, int most) => [];

    public long FindSequence(long storedMs) => 1;

    public IReadOnlyList<StoredSettlement> ReadNewestSettlements(
        IReadOnlyCollection<TabId> tabs, StoredPlace before, int most) => [];

    public IReadOnlyList<StoredSettlement> FindSettlements(uint first, uint last, int most) => [];

    public ObjectKey? FindSettlement(TabId tab, Party author, Ref line) => null;

    public IReadOnlyList<StoredLine> ReadSettlementLines(TabId tab, ObjectKey settlement, int mostAnswers) => [];

    public StoredIntent? FindIntent(RequestId id) => null;

    public IReadOnlyList<StoredIntent> ReadUnsignedIntents(IReadOnlyCollection<TabId> tabs, int most) => [];

    public byte[]? FindHello(TabId tab, Hash basis) => null;

    public IReadOnlyList<StoredPeer> LoadPeers() => [];

    public StoredPeer SavePeer(StoredPeer peer) => peer;

    public StoredPeer SavePeer(StoredPeer peer, StoredInvite used) => peer;

    public IReadOnlyList<StoredInvite> LoadInvites() => [];

    public void SaveInvite(StoredInvite invite)
    {
        // The benchmark invites nobody.
    }

    public void DropInvite(Hash digest)
    {
        // There is none.
    }

    public void Dispose()
    {
        // There is nothing to close.
    }
}
