using System.Text;

namespace Tallystick.Core.Identity;

/// <summary>What people compare: the first 20 bytes of the key's SHA-256 in base32, eight groups of four.</summary>
public readonly record struct Fingerprint
{
    private const int Size = 20;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private readonly string? text;

    private Fingerprint(string text) => this.text = text;

    /// <summary>The fingerprint of <paramref name="key"/>.</summary>
    public static Fingerprint Of(PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Size];
        key.CopyTo(bytes);
        Span<byte> digest = stackalloc byte[Hash.Size];
        Hash.Of(bytes).CopyTo(digest);
        var groups = new StringBuilder();
        var bits = 0;
        var held = 0;
        var written = 0;
        foreach (var b in digest[..Size])
        {
            bits = bits << 8 | b;
            held += 8;
            for (; held >= 5; held -= 5)
            {
                if (written > 0 && written % 4 == 0)
                    groups.Append('-');
                groups.Append(Alphabet[bits >> (held - 5) & 31]);
                written++;
            }
            bits &= (1 << held) - 1;
        }
        return new Fingerprint(groups.ToString());
    }

    /// <summary>
    /// Whether what a person typed, in any case and with or without separators, begins this fingerprint.
    /// </summary>
    /// <remarks>An empty prefix matches nothing: trust is never given by accident.</remarks>
    public bool StartsWith(string typed)
    {
        var wanted = Letters(typed);
        return wanted.Length > 0 && Letters(ToString()).StartsWith(wanted, StringComparison.Ordinal);
    }

    /// <summary>Eight groups of four, joined by dashes.</summary>
    public override string ToString() => text ?? string.Empty;

    private static string Letters(string typed) =>
        string.Concat(typed.Where(c => c is not ('-' or ' ' or ':')).Select(char.ToUpperInvariant));
}
