using System.Text;

namespace Tallystick.Cli.Shell;

/// <summary>
/// Turns the characters that a terminal sends into keys. It keeps half a sequence until the rest comes.
/// </summary>
internal sealed class KeyReader
{
    /// <summary>No key's sequence is longer; a stray escape must not swallow what follows.</summary>
    private const int LongestSequenceChars = 16;

    /// <summary>More than a person pastes; the rest is dropped so that memory is bounded.</summary>
    private const int LongestPasteChars = 64 * 1024;

    private const string PasteStart = "\e[200~";
    private const string PasteEnd = "\e[201~";

    private readonly StringBuilder pending = new();
    private bool pasting;

    /// <summary>The keys that are complete with <paramref name="characters"/>.</summary>
    public IEnumerable<Key> Read(string characters)
    {
        pending.Append(characters);
        var keys = new List<Key>();
        while (Next() is { } key)
        {
            if (key.Kind != KeyKind.None)
                keys.Add(key);
        }
        return keys;
    }

    private Key? Next()
    {
        if (pending.Length == 0)
            return null;
        if (pasting)
            return Paste();
        if (pending[0] == '\e')
            return Sequence();
        if (char.IsControl(pending[0]))
            return new Key(Control(Take(1)[0]));

        var length = 0;
        while (length < pending.Length && !char.IsControl(pending[length]))
            length++;
        // Half a character waits for its other half.
        if (char.IsHighSurrogate(pending[length - 1]) && length == pending.Length && --length == 0)
            return null;
        return Key.Typed(Take(length));
    }

    private Key? Paste()
    {
        var text = pending.ToString();
        var end = text.IndexOf(PasteEnd, StringComparison.Ordinal);
        if (end < 0)
        {
            if (pending.Length > LongestPasteChars)
                pending.Length = LongestPasteChars;
            return null;
        }
        pasting = false;
        pending.Remove(0, end + PasteEnd.Length);
        return new Key(KeyKind.Paste, text[..end]);
    }

    private Key? Sequence()
    {
        if (pending.Length == 1)
            return null;
        if (pending[1] == '\e')
        {
            // Escape was pressed, or Alt with a key that has a sequence of its own: that sequence follows.
            Take(1);
            return new Key(KeyKind.None);
        }
        if (pending[1] is not ('[' or 'O'))
            return new Key(Alt(Take(2)[1]));
        var end = 2;
        while (end < pending.Length && pending[end] is not (>= '@' and <= '~'))
        {
            if (end >= LongestSequenceChars || char.IsControl(pending[end]))
            {
                Take(end);
                return new Key(KeyKind.None);
            }
            end++;
        }
        if (end == pending.Length)
            return null;
        var sequence = Take(end + 1);
        pasting = sequence == PasteStart;
        return new Key(Named(sequence));
    }

    private string Take(int count)
    {
        var taken = pending.ToString(0, count);
        pending.Remove(0, count);
        return taken;
    }

    private static KeyKind Control(char c) => c switch
    {
        '\r' or '\n' => KeyKind.Enter,
        '\t' => KeyKind.Tab,
        '\b' or '\x7F' => KeyKind.Backspace,
        '\x01' => KeyKind.Home,
        '\x02' => KeyKind.Left,
        '\x03' => KeyKind.Interrupt,
        '\x04' => KeyKind.EndOfInput,
        '\x05' => KeyKind.End,
        '\x06' => KeyKind.Right,
        '\x0B' => KeyKind.CutToEnd,
        '\x0C' => KeyKind.Redraw,
        '\x0E' => KeyKind.Down,
        '\x10' => KeyKind.Up,
        '\x15' => KeyKind.CutToStart,
        '\x17' => KeyKind.CutWordLeft,
        '\x19' => KeyKind.PasteCut,
        _ => KeyKind.None,
    };

    private static KeyKind Alt(char c) => char.ToLowerInvariant(c) switch
    {
        'b' => KeyKind.WordLeft,
        'f' => KeyKind.WordRight,
        'd' => KeyKind.CutWordRight,
        '\x7F' or '\b' => KeyKind.CutWordLeft,
        _ => KeyKind.None,
    };

    /// <summary>
    /// Cursor and editing keys as terminals send them, plain (CSI), in application mode (SS3), with Ctrl or Alt.
    /// </summary>
    private static KeyKind Named(string sequence) => sequence[1..] switch
    {
        "[A" or "OA" => KeyKind.Up,
        "[B" or "OB" => KeyKind.Down,
        "[C" or "OC" => KeyKind.Right,
        "[D" or "OD" => KeyKind.Left,
        "[H" or "OH" or "[1~" or "[7~" => KeyKind.Home,
        "[F" or "OF" or "[4~" or "[8~" => KeyKind.End,
        "[3~" => KeyKind.Delete,
        "[1;5C" or "[1;3C" => KeyKind.WordRight,
        "[1;5D" or "[1;3D" => KeyKind.WordLeft,
        "[3;5~" or "[3;3~" => KeyKind.CutWordRight,
        "OM" => KeyKind.Enter,
        _ => KeyKind.None,
    };
}
