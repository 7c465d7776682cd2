using System.Text;

namespace Tallystick.Ordeal.Checking;

/// <summary>Bytes that are not what docs/PROTOCOL.md says.</summary>
internal sealed class BadBytesException(string message) : Exception(message);

/// <summary>The forms of part 1 of docs/PROTOCOL.md, read from the front.</summary>
internal sealed class ByteReader(byte[] bytes)
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int at;

    public bool AtEnd => at == bytes.Length;

    public byte[] Take(int count)
    {
        if (count < 0 || count > bytes.Length - at)
            throw new BadBytesException($"{count} bytes wanted at {at}, {bytes.Length - at} are left");
        at += count;
        return bytes[(at - count)..at];
    }

    public byte[] Hash() => Take(32);

    /// <summary>Unsigned LEB128 in its shortest form, below 2^63.</summary>
    public long Integer()
    {
        long value = 0;
        for (var shift = 0; shift <= 56; shift += 7)
        {
            var next = Take(1)[0];
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return next == 0 && shift > 0
                    ? throw new BadBytesException($"a long form of an integer before {at}")
                    : value;
            }
        }
        throw new BadBytesException($"an integer beyond 2^63 before {at}");
    }

    public byte[] Counted() => Take(checked((int)Math.Min(Integer(), int.MaxValue)));

    public string Text()
    {
        try
        {
            return Strict.GetString(Counted());
        }
        catch (DecoderFallbackException)
        {
            throw new BadBytesException($"a text that is no UTF-8 before {at}");
        }
    }
}
