using System.Buffers.Binary;
using System.Text;

namespace Tallystick.Core.Discovery;

/// <summary>Writes fields of a packet of the DNS.</summary>
internal sealed class DnsWriter
{
    private readonly List<byte> written = [];

    public void Short(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        Bytes(bytes);
    }

    public void Long(long value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        Bytes(bytes);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => written.AddRange(bytes);

    /// <summary>A length of one byte, and the text.</summary>
    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        written.Add(checked((byte)bytes.Length));
        Bytes(bytes);
    }

    public void Name(DnsName name)
    {
        foreach (var label in name.Labels)
            Text(label);
        written.Add(0);
    }

    public byte[] ToArray() => [.. written];
}
