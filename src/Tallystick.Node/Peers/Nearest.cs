namespace Tallystick.Node.Peers;

/// <summary>Finds what a person may have meant.</summary>
internal static class Nearest
{
    private const int FarthestEdits = 2;

    /// <summary>The refusal for a name that nobody has.</summary>
    public static BookRefusal UnknownPeer(string name, IEnumerable<string> names)
    {
        var printable = PeerNames.Printable(name);
        var all = names.ToList();
        if (all.Count == 0)
            return Refuse($"There is no peer called {printable}: add one with peer add NAME HOST:PORT.");
        return To(name, all) is { } near
            ? Refuse($"There is no peer called {printable}; did you mean {near}?")
            : Refuse($"There is no peer called {printable}; your peers are {string.Join(", ", all)}.");
    }

    private static BookRefusal Refuse(string text) => new("unknown-peer", text);

    /// <summary>The name that is fewest edits away, or null when none is near.</summary>
    public static string? To(string typed, IEnumerable<string> names) =>
        names.Select(name => (name, edits: Edits(typed.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(pair => pair.edits <= Math.Min(FarthestEdits, (pair.name.Length + 1) / 2))
            .OrderBy(pair => pair.edits)
            .Select(pair => pair.name)
            .FirstOrDefault();

    // Levenshtein's distance, one row at a time.
    private static int Edits(string from, string to)
    {
        if (from.Length > PeerNames.MaxLength)
            return int.MaxValue;
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
