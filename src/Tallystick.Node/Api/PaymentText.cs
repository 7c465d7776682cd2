using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Api;

/// <summary>Intents as people read them.</summary>
internal static class PaymentText
{
    /// <summary>The short id that <c>cancel</c> takes.</summary>
    public static string ShortId(RequestId id) => id.ToString()[^8..];

    public static string State(IntentState state, bool delivered) => state switch
    {
        IntentWaiting => PaymentStates.Queued,
        IntentDone when delivered => PaymentStates.Delivered,
        IntentDone => PaymentStates.Sent,
        IntentCancelled => PaymentStates.Cancelled,
        _ => PaymentStates.Refused,
    };

    public static Payment Of(NodeParts node, TabView tab, PayLine line, IntentOutcome outcome, bool wasOwing)
    {
        var refusal = (outcome.State as IntentRefused)?.Refusal;
        var peer = node.NameOf(tab);
        return new Payment(
            ShortId(line.RequestId),
            line.RequestId.ToString(),
            peer,
            AmountText.Format(line.Amount.Units, tab.Terms.Asset),
            tab.Terms.Asset.Code,
            line.Memo.Length == 0 ? null : line.Memo,
            State(outcome.State, outcome.Delivered),
            outcome.State is IntentWaiting ? WhyItWaits(node, tab, peer) : WhyRefused(refusal, peer),
            refusal?.Why.Name,
            wasOwing);
    }

    /// <summary>
    /// Why something was refused, one sentence without units: how much was possible then is not known any more.
    /// </summary>
    public static string? WhyRefused(Refusal? refusal, string peer) =>
        refusal is null ? null
        : refusal.Why == Rejections.OverLimit ? $"It was over {peer}'s limit."
        : refusal.Why == Rejections.TotalOverflow ? "It was more than a tab can hold."
        : refusal.Text;

    /// <summary>Why nothing can be written on a tab now, one sentence.</summary>
    public static string WhyItWaits(NodeParts node, TabView tab, string peer)
    {
        if (TabFigures.FrozenText(tab, peer) is { } frozen)
            return frozen;
        if (!node.Door.Presence.IsOnline(tab.PeerKey))
            return $"{peer} is off.";
        return tab.Trouble ?? (tab.Ready ? "It is about to be signed." : $"{peer} is not ready yet.");
    }
}
