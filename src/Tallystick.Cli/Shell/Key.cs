namespace Tallystick.Cli.Shell;

/// <summary>What a key means to the line editor.</summary>
internal enum KeyKind
{
    /// <summary>Nothing; keys without a meaning here.</summary>
    None,

    /// <summary>One or more typed characters.</summary>
    Text,

    /// <summary>Characters that were pasted, perhaps several lines of them.</summary>
    Paste,

    Enter,
    Tab,
    Backspace,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    CutToEnd,
    CutToStart,
    CutWordLeft,
    CutWordRight,
    PasteCut,
    Redraw,

    /// <summary>The window has another size now.</summary>
    Resized,

    /// <summary>Ctrl-C.</summary>
    Interrupt,

    /// <summary>Ctrl-D.</summary>
    EndOfInput,
}

/// <summary>A key, with its characters where it has any.</summary>
internal readonly record struct Key(KeyKind Kind, string Text = "")
{
    public static Key Typed(string text) => new(KeyKind.Text, text);
}
