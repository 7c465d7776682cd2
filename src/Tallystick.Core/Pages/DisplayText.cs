using System.Globalization;
using System.Text;

namespace Tallystick.Core.Pages;

/// <summary>Text of a peer made harmless for a terminal or a page: it shows characters, nothing else.</summary>
/// <remarks>
/// Line breaks and tabs become blanks. Control characters (so every escape sequence), marks that turn the direction
/// of writing, private and unassigned characters and halves of characters become U+FFFD, so that one sees that
/// something stood there. Characters without width are left out. Piles of combining marks are cut. What is too
/// long ends in an ellipsis, never inside of what a person sees as one character.
/// </remarks>
public static class DisplayText
{
    /// <summary>What suits a line of a terminal or a row of a table, in characters as people see them.</summary>
    public const int UsualLength = 120;

    private const int MaxMarks = 4;
    private const char Ellipsis = '…';

    /// <summary>The harmless form of <paramref name="text"/>.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="maxLength">The most characters as people see them, the ellipsis included; at least 1.</param>
    public static string Of(string text, int maxLength = UsualLength)
    {
        var clean = new StringBuilder(text.Length);
        var marks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks <= MaxMarks)
                Append(clean, rune, category);
        }
        return Cut(clean.ToString(), maxLength);
    }

    private static void Append(StringBuilder clean, Rune rune, UnicodeCategory category)
    {
        if (IsBlank(rune, category))
            clean.Append(' ');
        else if (IsWithoutWidth(rune))
            return;
        else if (IsDangerous(category))
            clean.Append(Rune.ReplacementChar.ToString());
        else
            clean.Append(rune.ToString());
    }

    private static bool IsBlank(Rune rune, UnicodeCategory category) =>
        rune.Value is '\t' or '\n' or '\r' or '\v' or '\f' or 0x85
        || category is UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;

    private static bool IsDangerous(UnicodeCategory category) =>
        category is UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned;

    // Invisible characters that only serve to make two texts look alike. U+FE0F, which makes a sign an emoji, stays.
    private static bool IsWithoutWidth(Rune rune) => rune.Value is
        0x00AD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F)
        or (>= 0x200B and <= 0x200D)
        or (>= 0x2060 and <= 0x2064)
        or 0x2800 or 0x3164
        or (>= 0xFE00 and <= 0xFE0E)
        or 0xFEFF or 0xFFA0
        or (>= 0xE0000 and <= 0xE0FFF);

    private static string Cut(string text, int maxLength)
    {
        var (at, lastKept) = (0, 0);
        for (var length = 0; at < text.Length; length++)
        {
            if (length == maxLength)
                return string.Concat(text.AsSpan(0, lastKept), [Ellipsis]);
            if (length == maxLength - 1)
                lastKept = at;
            at += StringInfo.GetNextTextElementLength(text, at);
        }
        return text;
    }
}
