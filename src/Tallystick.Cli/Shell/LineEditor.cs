using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Tallystick.Cli.Shell;

/// <summary>A line that is being typed. Immutable: a key makes a new one.</summary>
/// <param name="Text">May hold line feeds where several lines were pasted; each becomes a command of its own.</param>
/// <param name="Cursor">Index into the text, never inside a text element.</param>
/// <param name="Cut">What was cut last, for pasting back.</param>
/// <param name="Recalled">Which entry of the history is shown, counted from the newest; -1 for the line itself.</param>
/// <param name="Draft">The line as it was before the history was entered.</param>
internal sealed record TypedLine(string Text, int Cursor, string Cut = "", int Recalled = -1, string Draft = "")
{
    public static TypedLine Empty { get; } = new(string.Empty, 0);

    public string Before => Text[..Cursor];

    public string After => Text[Cursor..];
}

/// <summary>What a key did beyond changing the line.</summary>
internal enum KeyOutcome
{
    Edited,

    /// <summary>The line is finished.</summary>
    Submitted,

    /// <summary>Ctrl-C: the line is dropped.</summary>
    Dropped,

    /// <summary>Ctrl-D on an empty line.</summary>
    Left,

    /// <summary>Ctrl-L: clear the screen.</summary>
    Cleared,

    /// <summary>Tab found several ways to go on, to be shown.</summary>
    Offered,
}

/// <summary>What Tab may put for the word before the cursor.</summary>
/// <param name="Start">Where that word begins.</param>
/// <param name="Words">What it may become.</param>
internal sealed record Completions(int Start, ImmutableArray<string> Words);

/// <summary>
/// The pure core of the line editor: a line and a key make a line. Reading and drawing are elsewhere.
/// </summary>
internal static class LineEditor
{
    /// <summary>No command is longer; what is pasted beyond is dropped.</summary>
    public const int LongestLineChars = 16 * 1024;

    public static (TypedLine Line, KeyOutcome Outcome, ImmutableArray<string> Offers) Press(
        TypedLine line, Key key, IReadOnlyList<string> history, Func<string, Completions> complete)
    {
        switch (key.Kind)
        {
            case KeyKind.Enter:
                return (line, KeyOutcome.Submitted, []);
            case KeyKind.Interrupt:
                return (TypedLine.Empty with { Cut = line.Cut }, KeyOutcome.Dropped, []);
            case KeyKind.EndOfInput when line.Text.Length == 0:
                return (line, KeyOutcome.Left, []);
            case KeyKind.Redraw:
                return (line, KeyOutcome.Cleared, []);
            case KeyKind.Tab:
                return Complete(line, complete(line.Before));
            default:
                return (Edit(line, key, history), KeyOutcome.Edited, []);
        }
    }

    private static TypedLine Edit(TypedLine line, Key key, IReadOnlyList<string> history) => key.Kind switch
    {
        KeyKind.Text => Insert(line, Clean(key.Text, keepLines: false)),
        KeyKind.Paste => Insert(line, Clean(key.Text, keepLines: true)),
        KeyKind.PasteCut => Insert(line, line.Cut),
        KeyKind.Left => line with { Cursor = Previous(line) },
        KeyKind.Right => line with { Cursor = Next(line) },
        KeyKind.WordLeft => line with { Cursor = WordStart(line) },
        KeyKind.WordRight => line with { Cursor = WordEnd(line) },
        KeyKind.Home => line with { Cursor = 0 },
        KeyKind.End => line with { Cursor = line.Text.Length },
        KeyKind.Backspace => Remove(line, Previous(line), line.Cursor),
        KeyKind.Delete or KeyKind.EndOfInput => Remove(line, line.Cursor, Next(line)),
        KeyKind.CutToEnd => CutOut(line, line.Cursor, line.Text.Length),
        KeyKind.CutToStart => CutOut(line, 0, line.Cursor),
        KeyKind.CutWordLeft => CutOut(line, WordStart(line), line.Cursor),
        KeyKind.CutWordRight => CutOut(line, line.Cursor, WordEnd(line)),
        KeyKind.Up => Recall(line, history, line.Recalled + 1),
        KeyKind.Down => Recall(line, history, line.Recalled - 1),
        _ => line,
    };

