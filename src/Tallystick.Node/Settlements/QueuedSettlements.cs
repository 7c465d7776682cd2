using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Node.Api;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Settlements;

/// <summary>What was asked for about settlements and is not signed yet.</summary>
internal sealed class QueuedSettlements(NodeParts node)
{
    /// <summary>Proposals of a tab that wait, newest first.</summary>
    public IEnumerable<SettlementInfo> Of(TabView tab, string peer) =>
        from intent in tab.State.Waiting.Reverse()
        where intent.Lines is [ProposeLine]
        select Describe(tab, peer, intent, new IntentWaiting());

    /// <summary>What waits about a settlement that is on a page already, oldest first.</summary>
    public static IReadOnlyList<SettlementWish> About(KnownSettlement known) =>
        [
            .. from intent in known.Tab.State.Waiting
               let line = intent.Lines[0]
               where IsAbout(line, known)
               select new SettlementWish(
                   SettlementText.KindOf(line),
                   AmountOf(line, known),
                   SettlementName.Of(intent.RequestId)),
        ];

    /// <summary>The proposal that waits under this name, or null.</summary>
    public (TabView Tab, RequestId Id)? Find(string typed)
    {
        var (name, _) = SettlementName.Split(typed);
        var found = (
            from tab in node.Ledger.Tabs
            from intent in tab.State.Waiting
            where intent.Lines is [ProposeLine]
                && (SettlementName.Of(intent.RequestId).StartsWith(name, StringComparison.Ordinal)
                    || intent.RequestId.ToString() == name)
            select (tab, intent.RequestId)).Take(2).ToList();
        return name.Length > 0 && found.Count == 1 ? found[0] : null;
    }

    /// <summary>A proposal that is on no page.</summary>
    public SettlementInfo Describe(TabView tab, string peer, Intent intent, IntentState state)
    {
        var propose = (ProposeLine)intent.Lines[0];
        var asset = tab.Terms.Asset;
        var amount = AmountText.Format(propose.Amount.Units, asset);
        var isAsk = propose is { PayerIsMe: true, Method: SettlementMethods.Ask };
        var said = new Revision(default, propose.Amount, propose.Method, propose.Reference);
        return new SettlementInfo(
            SettlementName.Of(intent.RequestId),
            Key: null,
            peer,
            asset.Code,
            isAsk,
            Mine: true,
            Paying: propose.PayerIsMe,
            amount,
            propose.Method.Length == 0 ? null : propose.Method,
            propose.Reference.Length == 0 ? null : propose.Reference,
            Revision: 0,
            state is IntentWaiting ? SettlementStates.Queued : SettlementStates.Refused,
            SettlementText.Title(peer, isAsk, isMine: true, propose.PayerIsMe, amount, asset.Code, said),
            state is IntentWaiting
                ? $"Queued: {PaymentText.WhyItWaits(node, tab, peer)}"
                : "Taken back before it was sent.",
            Seen: false,
            SafeToTransfer: false,
            state is IntentWaiting ? [SettlementActions.Withdraw] : [],
            DateTimeOffset.FromUnixTimeMilliseconds(intent.AskedMs));
    }

    private static bool IsAbout(Line line, KnownSettlement known) => line switch
    {
        ModifyLine modify => known.IsMine && modify.Settlement == known.Record.Ref,
        WithdrawLine withdraw => known.IsMine && withdraw.Settlement == known.Record.Ref,
        ReceivedLine received => known.IsMine && known.Record.Find(received.Revision) is not null,
        AcceptLine accept => !known.IsMine && known.Record.Find(accept.Revision) is not null,
        DisputeLine dispute => !known.IsMine && known.Record.Find(dispute.Revision) is not null,
        _ => false,
    };

    private static string? AmountOf(Line line, KnownSettlement known)
    {
        if (line is ModifyLine modify)
            return AmountText.Format(modify.Amount.Units, known.Asset);
        var number = SettlementTrail.NumberOf(known.Record, new TrailLine(known.Tab.Me, default, line));
        return number == 0
            ? null
            : AmountText.Format(known.Record.Revisions[number - 1].Amount.Units, known.Asset);
    }
}
