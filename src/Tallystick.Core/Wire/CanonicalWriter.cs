using System.Numerics;
using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;

namespace Tallystick.Core.Wire;

/// <summary>Writes the one binary form that is hashed, signed, stored and sent.</summary>
/// <remarks>
/// <code>
/// integer   unsigned LEB128, shortest form, 0 to 2^63-1 (1 to 9 bytes)
/// byte      1 byte
/// flag      1 byte, 0 or 1
/// hash      32 bytes
/// head      integer (number), hash
/// bytes     integer (length), that many bytes
/// text      bytes that are valid UTF-8
/// tag, raw  bytes without a length, where the length is fixed by the record
/// </code>
/// Fields stand in the fixed order of their record; nothing is optional and nothing follows the last.
/// </remarks>
public sealed class CanonicalWriter
{
    private byte[] buffer;
    private int written;

    /// <summary>Makes a writer that grows only beyond <paramref name="capacity"/> bytes.</summary>
    public CanonicalWriter(int capacity) => buffer = new byte[capacity];

    /// <summary>The bytes that an integer takes.</summary>
    public static int SizeOfInteger(long value) =>
        value < 0x80 ? 1 : (70 - BitOperations.LeadingZeroCount((ulong)value)) / 7;

    /// <summary>The bytes that a length-prefixed field of <paramref name="length"/> bytes takes.</summary>
    public static int SizeOfBytes(int length) => SizeOfInteger(length) + length;

    /// <summary>The bytes that a text field takes.</summary>
    public static int SizeOfText(string text) => SizeOfBytes(Encoding.UTF8.GetByteCount(text));

    /// <summary>Writes an integer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative: no record has negative fields.</exception>
    public void Integer(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Reserve(SizeOfInteger(value));
        for (; value >= 0x80; value >>= 7)
            buffer[written++] = (byte)(value | 0x80);
        buffer[written++] = (byte)value;
    }

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value)
    {
        Reserve(1);
        buffer[written++] = value;
    }

    /// <summary>Writes a flag.</summary>
    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes bytes without a length.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(written));
        written += bytes.Length;
    }

    /// <summary>Writes 32 bytes.</summary>
    public void Hash(Hash hash)
    {
        Reserve(Identity.Hash.Size);
        hash.CopyTo(buffer.AsSpan(written));
        written += Identity.Hash.Size;
    }

    /// <summary>Writes a number and a hash.</summary>
    public void Head(Head head)
    {
        Integer(head.Number);
        Hash(head.Hash);
    }

    /// <summary>Writes 33 bytes.</summary>
    public void Key(PublicKey key)
    {
        Reserve(PublicKey.Size);
        key.CopyTo(buffer.AsSpan(written));
        written += PublicKey.Size;
    }

    /// <summary>Writes 16 bytes.</summary>
    public void RequestId(RequestId id)
    {
        Reserve(Identity.RequestId.Size);
        id.CopyTo(buffer.AsSpan(written));
        written += Identity.RequestId.Size;
    }

    /// <summary>Writes a length and bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Integer(bytes.Length);
        Raw(bytes);
    }

    /// <summary>Writes a length and UTF-8. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.</summary>
    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Integer(length);
        Reserve(length);
        written += Encoding.UTF8.GetBytes(text, buffer.AsSpan(written));
    }

    /// <summary>What was written, without a copy when the capacity was exact. Ends the use of this writer.</summary>
    public byte[] Finish() => written == buffer.Length ? buffer : buffer[..written];

    private void Reserve(int count)
    {
        if (buffer.Length - written < count)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, written + count));
    }
}
