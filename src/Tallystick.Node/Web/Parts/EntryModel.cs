using Tallystick.Client;

namespace Tallystick.Node.Web.Parts;

/// <summary>An entry of the history as a row.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Sentence">Who did what.</param>
/// <param name="Amount">The amount as it changes the owner's balance, or plain when it changes nothing.</param>
/// <param name="Tone">A class for its colour.</param>
/// <param name="Link">Its timeline.</param>
/// <param name="Now">When it is shown.</param>
public sealed record EntryModel(
    HistoryEntry Entry, string Sentence, string? Amount, string Tone, string Link, DateTimeOffset Now)
{
    internal static EntryModel Of(HistoryEntry entry, DateTimeOffset now)
    {
        var moves = entry.Kind == "pay" && entry.State is not (PaymentStates.Refused or PaymentStates.Cancelled);
        var signed = entry.Amount is { } number ? (entry.Mine ? "-" : "+") + number : null;
        return new EntryModel(
            entry,
            SentenceOf(entry),
            signed is null ? null : moves ? Say.Signed(signed) : Say.Magnitude(signed),
            moves ? Say.Tone(signed!.TrimStart('+')) : "plain",
            LinkOf(entry),
            now);
    }

    /// <summary>Where the timeline of an entry is: by its place in a chain, or by its id while it has none.</summary>
    private static string LinkOf(HistoryEntry entry) => entry is { Page: { } page, Line: { } line }
        ? $"/activity/entry?peer={Uri.EscapeDataString(entry.Peer)}&asset={entry.Asset}"
            + $"&by={(entry.Mine ? "me" : "peer")}&page={page}&line={line}"
        : $"/activity/entry?id={entry.Id}";

    private static string SentenceOf(HistoryEntry entry)
    {
        var peer = Say.Name(entry.Peer);
        var (who, whom) = entry.Mine ? ("You", peer) : (peer, "you");
        return entry.Kind switch
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
}
