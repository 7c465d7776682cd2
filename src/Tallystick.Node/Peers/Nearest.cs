namespace Tallystick.Node.Peers;

/// <summary>Finds the command, flag or peer that a mistyped word was probably meant to be.</summary>
public static class Nearest
{
    /// <summary>Longer input is no near miss of anything; the bound keeps pasted text cheap.</summary>
    private const int LongestTypedChars = PeerNames.MaxLength;

    /// <summary>The closest of <paramref name="known"/> in any case, or null when none is close.</summary>
    public static string? To(string typed, IEnumerable<string> known)
    {
        if (typed.Length is 0 or > LongestTypedChars)
            return null;
        var lower = typed.ToLowerInvariant();
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var begins = lower.Length >= 2 && candidate.StartsWith(lower, StringComparison.OrdinalIgnoreCase);
            var distance = begins ? 1 : Distance(lower, candidate.ToLowerInvariant());
            if (distance <= Tolerance(candidate) && distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>How many typing slips lie between two words: a letter more, less, other, or two exchanged.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + change);
                var exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = exchanged ? Math.Min(least, table[i - 2, j - 2] + 1) : least;
            }
        }
        return table[a.Length, b.Length];
    }

    /// <summary>One slip in a short word, two in a longer one.</summary>
    private static int Tolerance(string word) => word.Length <= 4 ? 1 : 2;
}
