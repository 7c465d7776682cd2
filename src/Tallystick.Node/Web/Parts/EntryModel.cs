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
    /// <summary>What the page's script finds its row by, also when its place in a chain gave it a new link.</summary>
    public string Key => $"{Entry.Peer} {Entry.Asset} {Entry.Kind} {Entry.Id}";

    internal static EntryModel Of(HistoryEntry entry, DateTimeOffset now)
    {
        var number = entry.Change ?? entry.Amount;
        return new EntryModel(
            entry,
            EntryWords.Of(entry),
            number is null ? null : entry.Change is null ? Say.Magnitude(number) : Say.Signed(number),
            entry.Change is null ? "plain" : Say.Tone(entry.Change),
            LinkOf(entry),
            now);
    }

    /// <summary>Where the timeline of an entry is: by its place in a chain, or by its id while it has none.</summary>
    private static string LinkOf(HistoryEntry entry) => entry is { Page: { } page, Line: { } line }
        ? $"/activity/entry?peer={Uri.EscapeDataString(entry.Peer)}&asset={entry.Asset}"
            + $"&by={(entry.Mine ? "me" : "peer")}&page={page}&line={line}"
        : $"/activity/entry?id={entry.Id}";
}
