using System.Text;

namespace Tallystick.Cli.Commands;

/// <summary>One word of a line.</summary>
/// <param name="Text">Without its quotes.</param>
/// <param name="Quoted">Quoted words are never keywords or amounts, so a peer may have any name.</param>
/// <param name="Start">Where it begins in the line, so that a memo keeps its own spacing.</param>
internal sealed record Word(string Text, bool Quoted, int Start)
{
    public bool Is(string keyword) => !Quoted && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    public bool IsAny(params ReadOnlySpan<string> keywords)
    {
        foreach (var keyword in keywords)
        {
            if (Is(keyword))
                return true;
        }
        return false;
    }

    /// <summary>Whether it can only be meant as an amount, right or wrong.</summary>
    public bool LooksLikeAmount =>
        !Quoted && Text.Length > 0 && (char.IsAsciiDigit(AfterSign[0]) || IsNoNumber(AfterSign));

    /// <summary>What follows a leading sign or point; the word itself when nothing does.</summary>
    private string AfterSign
    {
        get
        {
            var rest = Text.TrimStart('+', '-', '.', '\u2212');
            return rest.Length == 0 ? Text : rest;
        }
    }

    private static bool IsNoNumber(string text) =>
        text.Equals("nan", StringComparison.OrdinalIgnoreCase)
        || text.Equals("inf", StringComparison.OrdinalIgnoreCase)
        || text.Equals("infinity", StringComparison.OrdinalIgnoreCase)
        || text == "\u221E";
}

/// <summary>A line as its words.</summary>
internal sealed record Line(string Text, IReadOnlyList<Word> Words)
{
    /// <summary>Splits at white space; quotes hold together what they enclose. An unclosed quote is a letter.</summary>
    public static Line Split(string text)
    {
        var words = new List<Word>();
        for (var at = 0; at < text.Length;)
        {
            if (IsGap(text[at]))
            {
                at++;
                continue;
            }
            var close = ClosingQuote(text[at]) is { } quote ? text.IndexOf(quote, at + 1) : -1;
            if (close > 0 && (close + 1 == text.Length || IsGap(text[close + 1])))
            {
                words.Add(new Word(text[(at + 1)..close], Quoted: true, at));
                at = close + 1;
                continue;
            }
            var end = at;
            while (end < text.Length && !IsGap(text[end]))
                end++;
            words.Add(new Word(text[at..end], Quoted: false, at));
            at = end;
        }
        return new Line(text, words);
    }

    /// <summary>
    /// Takes what a system's shell has split already. An argument with spaces in it was quoted there; a single one
    /// that holds a whole command is split here.
    /// </summary>
    public static Line FromArguments(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 1)
            return Split(arguments[0]);
        var text = new StringBuilder();
        var words = new List<Word>();
        foreach (var argument in arguments)
        {
            if (text.Length > 0)
                text.Append(' ');
            words.Add(new Word(argument, argument.Length == 0 || argument.Any(IsGap), text.Length));
            text.Append(argument);
        }
        return new Line(text.ToString(), words);
    }

    /// <summary>
    /// Everything from word <paramref name="index"/> on, as it was typed; one pair of quotes around it falls.
    /// </summary>
    public string From(int index)
    {
        if (index == Words.Count - 1)
            return Words[index].Text;
        return Text[Words[index].Start..].Trim();
    }

    private static bool IsGap(char c) => char.IsWhiteSpace(c) || char.IsControl(c);

    private static char? ClosingQuote(char open) => open switch
    {
        '"' => '"',
        '\'' => '\'',
        '\u201C' => '\u201D',
        '\u2018' => '\u2019',
        _ => null,
    };
}
