using Tallystick.Client;
using static Tallystick.Cli.Sentences.Harmless;

namespace Tallystick.Cli.Sentences;

/// <summary>What a person is told in answer to a command.</summary>
internal static class AnswerSentences
{
    public const string NoPeers = "You have no peers yet: invite somebody, or join with the link that you were sent.";
    public const string WhichPeer = "You have several peers: say which.";

    public static IReadOnlyList<string> Paid(Payment payment, bool peerIsOff)
    {
        var what = $"{payment.Amount} {Text(payment.Asset)}";
        var peer = Text(payment.Peer);
        var why = payment.Reason is null ? "." : ": " + Text(payment.Reason);
        return payment.State switch
        {
            PaymentStates.Sent => [$"Sent {what} to {peer}."],
            PaymentStates.Delivered => [$"Sent {what} to {peer}, who has it."],
            PaymentStates.Queued when peerIsOff => [$"Queued {what} for {peer}, who is off.", TakeBack(payment)],
            PaymentStates.Queued => [$"Queued {what} for {peer}{why}", TakeBack(payment)],
            PaymentStates.Cancelled => [$"Cancelled: {what} for {peer} were taken back."],
            _ => [$"Refused, nothing was paid to {peer}{why}"],
        };
    }

    public static IReadOnlyList<string> Cancelled(Payment payment) =>
        payment.State == PaymentStates.Cancelled
            ? [$"Cancelled {payment.Amount} {Text(payment.Asset)} for {Text(payment.Peer)}. Nothing was paid."]
            : [$"It is too late: {payment.Amount} {Text(payment.Asset)} for {Text(payment.Peer)} are {payment.State}."];

    /// <param name="known">The peers, for when there is no tab with any of them yet.</param>
    public static IReadOnlyList<string> Balances(Balances balances, IReadOnlyList<Peer> known)
    {
        if (balances.Tabs.Count == 0)
        {
            var names = string.Join(", ", known.Select(peer => Text(peer.Name)));
            return [known.Count == 0 ? NoPeers : $"There is no tab yet: you have not met {names}."];
        }
        var lines = new List<string>();
        foreach (var tab in balances.Tabs)
        {
            var number = Signed(tab.Balance);
            lines.Add($"{number} {Text(tab.Asset)} with {Text(tab.Peer)} ({Standing(number, Text(tab.Peer))})");
            lines.Add("  " + MaySpend(tab));
        }
        if (balances.Tabs.Count > 1)
            lines.AddRange(balances.Totals.Select(total => $"{Signed(total.Balance)} {Text(total.Asset)} in total"));
        return lines;
    }

    public static IReadOnlyList<string> LimitSet(LimitResult result)
    {
        var peer = Text(result.Peer);
        var rule = result.Limit is null
            ? $"{peer} may owe you any number of {Text(result.Asset)}"
            : $"{peer} may owe you at most {result.Limit} {Text(result.Asset)}";
        return result.State switch
        {
            PaymentStates.Refused => [$"Refused: {Text(result.Reason ?? "the limit stays as it was.")}"],
            PaymentStates.Queued => [$"Queued: {rule}, once {peer} is there."],
            _ => [rule + "."],
        };
    }

    public static IReadOnlyList<string> Peers(Peers peers)
    {
        var lines = peers.Known.Select(Line).ToList();
        if (lines.Count == 0)
            lines.Add(NoPeers);
        lines.AddRange(peers.Strangers.Select(stranger =>
            $"A stranger knocked, who says to be {Text(stranger.ClaimedName, 64)}, from {Text(stranger.Address)}. "
            + $"If you expected them: accept {Text(stranger.Fingerprint)}{Warned(stranger.NameWarning)}"));
        return lines;
    }

    public static IReadOnlyList<string> Added(Peer peer) =>
        [$"Added {Text(peer.Name)}{At(peer)}. You will be told when they are connected."];

    public static IReadOnlyList<string> Accepted(Peer peer) =>
    [
        peer.Fingerprint is null
            ? $"Accepted {Text(peer.Name)}{At(peer)}. You are connected once they have accepted you, too."
            : $"Accepted {Text(peer.Name)}, {Text(peer.Fingerprint)}.",
    ];

    public static IReadOnlyList<string> Renamed(string old, Peer peer) =>
        [$"{Text(old)} is {Text(peer.Name)} from now on."];

