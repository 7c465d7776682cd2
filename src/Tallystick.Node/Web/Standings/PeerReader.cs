using Tallystick.Node.Api;
using Tallystick.Node.Storage;
using Tallystick.Node.Web.Overview;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Standings;

/// <summary>Reads what the page of a peer shows.</summary>
internal sealed class PeerReader(NodeParts node)
{
    private const int LatestShown = 20;

    public PeerModel Read(StoredPeer peer, string? paid)
    {
        var tabs = node.TabsOf(peer).ToList();
        var byId = tabs.ToDictionary(pair => pair.Tab.Terms.Id, pair => (pair.Peer.Name, pair.Tab));
        var latest = new HistoryReader(node, byId).NewestFirst(HistoryCursor.Newest).Take(LatestShown);
        var now = node.Time.GetUtcNow();
        return new PeerModel(
            PeerEndpoints.Describe(node, peer),
            [.. tabs.Select(pair => new PeerTab(
                TabFigures.Of(node, peer.Name, pair.Tab), LimitBar.Of(pair.Tab, peer.Name)))],
            [.. latest.Select(found => EntryModel.Of(found.Entry, now))],
            PaymentLookup.Shown(node, paid));
    }
}
