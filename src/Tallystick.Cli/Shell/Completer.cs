using System.Collections.Immutable;
using Tallystick.Cli.Commands;

namespace Tallystick.Cli.Shell;

/// <summary>What Tab may complete: commands first, then what stands after them.</summary>
/// <param name="Peers">Names of peers.</param>
/// <param name="Ids">Ids of payments that were queued in this session, newest first.</param>
/// <param name="Fingerprints">Of strangers who knocked.</param>
internal sealed record Vocabulary(
    ImmutableArray<string> Peers, ImmutableArray<string> Ids, ImmutableArray<string> Fingerprints)
{
    public static Vocabulary Empty { get; } = new([], [], []);

    /// <summary>Ids of settlements to which something can still happen, newest first.</summary>
    public ImmutableArray<string> Settlements { get; init; } = [];
}

/// <summary>Completes the word before the cursor. Pure.</summary>
internal static class Completer
{
    private static readonly string[] InviteFlags = ["--limit", "--expires", "--once", "revoke"];
    private static readonly string[] PeerVerbs = ["add", "nearby", "rename", "remove"];

    public static Completions Complete(string before, Vocabulary known)
    {
        var start = before.Length;
        while (start > 0 && !char.IsWhiteSpace(before[start - 1]))
            start--;
        var typed = before[start..];
        var words = Line.Split(before[..start]).Words;
        var fitting = Candidates(words, known)
            .Where(word => word.StartsWith(typed.TrimStart('"'), StringComparison.OrdinalIgnoreCase))
            .Select(word => IsId(words) ? word : Quoted(word));
        return new Completions(start, [.. fitting.Order(StringComparer.OrdinalIgnoreCase)]);
    }

    private static bool IsId(IReadOnlyList<Word> words) =>
        words.Count == 0 || words[0].IsAny("cancel", "accept")
        || words.Count == 2 && words[0].Is("settle") && words[1].IsAny(SettleGrammar.VerbsWithId);

    private static IEnumerable<string> Candidates(IReadOnlyList<Word> words, Vocabulary known)
    {
        if (words.Count == 0)
            return Grammar.FirstWords;
        var last = words[^1];
        return words[0].Text.ToLowerInvariant() switch
        {
            "pay" or "send" when words.Count == 1 || last.Is("to") => known.Peers,
            "balance" or "history" or "log" or "limit" or "verify" when words.Count == 1 => known.Peers,
            "check" => words.Count == 1 ? ["balance"] : words.Count == 2 ? known.Peers : [],
            "ask" when words.Count == 1 => known.Peers,
            "split" when words.Count >= 3 => known.Peers,
            "settle" when words.Count == 1 => [.. SettleGrammar.Verbs, .. known.Peers],
            "settle" when words.Count == 2 && last.Is("list") => known.Peers,
            "settle" when words.Count == 2 && last.IsAny(SettleGrammar.VerbsWithId) => known.Settlements,
            "settle" when last.Is("from") => ["me", .. known.Peers],
            "cancel" when words.Count == 1 => known.Ids,
            "accept" when words.Count == 1 => known.Fingerprints,
            "invite" => InviteFlags,
            "peer" or "peers" when words.Count == 1 => PeerVerbs,
            "peer" or "peers" when words.Count == 2 && last.IsAny("rename", "remove") => known.Peers,
            _ => [],
        };
    }

    /// <summary>A name that the grammar would take for something else is completed in quotes.</summary>
    private static string Quoted(string word)
    {
        var bare = Line.Split(word).Words;
        var safe = bare.Count == 1 && !bare[0].Quoted && !bare[0].LooksLikeAmount
            && !bare[0].IsAny("for", "to", "none", "by", "ref", "from", "with");
        return safe ? word : '"' + word + '"';
    }
}
