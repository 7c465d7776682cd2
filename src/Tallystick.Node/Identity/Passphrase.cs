using System.Text;

namespace Tallystick.Node.Identity;

/// <summary>What protects a key file; no string, so that it gets into no log and no message by accident.</summary>
public sealed class Passphrase
{
    /// <summary>The most bytes of UTF-8.</summary>
    public const int MaxBytes = 1_024;

    private Passphrase(string text) => Text = text;

    internal string Text { get; }

    /// <summary>
    /// Takes 1 to <see cref="MaxBytes"/> bytes as they are; false for none, too many or control characters.
    /// </summary>
    public static bool TryCreate(string text, out Passphrase? passphrase)
    {
        var isOne = text.Length > 0 && Encoding.UTF8.GetByteCount(text) <= MaxBytes && !text.Any(char.IsControl);
        passphrase = isOne ? new Passphrase(text) : null;
        return isOne;
    }

    /// <inheritdoc/>
    public override string ToString() => "(a passphrase)";
}
