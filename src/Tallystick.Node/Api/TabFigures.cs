using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Api;

/// <summary>A tab's numbers as people read them.</summary>
internal static class TabFigures
{
    /// <summary>What may still be paid under the peer's limit, waiting payments counted; null for any.</summary>
    public static long? CanPayUnits(TabView tab)
    {
        var limit = tab.Snapshot.Mine.Of(tab.Me.Other()).Limit;
        return limit.IsNone ? null : Math.Max(0, limit.Units - MyWorstCaseUnits(tab));
    }

    /// <summary>The most this node may come to owe, waiting payments counted; negative when the peer owes.</summary>
    public static long MyWorstCaseUnits(TabView tab) =>
        tab.Snapshot.Mine.WorstCaseDebtOf(tab.Me) + tab.WaitingUnits;

    public static TabBalance Of(NodeParts node, string peer, TabView tab)
    {
        var asset = tab.Terms.Asset;
        var mine = tab.Snapshot.Mine;
        var them = tab.Me.Other();
        var myLimit = mine.Of(tab.Me).Limit;
        return new TabBalance(
            peer,
            asset.Code,
            AmountText.Format(tab.Balance, asset),
            AmountText.Format(tab.WaitingUnits, asset),
            TextOrNull(CanPayUnits(tab), asset),
            myLimit.IsNone ? null : AmountText.Format(Math.Max(0, myLimit.Units - mine.WorstCaseDebtOf(them)), asset),
            LimitText(myLimit, asset),
            LimitText(mine.Of(them).Limit, asset),
            AmountText.Format(MyWorstCaseUnits(tab), asset),
            TextOrNull(tab.Exposure, asset),
            node.Door.Presence.IsOnline(tab.PeerKey),
            FrozenText(tab, peer),
            mine.Of(them).HasLimit);
    }

    /// <summary>A limit as decimal text, or null for none.</summary>
    public static string? LimitText(CreditLimit limit, Asset asset) =>
        limit.IsNone ? null : AmountText.Format(limit.Units, asset);

    /// <summary>Why a tab is frozen or has stopped, one sentence, or null.</summary>
    public static string? FrozenText(TabView tab, string peer)
    {
        var why = WhyFrozen(tab, peer);
        var reset = tab.State switch
        {
            { Offer: not null } => $"You have signed a reset, which waits for {peer}.",
            // A peer's word alone does not make a tab look frozen.
            { Session.Offer: not null } when why is not null => $"{peer} asks to reset it.",
            _ => null,
        };
        return why is null || reset is null ? why ?? reset : $"{why} {reset}";
    }

    private static string? WhyFrozen(TabView tab, string peer) => tab.Snapshot.Freeze switch
    {
        null => tab.Trouble,
        { ByMe: true } freeze =>
            $"{peer} signed page {Number(freeze)}, which breaks the rule {Rule(freeze)}; no new debt is written.",
        var freeze =>
            $"{peer} says that page {Number(freeze)} of this node breaks the rule {Rule(freeze)}; "
                + "no new debt is written.",
    };

    private static long Number(Core.Loop.Freeze freeze) => freeze.Fault.Content.Fault.Page.Page.Number;

    private static string Rule(Core.Loop.Freeze freeze) => freeze.Fault.Content.Fault.Rejection;

    private static string? TextOrNull(long? units, Asset asset) =>
        units is { } known ? AmountText.Format(known, asset) : null;
}
