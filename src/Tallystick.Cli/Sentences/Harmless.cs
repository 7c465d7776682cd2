using System.Globalization;
using System.Text;

namespace Tallystick.Cli.Sentences;

/// <summary>Makes text of others fit for a terminal: nothing in it can move the cursor, turn the line or hide.</summary>
internal static class Harmless
{
    private const char ZeroWidthJoiner = '\u200D';

    /// <summary>One line without control, format and unassigned characters, at most <paramref name="most"/> chars.</summary>
    public static string Text(string? text, int most = 300)
    {
        if (string.IsNullOrEmpty(text))
            return string.Empty;
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                clean.Append(' ');
            else if (IsHarmless(rune))
                clean.Append(rune.ToString());
            if (clean.Length >= most)
                return clean.Append('…').ToString();
        }
        return clean.ToString();
    }

    internal static bool IsHarmless(Rune rune) =>
        rune.Value == ZeroWidthJoiner
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse);
}
