using Tallystick.Core.Money;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary>Finds the peer, the asset and the tab that a person means.</summary>
internal static class Choice
{
    /// <summary>The named peer; without a name the only one.</summary>
    public static Answer<StoredPeer> Peer(NodeParts node, string? name)
    {
        if (!string.IsNullOrWhiteSpace(name))
            return Named(node, name.Trim());
        var peers = node.Book.Peers.ToList();
        return peers switch
        {
            [] => Problems.Unknown("unknown-peer", "There is no peer yet: add one with peer add NAME HOST:PORT."),
            [var only] => only,
            _ => Problems.BadInput(
                "which-peer", $"Which peer? There are {string.Join(", ", peers.Select(peer => peer.Name))}."),
        };
    }

    /// <summary>The named peer, or null for every peer when none is named.</summary>
    public static Answer<StoredPeer> PeerOrAll(NodeParts node, string? name) =>
        string.IsNullOrWhiteSpace(name) ? default(Answer<StoredPeer>) : Named(node, name.Trim());

    /// <summary>The tab with a peer in the asset that is named by its code or code/scale; null for the first.</summary>
    public static Answer<TabView> Tab(NodeParts node, StoredPeer peer, string? asset)
    {
        if (peer.Key is not { } key)
        {
            return Problems.Refused(
                "not-met",
                $"{peer.Name} has not been met yet, so nothing can be signed for it: wait until it is connected.");
        }
        var choice = Asset(node, peer, asset);
        if (choice.Value is not { } chosen)
            return choice.Problem!;
        return node.Ledger.Find(key, chosen) ?? node.Ledger.OpenTab(key, chosen);
    }

    private static Answer<StoredPeer> Named(NodeParts node, string name)
    {
        if (node.Book.Find(name) is { } peer)
            return peer;
        return string.Equals(name, node.Options.Name, StringComparison.OrdinalIgnoreCase)
            ? Problems.Refused("oneself", $"{node.Options.Name} is this node itself: a tab needs two.")
            : Problems.Of(node.Book.UnknownPeer(name));
    }

    private static Answer<Asset> Asset(NodeParts node, StoredPeer peer, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return node.Options.Assets[0];
        var opened = node.TabsOf(peer).Select(pair => pair.Tab.Terms.Asset);
        var known = node.Options.Assets.Concat(opened).Distinct().ToList();
        var meant = known.FindAll(asset => IsMeant(asset, text.Trim(), StringComparison.Ordinal));
        if (meant.Count == 0)
            meant = known.FindAll(asset => IsMeant(asset, text.Trim(), StringComparison.OrdinalIgnoreCase));
        return meant switch
        {
            [var only] => only,
            [] => Problems.Unknown(
                "unknown-asset",
                $"There is no tab with {peer.Name} in that asset; there are {string.Join(", ", known)}."),
            _ => Problems.BadInput("which-asset", $"Which asset? There are {string.Join(", ", meant)}."),
        };
    }

    private static bool IsMeant(Asset asset, string text, StringComparison comparison) =>
        string.Equals(asset.Code, text, comparison) || string.Equals(asset.ToString(), text, comparison);
}
