using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Tallystick.Core.Discovery;

/// <summary>Reads fields of a packet of the DNS. After the first problem every read gives a default.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> packet)
{
    private const int PointerBits = 0xc0;
    private readonly ReadOnlySpan<byte> packet = packet;

    public int At { get; private set; }

    public bool Failed { get; private set; }

    public int Short()
    {
        var bytes = Bytes(2);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    public long Long()
    {
        var bytes = Bytes(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (Failed || count > packet.Length - At)
        {
            Failed = true;
            return default;
        }
        var bytes = packet.Slice(At, count);
        At += count;
        return bytes;
    }

    public string Text(int bytes)
    {
        var text = Bytes(bytes);
        Failed |= !Utf8.IsValid(text);
        return Failed ? string.Empty : Encoding.UTF8.GetString(text);
    }

    /// <summary>
    /// Reads a name. Each pointer has to lead before everything that was read of the name so far, so that none can lead
    /// round; and the name has the length that it may have, however it is put together.
    /// </summary>
    public DnsName Name()
    {
        var labels = new List<string>();
        var (read, lowest) = (1, At);
        int? after = null;
        while (!Failed)
        {
            var length = Byte();
            if (length == 0)
                break;
            if ((length & PointerBits) == PointerBits)
            {
                var target = (length & ~PointerBits) << 8 | Byte();
                after ??= At;
                Failed |= target >= lowest;
                (At, lowest) = (target, target);
                continue;
            }
            read += length + 1;
            Failed |= length > DnsName.MaxLabelBytes || read > DnsName.MaxBytes;
            if (!Failed)
                labels.Add(Text(length));
        }
        At = after ?? At;
        return new DnsName(Failed ? [] : labels);
    }

    /// <summary>Goes on at a place that was reckoned from a length.</summary>
    public void SkipTo(int place)
    {
        Failed |= place < At || place > packet.Length;
        At = Failed ? At : place;
    }

    /// <summary>Notes a problem that the caller found.</summary>
    public void Fail() => Failed = true;

    private int Byte()
    {
        var bytes = Bytes(1);
        return bytes.IsEmpty ? 0 : bytes[0];
    }
}
