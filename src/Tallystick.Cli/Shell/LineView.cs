using System.Globalization;
using System.Text;

namespace Tallystick.Cli.Shell;

/// <summary>What one row of the terminal shows of a typed line.</summary>
/// <param name="Text">Prompt and the part of the line around the cursor; always fits one row.</param>
/// <param name="Column">The cell of the cursor, from 0.</param>
internal readonly record struct LineView(string Text, int Column)
{
    private const int NarrowestTerminal = 8;

    /// <summary>
    /// The line stays on one row and moves under the cursor, so that drawing it again is right at any width, also
    /// after the window has changed.
    /// </summary>
    /// <param name="width">The terminal's width in cells.</param>
    public static LineView Of(string prompt, TypedLine line, int width, bool plain)
    {
        // The last cell stays free: a terminal that wraps there would spoil the row.
        var room = Math.Max(NarrowestTerminal, width) - 1;
        prompt = Cells.Cut(prompt, room / 2, string.Empty);
        var all = prompt + Visible(line.Text, plain);
        var column = Cells.Width(prompt) + Cells.Width(Visible(line.Before, plain));
        if (Cells.Width(all) <= room)
            return new LineView(all, column);

        // A third of the row is kept behind the cursor; the marks say that there is more.
        var keep = room - Cells.Width(prompt) - 2;
        var total = Cells.Width(Visible(line.Text, plain));
        var cursor = column - Cells.Width(prompt);
        var first = cursor <= keep ? 0 : Math.Min(cursor - keep + keep / 3, total - keep);
        var (part, skipped) = Part(Visible(line.Text, plain), first, keep);
        var mark = skipped > 0 ? "<" : string.Empty;
        var more = skipped + Cells.Width(part) < total ? ">" : string.Empty;
        return new LineView(prompt + mark + part + more, column - skipped + mark.Length);
    }

    /// <summary>
    /// The elements from the first that begins at cell <paramref name="first"/> or later, as many as fit.
    /// </summary>
    private static (string Text, int Skipped) Part(string text, int first, int room)
    {
        var part = new StringBuilder();
        var cell = 0;
        var skipped = -1;
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            var width = Cells.ElementWidth(text.AsSpan(at, length));
            if (cell >= first)
            {
                if (skipped < 0)
                    skipped = cell;
                if (cell + width - skipped > room)
                    break;
                part.Append(text, at, length);
            }
            cell += width;
            at += length;
        }
        return (part.ToString(), Math.Max(skipped, 0));
    }

    private static string Visible(string text, bool plain) => text.Replace('\n', plain ? ';' : '↵');
}
