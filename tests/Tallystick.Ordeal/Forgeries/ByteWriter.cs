namespace Tallystick.Ordeal.Forgeries;

/// <summary>The forms of docs/PROTOCOL.md, written; only for forging.</summary>
internal sealed class ByteWriter
{
    private readonly List<byte> bytes = [];

    public byte[] Bytes => [.. bytes];

    public ByteWriter Raw(ReadOnlySpan<byte> raw)
    {
        bytes.AddRange(raw);
        return this;
    }

    public ByteWriter Integer(long value)
    {
        for (; value > 0x7f; value >>= 7)
            bytes.Add((byte)(value & 0x7f | 0x80));
        bytes.Add((byte)value);
        return this;
    }
}
