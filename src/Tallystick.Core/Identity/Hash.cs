using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tallystick.Core.Identity;

/// <summary>A SHA-256 value: 32 bytes, compared by value.</summary>
public readonly record struct Hash : IComparable<Hash>
{
    /// <summary>Its length in bytes.</summary>
    public const int Size = 32;

    // Four big-endian words, not an inline array: equality of a record struct must work on the fields.
    private readonly ulong a, b, c, d;

    // Setting one up costs a third of the hash of a page.
    [ThreadStatic]
    private static IncrementalHash? OfThisThread;

    /// <summary>Takes 32 bytes.</summary>
    /// <exception cref="ArgumentException">The length is not 32.</exception>
    public Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException("A hash is 32 bytes.", nameof(bytes));
        a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    private Hash(ulong a, ulong b, ulong c, ulong d) => (this.a, this.b, this.c, this.d) = (a, b, c, d);

    /// <summary>The SHA-256 of <paramref name="bytes"/>.</summary>
    public static Hash Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[Size];
        var hasher = OfThisThread ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hasher.AppendData(bytes);
        hasher.GetHashAndReset(digest);
        return new Hash(digest);
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], d);
    }

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The bitwise exclusive or, the order-free sum of a set of records.</summary>
    public static Hash operator ^(Hash x, Hash y) => new(x.a ^ y.a, x.b ^ y.b, x.c ^ y.c, x.d ^ y.d);

    /// <inheritdoc/>
    public int CompareTo(Hash other) =>
        a != other.a ? a.CompareTo(other.a)
        : b != other.b ? b.CompareTo(other.b)
        : c != other.c ? c.CompareTo(other.c)
        : d.CompareTo(other.d);

    public static bool operator <(Hash left, Hash right) => left.CompareTo(right) < 0;
    public static bool operator >(Hash left, Hash right) => left.CompareTo(right) > 0;
    public static bool operator <=(Hash left, Hash right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Hash left, Hash right) => left.CompareTo(right) >= 0;

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => $"{a:x16}{b:x16}{c:x16}{d:x16}";
}
