namespace Tallystick.Cli.Shell;

/// <summary>Draws the typed line and everything that appears above it. One writer at a time.</summary>
internal sealed class Screen(ITerminal terminal, bool plain)
{
    private const string ToRowStart = "\r\e[K";
    private const string ClearAll = "\e[H\e[2J";

    private readonly Lock gate = new();
    private string? prompt;
    private TypedLine line = TypedLine.Empty;

    /// <summary>Begins a line, or shows it as it is now.</summary>
    public void Show(string promptText, TypedLine typed)
    {
        lock (gate)
        {
            prompt = promptText;
            line = typed;
            terminal.Write(Drawn());
        }
    }

    /// <summary>
    /// Leaves the whole line as it was typed, wrapped if it must be, and goes on below it. Without one, nothing.
    /// </summary>
    public void Finish()
    {
        lock (gate)
        {
            if (prompt is null)
                return;
            terminal.Write(ToRowStart + prompt + line.Text.Replace('\n', plain ? ';' : '↵') + "\r\n");
            prompt = null;
        }
    }

    /// <summary>Prints above the line that is being typed, which stays whole.</summary>
    public void Print(IEnumerable<string> lines)
    {
        lock (gate)
        {
            var width = terminal.Width;
            var text = string.Concat(lines.SelectMany(each => Cells.Wrap(each, width)).Select(row => row + "\r\n"));
            terminal.Write(prompt is null ? text : ToRowStart + text + Drawn());
        }
    }

    public void Clear()
    {
        lock (gate)
            terminal.Write(ClearAll + Drawn());
    }

    private string Drawn()
    {
        var view = LineView.Of(prompt ?? string.Empty, line, terminal.Width, plain);
        return ToRowStart + view.Text + "\r" + (view.Column > 0 ? $"\e[{view.Column}C" : string.Empty);
    }
}
