using System.Buffers.Binary;

namespace Tallystick.Core.Identity;

/// <summary>The 16 bytes that name one wish of a user, so that repeating the wish cannot repeat its effect.</summary>
public readonly record struct RequestId(UInt128 Value) : IComparable<RequestId>
{
    /// <summary>Its length in bytes.</summary>
    public const int Size = 16;

    /// <summary>Takes 16 bytes, most significant first.</summary>
    public static RequestId FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Takes a UUID in its usual byte order.</summary>
    public static RequestId FromGuid(Guid id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return FromBytes(bytes);
    }

    /// <summary>Reads a UUID in any of its usual text forms.</summary>
    public static bool TryParse(string? text, out RequestId id)
    {
        var parsed = Guid.TryParse(text, out var guid);
        id = parsed ? FromGuid(guid) : default;
        return parsed;
    }

    /// <summary>Writes the 16 bytes, most significant first.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>The 16 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(RequestId other) => Value.CompareTo(other.Value);

    public static bool operator <(RequestId left, RequestId right) => left.Value < right.Value;
    public static bool operator >(RequestId left, RequestId right) => left.Value > right.Value;
    public static bool operator <=(RequestId left, RequestId right) => left.Value <= right.Value;
    public static bool operator >=(RequestId left, RequestId right) => left.Value >= right.Value;

    /// <summary>The UUID with dashes, lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }
}
