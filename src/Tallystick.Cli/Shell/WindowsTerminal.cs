namespace Tallystick.Cli.Shell;

/// <summary>A Windows console: keys come decoded; pasted text comes as typed text.</summary>
internal sealed class WindowsTerminal : KeyTerminal
{
    public WindowsTerminal()
    {
        Console.TreatControlCAsInput = true;
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        StartReading(Read);
    }

    protected override void Close() => Console.TreatControlCAsInput = false;

    private void Read()
    {
        var reader = new KeyReader();
        while (true)
        {
            var pressed = Console.ReadKey(intercept: true);
            if (Named(pressed) is { } kind)
            {
                Pressed(new Key(kind));
            }
            else if (pressed.KeyChar != '\0')
            {
                foreach (var key in reader.Read(pressed.KeyChar.ToString()))
                    Pressed(key);
            }
        }
    }

    private static KeyKind? Named(ConsoleKeyInfo pressed) => (pressed.Key, pressed.Modifiers) switch
    {
        (ConsoleKey.LeftArrow, ConsoleModifiers.Control) => KeyKind.WordLeft,
        (ConsoleKey.RightArrow, ConsoleModifiers.Control) => KeyKind.WordRight,
        (ConsoleKey.B, ConsoleModifiers.Alt) => KeyKind.WordLeft,
        (ConsoleKey.F, ConsoleModifiers.Alt) => KeyKind.WordRight,
        (ConsoleKey.D, ConsoleModifiers.Alt) => KeyKind.CutWordRight,
        (ConsoleKey.LeftArrow, _) => KeyKind.Left,
        (ConsoleKey.RightArrow, _) => KeyKind.Right,
        (ConsoleKey.UpArrow, _) => KeyKind.Up,
        (ConsoleKey.DownArrow, _) => KeyKind.Down,
        (ConsoleKey.Home, _) => KeyKind.Home,
        (ConsoleKey.End, _) => KeyKind.End,
        (ConsoleKey.Delete, _) => KeyKind.Delete,
        (ConsoleKey.Escape, _) => KeyKind.None,
        _ => null,
    };
}
