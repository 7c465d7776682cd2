using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary>Finds a payment of this node by its request id or by the short one.</summary>
internal static class PaymentLookup
{
    private const int ShortLength = 8;

    // Short ids are for what is still queued and for what has just happened; older ones need the full id.
    private const int MostUnsigned = 10_000;
    private const int NewestPages = 64;

    public static Answer<StoredIntent> Find(NodeParts node, string text, bool onlyWaiting = false)
    {
        var typed = text.Trim().ToLowerInvariant();
        if (typed.Length != ShortLength)
        {
            return RequestId.TryParse(typed, out var id) && node.Store.FindIntent(id) is { Lines: [PayLine] } stored
                ? stored
                : Nobody(text);
        }
        var tabs = node.Ledger.Tabs.Select(tab => tab.Terms.Id).ToList();
        var matches = node.Store.ReadUnsignedIntents(tabs, MostUnsigned)
            .Where(intent => intent.Lines is [PayLine] && PaymentText.ShortId(intent.RequestId) == typed)
            .ToList();
        // Of several with one short id, the one that waits is meant.
        if (matches.Count(intent => intent.State is IntentWaiting) == 1)
            matches.RemoveAll(intent => intent.State is not IntentWaiting);
        if (matches.Count == 0 && OnNewestPages(node, typed) is { } signed)
            return signed;
        return matches switch
        {
            [var only] => only,
            [] when onlyWaiting => Problems.Unknown("unknown-payment", "No queued payment has that id."),
            [] => Nobody(text),
            _ => Problems.BadInput("which-payment", "Several payments have that short id: use the full request id."),
        };
    }

    public static Problem Nobody(string text) =>
        Problems.Unknown("unknown-payment", $"No payment has the id {Peers.PeerNames.Printable(text)}.");

    /// <summary>The payment with this full request id as it stands now, or null.</summary>
    public static Payment? Shown(NodeParts node, string? id) =>
        RequestId.TryParse(id, out _) && Find(node, id!).Value is { } stored
            ? Describe(node, stored).Value
            : null;

    /// <summary>Where a request stands by what is stored, or null.</summary>
    public static IntentOutcome? OutcomeOf(NodeParts node, RequestId id) =>
        node.Store.FindIntent(id) is { } stored ? OutcomeOf(node, stored) : null;

    public static Answer<Payment> Describe(NodeParts node, StoredIntent stored) =>
        node.TabOf(stored.Tab) is { } tab
            ? PaymentText.Of(node, tab, (PayLine)stored.Lines[0], OutcomeOf(node, stored), wasOwing: false)
            : Nobody(stored.RequestId.ToString());

    private static IntentOutcome OutcomeOf(NodeParts node, StoredIntent stored)
    {
        var delivered = stored.State is IntentDone done
            && node.TabOf(stored.Tab) is { } tab
            && done.FirstLine.Page <= tab.SeenByPeer;
        return new IntentOutcome(stored.State, delivered, Repeated: true);
    }

    private static StoredIntent? OnNewestPages(NodeParts node, string shortId)
    {
        var tabs = node.Ledger.Tabs.ToDictionary(tab => tab.Terms.Id);
        var match =
            from stored in node.Store.ReadNewestPages(tabs.Keys, long.MaxValue, NewestPages)
            let page = stored.Page.Page
            where page.Author == tabs[page.Tab].Me
            from line in page.Lines.OfType<PayLine>()
            where PaymentText.ShortId(line.RequestId) == shortId
            select line.RequestId;
        return match.Select(id => node.Store.FindIntent(id)).FirstOrDefault();
    }
}
