using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// The tabs of a node by id, by peer, and by peer and asset. Readers are on any thread; tabs are added by one at a time
/// and never go.
/// </summary>
internal sealed class TabIndex
{
    private readonly ConcurrentDictionary<TabId, TabLedger> byId = new();
    private readonly ConcurrentDictionary<(PublicKey Peer, Asset Asset), TabLedger> byPeerAndAsset = new();
    private readonly ConcurrentDictionary<PublicKey, ImmutableArray<TabLedger>> byPeer = new();

    /// <summary>All of them, in no order.</summary>
    public ICollection<TabLedger> All => byId.Values;

    /// <summary>The tab with this id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public TabLedger this[TabId id] => byId[id];

    public bool TryFind(TabId id, [NotNullWhen(true)] out TabLedger? tab) => byId.TryGetValue(id, out tab);

    public TabLedger? Find(PublicKey peer, Asset asset) => byPeerAndAsset.GetValueOrDefault((peer, asset));

    /// <summary>The tabs with this peer, in the order in which they were added.</summary>
    public ImmutableArray<TabLedger> With(PublicKey peer) => byPeer.GetValueOrDefault(peer, []);

    public void Add(TabLedger tab)
    {
        var (peer, asset) = (tab.View.PeerKey, tab.View.Terms.Asset);
        byId[tab.Id] = tab;
        byPeerAndAsset[(peer, asset)] = tab;
        byPeer[peer] = With(peer).Add(tab);
    }
}
