namespace Tallystick.Core.Identity;

/// <summary>An identity: a compressed P-256 point, 33 bytes, ordered bytewise.</summary>
/// <remarks>
/// Only the form is checked here; whether the point lies on the curve is checked where keys are imported.
/// </remarks>
public readonly record struct PublicKey : IComparable<PublicKey>
{
    /// <summary>Its length in bytes.</summary>
    public const int Size = 33;

    private readonly byte sign;
    private readonly Hash x;

    private PublicKey(byte sign, Hash x) => (this.sign, this.x) = (sign, x);

    /// <summary>Takes 33 bytes of which the first is 2 or 3.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> compressed, out PublicKey key)
    {
        var valid = compressed.Length == Size && compressed[0] is 2 or 3;
        key = valid ? new PublicKey(compressed[0], new Hash(compressed[1..])) : default;
        return valid;
    }

    /// <summary>Writes the 33 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        destination[0] = sign;
        x.CopyTo(destination[1..]);
    }

    /// <summary>The 33 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(PublicKey other) => sign != other.sign ? sign.CompareTo(other.sign) : x.CompareTo(other.x);

    public static bool operator <(PublicKey left, PublicKey right) => left.CompareTo(right) < 0;
    public static bool operator >(PublicKey left, PublicKey right) => left.CompareTo(right) > 0;
    public static bool operator <=(PublicKey left, PublicKey right) => left.CompareTo(right) <= 0;
    public static bool operator >=(PublicKey left, PublicKey right) => left.CompareTo(right) >= 0;

    /// <summary>66 hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
