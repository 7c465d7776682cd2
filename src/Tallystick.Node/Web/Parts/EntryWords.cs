using Tallystick.Client;

namespace Tallystick.Node.Web.Parts;

/// <summary>What an entry of the history says, as a sentence.</summary>
internal static class EntryWords
{
    public static string Of(HistoryEntry entry)
    {
        var peer = Say.Name(entry.Peer);
        var (who, whom) = entry.Mine ? ("You", peer) : (peer, "you");
        return entry.IsAsk ? OfAsk(entry, who, peer) : entry.Kind switch
        {
            "pay" => $"{who} paid {whom}",
            "limit" when entry.Amount is null => $"{who} let {whom} owe any amount",
            "limit" => $"{who} let {whom} owe at most",
            "propose" => $"{who} proposed a settlement to {whom}",
            "modify" => $"{who} changed a settlement with {whom}",
            "withdraw" => $"{who} withdrew a settlement with {whom}",
            "accept" => $"{who} accepted a settlement with {whom}",
            "dispute" => $"{who} disputed a settlement with {whom}",
            "received" => $"{who} received a settlement from {whom}",
            "hold" => $"{who} promised {whom} under a condition",
            "fulfil" => $"{who} met the condition of {whom}",
            "release" => $"{who} let a promise of {whom} go",
            _ => $"{who} told {whom} a version",
        };
    }

    // Only the one who asks changes or withdraws it; only the other answers.
    private static string OfAsk(HistoryEntry entry, string who, string peer) => entry.Kind switch
    {
        "propose" => $"{who} asked {(entry.Mine ? peer : "you")} for",
        "modify" => $"{who} changed what {(entry.Mine ? "you ask" : "they ask")} {(entry.Mine ? peer : "you")} for",
        "withdraw" => $"{who} no longer {(entry.Mine ? "ask" : "asks")} {(entry.Mine ? peer : "you")}",
        "accept" => $"{who} accepted what {(entry.Mine ? peer : "you")} asked for",
        _ => $"{who} disputed what {(entry.Mine ? peer : "you")} asked for",
    };
}
