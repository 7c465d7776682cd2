using Tallystick.Core.Pages;

namespace Tallystick.Cli.Sentences;

/// <summary>Text of others in our sentences. Everything that a peer or a person wrote goes through here.</summary>
internal static class Harmless
{
    /// <summary>A memo fits, and so does any sentence of a node.</summary>
    private const int UsualMost = 300;

    /// <summary>One harmless line, at most <paramref name="most"/> characters as people see them.</summary>
    public static string Text(string? text, int most = UsualMost) => DisplayText.Of(text ?? string.Empty, most);
}