    private static (TypedLine, KeyOutcome, ImmutableArray<string>) Complete(TypedLine line, Completions found)
    {
        if (found.Words.IsEmpty)
            return (line, KeyOutcome.Edited, []);
        var common = found.Words.Skip(1).Aggregate(found.Words[0], Shared);
        var single = found.Words.Length == 1;
        var typed = line.Before[found.Start..];
        if (!single && common.Length <= typed.Length)
            return (line, KeyOutcome.Offered, found.Words);
        var start = line with { Text = line.Text[..found.Start] + line.After, Cursor = found.Start };
        return (Insert(start, single ? common + " " : common), KeyOutcome.Edited, []);
    }

    private static string Shared(string a, string b)
    {
        var length = 0;
        while (length < Math.Min(a.Length, b.Length)
            && char.ToLowerInvariant(a[length]) == char.ToLowerInvariant(b[length]))
        {
            length++;
        }
        return a[..length];
    }

    private static TypedLine Insert(TypedLine line, string text)
    {
        var room = LongestLineChars - line.Text.Length;
        if (text.Length > room)
            text = text[..Math.Max(0, room)];
        return line with { Text = line.Before + text + line.After, Cursor = line.Cursor + text.Length };
    }

    private static TypedLine Remove(TypedLine line, int from, int to) =>
        line with { Text = line.Text.Remove(from, to - from), Cursor = from };

    private static TypedLine CutOut(TypedLine line, int from, int to) =>
        from == to ? line : Remove(line, from, to) with { Cut = line.Text[from..to] };

    private static TypedLine Recall(TypedLine line, IReadOnlyList<string> history, int wanted)
    {
        if (wanted < -1 || wanted >= history.Count)
            return line;
        var draft = line.Recalled < 0 ? line.Text : line.Draft;
        var text = wanted < 0 ? draft : history[^(wanted + 1)];
        return line with { Text = text, Cursor = text.Length, Recalled = wanted, Draft = draft };
    }

    private static int Previous(TypedLine line)
    {
        var at = 0;
        var previous = 0;
        while (at < line.Cursor)
        {
            previous = at;
            at += StringInfo.GetNextTextElementLength(line.Text, at);
        }
        return previous;
    }

    private static int Next(TypedLine line) => line.Cursor == line.Text.Length
        ? line.Cursor
        : line.Cursor + StringInfo.GetNextTextElementLength(line.Text, line.Cursor);

    private static int WordStart(TypedLine line)
    {
        var at = line.Cursor;
        while (at > 0 && char.IsWhiteSpace(line.Text[at - 1]))
            at--;
        while (at > 0 && !char.IsWhiteSpace(line.Text[at - 1]))
            at--;
        return at;
    }

    private static int WordEnd(TypedLine line)
    {
        var at = line.Cursor;
        while (at < line.Text.Length && char.IsWhiteSpace(line.Text[at]))
            at++;
        while (at < line.Text.Length && !char.IsWhiteSpace(line.Text[at]))
            at++;
        return at;
    }

    /// <summary>
    /// Drops what would move the cursor or hide; keeps pasted line ends, without those at either end.
    /// </summary>
    private static string Clean(string text, bool keepLines)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value == '\n' && keepLines)
                clean.Append('\n');
            else if (Rune.IsWhiteSpace(rune))
                clean.Append(' ');
            else if (IsTypable(rune))
                clean.Append(rune.ToString());
        }
        return clean.ToString().Trim('\n');
    }

    /// <summary>The joiner is kept, since it holds one emoji together.</summary>
    private static bool IsTypable(Rune rune) =>
        rune.Value == 0x200D
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
