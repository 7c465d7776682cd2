using System.Globalization;
using System.Text;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Peers;

/// <summary>What a peer may be called: one word that a person can type and that no screen is fooled by.</summary>
public static class PeerNames
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 32;

    // Words that stand between a name and an amount in what people type.
    private static readonly HashSet<string> Reserved =
        new(StringComparer.OrdinalIgnoreCase) { "for", "to", "none", "off" };

    /// <summary>What is wrong with a name that a person chose, one sentence, or null.</summary>
    public static string? Problem(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "A peer needs a name.";
        if (name.Length > MaxLength)
            return $"A name has at most {MaxLength} characters.";
        if (!Rune.IsLetter(Rune.GetRuneAt(Lone(name) ? "?" : name, 0)))
            return $"{Printable(name)} cannot be a name: begin with a letter.";
        if (name.EnumerateRunes().Any(rune => !IsAllowed(rune)))
            return $"{Printable(name)} cannot be a name: use letters, digits, dots, dashes and underscores only.";
        return Reserved.Contains(name) ? $"'{name}' is a word of the commands: choose another name." : null;
    }

    /// <summary>What somebody typed, fit to be shown in a sentence.</summary>
    public static string Printable(string typed) => $"'{DisplayText.Of(typed, MaxLength)}'";

    /// <summary>Makes a name out of whatever somebody claims to be called.</summary>
    public static string Harmless(string claimed)
    {
        var made = new StringBuilder();
        foreach (var rune in claimed.EnumerateRunes())
        {
            if (made.Length + rune.Utf16SequenceLength > MaxLength)
                break;
            if (IsAllowed(rune) && (made.Length > 0 || Rune.IsLetter(rune)))
                made.Append(rune);
            else if (made.Length > 0 && made[^1] != '-')
                made.Append('-');
        }
        var name = made.ToString().TrimEnd('-', '.', '_');
        return name.Length == 0 || Reserved.Contains(name) ? "peer" : name;
    }

    /// <summary><paramref name="wanted"/>, or with -2, -3, … when it is taken, without regard to case.</summary>
    public static string Unique(string wanted, Predicate<string> isTaken)
    {
        var name = wanted;
        for (var number = 2; isTaken(name); number++)
        {
            var suffix = "-" + number.ToString(CultureInfo.InvariantCulture);
            var kept = Math.Min(wanted.Length, MaxLength - suffix.Length);
            if (char.IsHighSurrogate(wanted[kept - 1]))
                kept--;
            name = wanted[..kept] + suffix;
        }
        return name;
    }

    private static bool IsAllowed(Rune rune) =>
        Rune.IsLetterOrDigit(rune) && rune != Rune.ReplacementChar || rune.Value is '-' or '_' or '.';

    private static bool Lone(string name) =>
        Rune.DecodeFromUtf16(name, out _, out _) != System.Buffers.OperationStatus.Done;
}
