using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Settlements;

/// <summary>Settlements in words, the same for shell, pages and programs. Texts of people stay as they are.</summary>
internal static class SettlementText
{
    /// <summary>What a settlement says: <c>bob pays you 20.00 credits by cash, ref 17</c>.</summary>
    public static string Title(
        string peer, bool isAsk, bool isMine, bool isPaying, string amount, string asset, Revision said)
    {
        var sum = $"{amount} {asset}";
        if (isAsk)
        {
            var what = said.Reference.Length == 0 ? string.Empty : $" for {said.Reference}";
            return isMine ? $"you ask {peer} for {sum}{what}" : $"{peer} asks you for {sum}{what}";
        }
        var method = said.Method.Length == 0 ? string.Empty : $" by {said.Method}";
        var reference = said.Reference.Length == 0 ? string.Empty : $", ref {said.Reference}";
        return (isPaying ? $"you pay {peer} {sum}" : $"{peer} pays you {sum}") + method + reference;
    }

    /// <summary>How it stands, one sentence for its reader.</summary>
    public static string Standing(KnownSettlement known)
    {
        var peer = known.Peer;
        return known.State switch
        {
            SettlementStates.Settled when known.IsAsk => known.IsMine
                ? $"{peer} accepted and owes it to you."
                : $"You accepted and owe it to {peer}.",
            SettlementStates.Settled => "Settled.",
            SettlementStates.Withdrawn => Withdrawn(known),
            SettlementStates.Ended => "A reset of the tab ended it while it was open.",
            SettlementStates.Agreed => Agreed(known),
            SettlementStates.Disputed => Disputed(known),
            _ => Proposed(known),
        };
    }

    /// <summary>The kind of a line as it is called in the contract.</summary>
    public static string KindOf(Line line) => line switch
    {
        ProposeLine => "propose",
        ModifyLine => SettlementActions.Modify,
        WithdrawLine => SettlementActions.Withdraw,
        AcceptLine => SettlementActions.Accept,
        DisputeLine => SettlementActions.Dispute,
        _ => SettlementActions.Received,
    };

    public static string NameOf(SettlementMove move) => move switch
    {
        SettlementMove.Modify => SettlementActions.Modify,
        SettlementMove.Withdraw => SettlementActions.Withdraw,
        SettlementMove.Accept => SettlementActions.Accept,
        SettlementMove.Dispute => SettlementActions.Dispute,
        _ => SettlementActions.Received,
    };

    /// <summary>
    /// Why it was refused, for the person who asked: what stands there now, so that nobody has to look first.
    /// </summary>
    /// <param name="known">The settlement as it stands, or null when there is none.</param>
    public static string WhyRefused(Refusal refusal, KnownSettlement? known)
    {
        if (known is null)
            return refusal.Text;
        var (peer, amount) = (known.Peer, Amount(known, known.Shown));
        if (refusal.Why == Rejections.NotNewest)
        {
            var who = known.IsMine ? "You" : peer;
            return $"{who} changed it to {amount} meanwhile, and nothing was written. It is {known.Id} now: look at it "
                + "and answer that.";
        }
        if (refusal.Why == Rejections.Closed)
            return $"{Over(known, amount)} Nothing was changed.";
        if (refusal.Why == Rejections.NoChange)
            return "You have given that answer already.";
        if (refusal.Why == Rejections.NotYours || refusal.Why == Rejections.UnknownRef)
            return NotYours(known);
        if (refusal.Why == Rejections.NotReceiver)
            return $"You are the one who pays here: {peer} says whether it came.";
        return refusal.Why == Rejections.OverLimit
            ? $"{peer} has not accepted {amount}, and booking it alone would pass {peer}'s limit for you: wait until "
                + $"{peer} accepts."
            : refusal.Text;
    }

    /// <summary>Why the wrong side cannot do it.</summary>
    public static string NotYours(KnownSettlement known) => known.IsOver
        ? $"{Over(known, Amount(known, known.Shown))} Nothing was changed."
        : known.IsMine
        ? $"You proposed it: {known.Peer} answers it. You can modify or withdraw it."
        : $"{known.Peer} proposed it: you can accept or dispute it.";

    public static string Amount(KnownSettlement known, Revision revision) =>
        AmountText.FormatWithCode(revision.Amount.Units, known.Asset);

    private static string Over(KnownSettlement known, string amount) => known.State switch
    {
        SettlementStates.Settled => known.IsMine
            ? $"{known.Peer} was first: it is settled at {amount}."
            : $"It is settled at {amount}.",
        SettlementStates.Ended => "A reset of the tab ended it.",
        _ => known.IsMine ? "You have withdrawn it." : $"{known.Peer} has withdrawn it.",
    };

    // A receiver's own withdrawal leaves nobody who could still book; a payer's waits until the receiver has seen it.
    private static string Withdrawn(KnownSettlement known)
    {
        if (!known.IsMine)
            return $"{known.Peer} has withdrawn it.";
        var isFinal = !known.IsPaying || known.Newest<WithdrawLine>() is { } line && known.IsConfirmed(line);
        return isFinal
            ? "You have withdrawn it."
            : $"Withdrawn, not yet seen: {known.Peer} may still have accepted it before.";
    }

    private static string Agreed(KnownSettlement known)
    {
        if (!known.IsPaying)
            return $"{known.Peer} agreed. When the money is there, say that you received it.";
        return known.IsSafeToTransfer
            ? $"Agreed: it is safe to pay now. {known.Peer} says when it came."
            : $"You agreed, but {known.Peer} has not seen it yet: do not pay before.";
    }

    private static string Disputed(KnownSettlement known)
    {
        var reason = known.Newest<DisputeLine>() is { Line: DisputeLine { Reason.Length: > 0 } dispute }
            ? $": {dispute.Reason}"
            : string.Empty;
        return known.IsMine
            ? $"{known.Peer} disputes it{reason}. You can modify or withdraw it."
            : $"You dispute it{reason}. {known.Peer} can modify or withdraw it.";
    }

    private static string Proposed(KnownSettlement known)
    {
        var earlier = known.Record.Decision is { } decision && known.Record.Find(decision.Revision) is { } answered
            ? $" ({Amount(known, answered)} {(decision.Accepted ? "was accepted" : "was disputed")})"
            : string.Empty;
        if (!known.IsMine)
            return $"It waits for your answer{earlier}.";
        return known.IsSeen
            ? $"It waits for the answer of {known.Peer}{earlier}."
            : $"Sent; {known.Peer} has not seen it yet{earlier}.";
    }
}
