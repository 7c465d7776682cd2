using System.Buffers.Binary;
using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Wire;

/// <summary>Reads what <see cref="CanonicalWriter"/> writes and nothing else. Never throws.</summary>
/// <remarks>
/// After the first problem every read gives a default, so that a record is read in one go and asked once, at its
/// end, for <see cref="Finish"/>. A count or length never exceeds what is left, so nothing large is allocated.
/// </remarks>
public ref struct CanonicalReader
{
    private ReadOnlySpan<byte> rest;

    /// <summary>Starts at the first byte of a record.</summary>
    public CanonicalReader(ReadOnlySpan<byte> bytes) => rest = bytes;

    /// <summary>What was wrong first, as the end of a sentence, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The number of bytes not read yet.</summary>
    public readonly int Remaining => rest.Length;

    /// <summary>Reads an integer of 0 to 2^63−1.</summary>
    public long Integer()
    {
        var value = 0L;
        for (var (at, shift) = (0, 0); at < rest.Length; at++, shift += 7)
        {
            var b = rest[at];
            value |= (long)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                if (b == 0 && at > 0)
                    break;
                rest = rest[(at + 1)..];
                return value;
            }
            if (at == 8)
                break;
        }
        Fail(rest.Length == 0 ? "it ends too early" : "an integer is cut off, too large or not in its shortest form");
        return 0;
    }

    /// <summary>Reads an integer of 0 to 2^31−1.</summary>
    public int SmallInteger()
    {
        var value = Integer();
        if (value <= int.MaxValue)
            return (int)value;
        Fail("an integer is too large");
        return 0;
    }

    /// <summary>Reads the number of items that follow, each at least <paramref name="itemBytes"/> long.</summary>
    public int Count(int itemBytes)
    {
        var count = Integer();
        if (count <= rest.Length / itemBytes)
            return (int)count;
        Fail("a count is larger than what follows");
        return 0;
    }

    /// <summary>Reads one byte.</summary>
    public byte Byte()
    {
        var one = Raw(1);
        return one.IsEmpty ? (byte)0 : one[0];
    }

    /// <summary>Reads a flag.</summary>
    public bool Flag()
    {
        var value = Byte();
        if (value > 1)
            Fail("a flag is neither 0 nor 1");
        return value == 1;
    }

    /// <summary>Reads a party.</summary>
    public Party Party() => Flag() ? Tabs.Party.One : Tabs.Party.Zero;

    /// <summary>Reads exactly <paramref name="count"/> bytes; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Raw(int count)
    {
        if (count > rest.Length)
        {
            Fail("it ends too early");
            return default;
        }
        var bytes = rest[..count];
        rest = rest[count..];
        return bytes;
    }

    /// <summary>Reads the fixed first bytes of a record.</summary>
    public void Tag(ReadOnlySpan<byte> tag)
    {
        if (!Raw(tag.Length).SequenceEqual(tag))
            Fail("it does not start with its tag");
    }

    /// <summary>Reads 32 bytes.</summary>
    public Hash Hash()
    {
        var bytes = Raw(Identity.Hash.Size);
        return bytes.IsEmpty ? default : new Hash(bytes);
    }

    /// <summary>Reads a number and a hash.</summary>
    public Head Head() => new(Integer(), Hash());

    /// <summary>Reads a compressed point.</summary>
    public PublicKey Key()
    {
        if (!PublicKey.TryCreate(Raw(PublicKey.Size), out var key))
            Fail("a key is not a compressed point");
        return key;
    }

    /// <summary>Reads 16 bytes.</summary>
    public RequestId RequestId()
    {
        var bytes = Raw(Identity.RequestId.Size);
        return bytes.IsEmpty ? default : Identity.RequestId.FromBytes(bytes);
    }

    /// <summary>Reads 8 bytes, most significant first.</summary>
    public ulong Token()
    {
        var bytes = Raw(sizeof(ulong));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>Reads a length and that many bytes.</summary>
    public ReadOnlySpan<byte> Bytes() => Raw(Count(1));

    /// <summary>Reads a length and that many bytes of valid UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8()
    {
        var bytes = Bytes();
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            return bytes;
        Fail("a text is not valid UTF-8");
        return default;
    }

    /// <summary>Reads a text of <paramref name="minBytes"/> to <paramref name="maxBytes"/> of UTF-8.</summary>
    public string Text(int minBytes, int maxBytes)
    {
        var bytes = Utf8();
        if (bytes.Length >= minBytes && bytes.Length <= maxBytes)
            return Encoding.UTF8.GetString(bytes);
        Fail("a text is too short or too long");
        return string.Empty;
    }

    /// <summary>Notes a problem that the caller found in a field; only the first is kept.</summary>
    public void Fail(string problem)
    {
        Problem ??= problem;
        rest = default;
    }

    /// <summary>Null when everything was read and was in order; else why <paramref name="what"/> is refused.</summary>
    public readonly Refusal? Finish(string what)
    {
        var problem = Problem ?? (rest.IsEmpty ? null : "bytes follow its end");
        return problem is null ? null : new Refusal(Rejections.BadEncoding, $"The {what} cannot be read: {problem}.");
    }
}
