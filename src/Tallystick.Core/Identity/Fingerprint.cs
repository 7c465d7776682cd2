using System.Text;

namespace Tallystick.Core.Identity;

/// <summary>What people compare: the first 20 bytes of the key's SHA-256 in base32, eight groups of four.</summary>
public readonly record struct Fingerprint
{
    /// <summary>Its length in bytes.</summary>
    public const int Size = 20;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsOfALetter = 5;
    private readonly string? text;

    private Fingerprint(string text) => this.text = text;

    /// <summary>The fingerprint of <paramref name="key"/>.</summary>
    public static Fingerprint Of(PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Size];
        key.CopyTo(bytes);
        Span<byte> digest = stackalloc byte[Hash.Size];
        Hash.Of(bytes).CopyTo(digest);
        return FromBytes(digest[..Size]);
    }

    /// <summary>The fingerprint that these 20 bytes are.</summary>
    public static Fingerprint FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A fingerprint is {Size} bytes, not {bytes.Length}.", nameof(bytes));
        var groups = new StringBuilder();
        var bits = 0;
        var held = 0;
        var written = 0;
        foreach (var b in bytes)
        {
            bits = bits << 8 | b;
            held += 8;
            for (; held >= BitsOfALetter; held -= BitsOfALetter)
            {
                if (written > 0 && written % 4 == 0)
                    groups.Append('-');
                groups.Append(Alphabet[bits >> (held - BitsOfALetter) & 31]);
                written++;
            }
            bits &= (1 << held) - 1;
        }
        return new Fingerprint(groups.ToString());
    }

    /// <summary>Reads a whole fingerprint, in any case and with or without separators.</summary>
    public static bool TryParse(string? typed, out Fingerprint fingerprint)
    {
        fingerprint = default;
        var letters = Letters(typed ?? string.Empty);
        if (letters.Length != Size * 8 / BitsOfALetter)
            return false;
        if (letters.Any(letter => !Alphabet.Contains(letter, StringComparison.Ordinal)))
            return false;
        fingerprint = FromBytes(Decode(letters));
        return true;
    }

    /// <summary>The 20 bytes in a new array.</summary>
    /// <exception cref="InvalidOperationException">It is the default value, which is nobody's fingerprint.</exception>
    public byte[] ToArray()
    {
        if (text is null)
            throw new InvalidOperationException("The default value is nobody's fingerprint.");
        return Decode(Letters(text));
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

    private static byte[] Decode(string letters)
    {
        var bytes = new byte[Size];
        var (bits, held, written) = (0, 0, 0);
        foreach (var letter in letters)
        {
            bits = bits << BitsOfALetter | Alphabet.IndexOf(letter, StringComparison.Ordinal);
            held += BitsOfALetter;
            if (held < 8)
                continue;
            held -= 8;
            bytes[written++] = (byte)(bits >> held);
            bits &= (1 << held) - 1;
        }
        return bytes;
    }

    private static string Letters(string typed) =>
        string.Concat(typed.Where(c => c is not ('-' or ' ' or ':')).Select(char.ToUpperInvariant));
}