    public static IReadOnlyList<string> Removed(Peer peer, IReadOnlyList<TabBalance> tabs)
    {
        var open = tabs.Where(tab => !IsZero(tab.Balance)).ToList();
        if (open.Count == 0)
            return [$"Removed {Text(peer.Name)}. The pages are kept."];
        var sums = string.Join(", ", open.Select(tab => $"{Signed(tab.Balance)} {Text(tab.Asset)}"));
        return
        [
            $"Warning: removed {Text(peer.Name)} while {sums} stand open. That debt does not go away with the name.",
            "The pages are kept, so either of you can still prove it.",
        ];
    }

    public static IReadOnlyList<string> Verified(Proofs proofs) =>
        proofs.Tabs.Count == 0
            ? ["There is nothing to verify yet."]
            : [.. proofs.Tabs.Select(tab => Text(tab.Line, 600))];

    public static IReadOnlyList<string> WhoAmI(NodeInfo node) =>
    [
        $"You are {Text(node.Name)}, {Text(node.Fingerprint)}.",
        node switch
        {
            { Offline: true } => NoticeSentences.Offline,
            { Listen: { } listen } => $"Peers reach you {NoticeSentences.Where(listen)}.",
            _ => "You listen on no port; you only dial.",
        },
        .. (node.Relays ?? []).Select(relay => relay.Connected
            ? $"Over a relay they reach you at {Text(relay.Reach)}."
            : $"Over the relay {Text(relay.Address)} nobody reaches you now; it is tried again."),
        .. node.SignIn is null
            ? Array.Empty<string>()
            : [$"Your pages: {Text(node.SignIn)} (keep this link to yourself)."],
        $"Your book is in {Text(node.DataFolder, 4096)}.",
    ];

    public static string WhichOf(IReadOnlyList<string> names) =>
        names.Count == 0 ? NoPeers : $"Which peer: {string.Join(", ", names)}?";

    public static string OutcomeUnknown(string? requestId) =>
        "The connection broke before the answer came: it may have been done or not. "
        + "Look at history before you ask again"
        + (requestId is null ? "." : $" (request {requestId}).");

    /// <summary>The number as people read it: with a plus when they are owed.</summary>
    internal static string Signed(string balance) =>
        IsZero(balance) ? balance.TrimStart('+', '-') : balance[0] is '+' or '-' ? balance : "+" + balance;

    internal static string Standing(string signed, string peer) => signed[0] switch
    {
        '-' => $"you owe {peer}",
        '+' => $"{peer} owes you",
        _ => "you are even",
    };

    private static string MaySpend(TabBalance tab)
    {
        var peer = Text(tab.Peer);
        if (tab.Frozen is not null)
            return $"This tab is frozen: {Text(tab.Frozen)}";
        var queued = IsZero(tab.Queued) ? string.Empty : $" {tab.Queued} more are queued.";
        if (!tab.Opened)
            return $"This tab opens when {peer} connects for the first time.{queued}";
        var mine = tab.CanPay is null ? "You may pay any amount" : $"You may still pay {tab.CanPay}";
        var theirs = tab.PeerCanPay is null ? $"{peer} any amount" : $"{peer} {tab.PeerCanPay}";
        return $"{mine}, {theirs}.{queued}";
    }

    private static string Line(Peer peer)
    {
        var standing = peer.Online ? "connected" : peer.Trouble is null ? "off" : $"off: {Text(peer.Trouble)}";
        var fingerprint = peer.Fingerprint is null ? "key not known yet" : Text(peer.Fingerprint);
        return $"{Text(peer.Name)}{Claimed(peer)}  {fingerprint}{At(peer)}  {standing}{Warned(peer.NameWarning)}";
    }

    /// <summary>Whose word the name is, and the peer's own where a person chose another.</summary>
    private static string Claimed(Peer peer) => peer switch
    {
        { NameIsClaim: true } => " (its own word)",
        { ClaimedName: { } claimed } when !claimed.Equals(peer.Name, StringComparison.OrdinalIgnoreCase) =>
            $" (calls itself {Text(claimed, 64)})",
        _ => string.Empty,
    };

    private static string Warned(string? warning) =>
        warning is null ? string.Empty : $"  ({Text(warning)})";

    private static string At(Peer peer) => peer.Address is null ? string.Empty : $" at {Text(peer.Address)}";

    private static string TakeBack(Payment payment) => $"  You can take it back: cancel {Text(payment.Id)}";

    private static bool IsZero(string number) => !number.Any(digit => digit is >= '1' and <= '9');
}
