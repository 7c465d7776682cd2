using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;
using Tallystick.Node.Api;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;
using Tallystick.Node.Web.Charts;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Overview;

/// <summary>Reads what the overview shows.</summary>
internal sealed class OverviewReader(NodeParts node)
{
    private const int LatestShown = 8;
    private readonly BalanceHistory balances = new(node);

    /// <param name="assetCode">The asset that is looked at; null for the first.</param>
    /// <param name="paid">The request id of the payment that was just made, or null.</param>
    public OverviewModel Read(string? assetCode, string? paid)
    {
        var tabs = node.TabsOf(null).ToList();
        var assets = node.Options.Assets.Concat(tabs.Select(pair => pair.Tab.Terms.Asset)).Distinct().ToList();
        var asset = assets.Find(each => each.Code == assetCode) ?? assets[0];
        var here = tabs.FindAll(pair => pair.Tab.Terms.Asset == asset);
        var (owed, owing) = (here.FindAll(pair => pair.Tab.Balance > 0), here.FindAll(pair => pair.Tab.Balance < 0));
        var peers = PeerEndpoints.All(node);
        return new OverviewModel(
            asset.Code,
            [.. assets.Select(each => each.Code)],
            AmountText.Format(here.Sum(pair => pair.Tab.Balance), asset),
            AmountText.Format(owed.Sum(pair => pair.Tab.Balance), asset),
            owed.Count,
            AmountText.Format(-owing.Sum(pair => pair.Tab.Balance), asset),
            owing.Count,
            AmountText.Format(here.Sum(pair => TabFigures.CanPayUnits(pair.Tab) ?? 0), asset),
            here.Count(pair => IsOpen(pair.Tab) && TabFigures.CanPayUnits(pair.Tab) is null),
            [.. peers.Known.Select(peer => Row(peer, here))],
            peers.Strangers,
            ChartModel.Of(balances.Read([.. here.Select(pair => pair.Tab)]), asset),
            Latest(tabs),
            PaymentLookup.Shown(node, paid));
    }

    private static bool IsOpen(TabView tab) => tab.Snapshot.Mine.Of(tab.Me.Other()).HasLimit;

    private PeerRow Row(Peer peer, List<(StoredPeer Peer, TabView Tab)> tabs)
    {
        var tab = tabs.Find(pair => pair.Peer.Name == peer.Name).Tab;
        return new PeerRow(
            peer.Name,
            peer.Online,
            peer.Trouble,
            tab is null ? null : TabFigures.Of(node, peer.Name, tab),
            tab is null ? null : LimitBar.Of(tab, peer.Name));
    }

    private IReadOnlyList<EntryModel> Latest(List<(StoredPeer Peer, TabView Tab)> tabs)
    {
        var byId = tabs.ToDictionary(pair => pair.Tab.Terms.Id, pair => (pair.Peer.Name, pair.Tab));
        var entries = new HistoryReader(node, byId).Read(HistoryCursor.Newest, LatestShown).Entries;
        return [.. entries.Reverse().Select(entry => EntryModel.Of(entry, node.Time.GetUtcNow()))];
    }
}
