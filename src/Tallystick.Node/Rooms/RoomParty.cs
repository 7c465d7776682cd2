using Microsoft.Extensions.Logging;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Node.Api;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Rooms;

/// <summary>
/// One party of a room: a key, a book and a ledger of its own, as a node has them, without its network.
/// </summary>
internal sealed class RoomParty : IAsyncDisposable
{
    private readonly NodeIdentity identity;
    private readonly SqliteLedgerStore store;
    private readonly Ledger ledger;
    private PeerLink? link;
    private Task running = Task.CompletedTask;

    private RoomParty(NodeIdentity identity, SqliteLedgerStore store, Ledger ledger, NodeParts node) =>
        (this.identity, this.store, this.ledger, Node) = (identity, store, ledger, node);

    /// <summary>What settlements are read and made with, the same as of a node.</summary>
    public NodeParts Node { get; }

    public PublicKey Key => identity.Key;

    /// <summary>Opens a party's folder; makes key and book when they are missing.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="identity">Its key; disposed with the party.</param>
    /// <param name="peer">The other party's key.</param>
    /// <param name="peerName">What the other is called.</param>
    /// <param name="asset">What the tab counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where to log.</param>
    public static RoomParty Open(
        string folder,
        string name,
        NodeIdentity identity,
        PublicKey peer,
        string peerName,
        Asset asset,
        TimeProvider time,
        ILoggerFactory logs)
    {
        var kept = SqliteLedgerStore.Open(folder, time);
        if (kept.LoadPeers().Count == 0)
            kept.SavePeer(new StoredPeer(0, peerName, peer, null, null, Removed: false, NameIsOurs: true));
        var keys = new KeyRing();
        var loops = Ledger.Open(kept, identity, keys, RandomHash.Next(), () => InProcessLink.Number, time, logs);
        loops.OpenTab(peer, asset);
        var book = new PeerBook(kept, identity.Key, name, time);
        var notices = new NoticeFeed(time);
        return new RoomParty(identity, kept, loops, new NodeParts
        {
            Options = new NodeOptions { Name = name, DataFolder = folder, Assets = [asset] },
            DataFolder = folder,
            Identity = identity,
            Keys = keys,
            Store = kept,
            Ledger = loops,
            Book = book,
            Door = new PeerDoor(
                book, loops, notices, [asset], identity.Fingerprint, time, logs.CreateLogger<PeerDoor>()),
            Notices = notices,
            Time = time,
        });
    }

    /// <summary>Begins to speak with the other party.</summary>
    public void Start(PeerLink to)
    {
        link = to;
        Node.Door.Presence.Came(to, address: null);
        running = to.RunAsync(ledger.ReceiveAsync, () => ValueTask.CompletedTask, _ => ValueTask.CompletedTask);
        // The ledger hears nothing from a link that it does not know; the other party's first word would be lost.
        ledger.LinkIsCurrent(to);
        to.AllowReading();
    }

    public async ValueTask DisposeAsync()
    {
        link?.Close("leaving");
        await running;
        if (link is not null)
            ledger.LinkIsGone(link);
        Node.Door.Dispose();
        await ledger.DisposeAsync();
        store.Dispose();
        identity.Dispose();
    }
}
