using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Tallystick.Core.Discovery;

/// <summary>Packets of multicast DNS (RFC 6762), strictly: what is malformed anywhere is refused as a whole.</summary>
/// <remarks>
/// <code>
/// header    id 2, flags 2 (0x8000 response), counts of questions, answers, authorities and others, 2 bytes each
/// question  name, type 2, class 2
/// record    name, type 2, class 2 (0x8000: the only one), seconds 4, length 2, data
/// name      labels (length 1, bytes), ended by 0, or by a pointer (0xc000 and a place before it)
/// </code>
/// Records of types that discovery does not need are skipped. What is written has no pointers.
/// </remarks>
public static class DnsCodec
{
    /// <summary>The largest packet.</summary>
    public const int MaxPacketBytes = 9_000;

    /// <summary>Questions, and records of all kinds, in one packet.</summary>
    public const int MaxEntries = 256;

    private const int InternetClass = 1;
    private const int TopBit = 0x8000;
    private const int OpcodeAndCode = 0x780f;

    /// <summary>Reads a packet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsPacket? packet)
    {
        packet = null;
        if (bytes.Length > MaxPacketBytes)
            return false;
        var reader = new DnsReader(bytes);
        reader.Short();
        var flags = reader.Short();
        var questions = reader.Short();
        var records = reader.Short() + reader.Short() + reader.Short();
        if (reader.Failed || (flags & OpcodeAndCode) != 0 || questions > MaxEntries || records > MaxEntries)
            return false;
        var asked = new List<DnsQuestion>();
        for (var i = 0; i < questions && !reader.Failed; i++)
        {
            asked.Add(new DnsQuestion(reader.Name(), reader.Short()));
            reader.Short();
        }
        var said = new List<DnsRecord>();
        for (var i = 0; i < records && !reader.Failed; i++)
        {
            if (ReadRecord(ref reader) is { } record)
                said.Add(record);
        }
        packet = reader.Failed ? null : new DnsPacket((flags & TopBit) != 0, asked, said);
        return packet is not null;
    }

    /// <summary>The packet in bytes, all records as answers.</summary>
    public static byte[] Write(DnsPacket packet)
    {
        var writer = new DnsWriter();
        writer.Short(0);
        // A response of multicast DNS is authoritative.
        writer.Short(packet.IsResponse ? 0x8400 : 0);
        writer.Short(packet.Questions.Count);
        writer.Short(packet.Records.Count);
        writer.Long(0);
        foreach (var question in packet.Questions)
        {
            writer.Name(question.Name);
            writer.Short(question.Type);
            writer.Short(InternetClass);
        }
        foreach (var record in packet.Records)
            WriteRecord(writer, record);
        return writer.ToArray();
    }

    private static DnsRecord? ReadRecord(ref DnsReader reader)
    {
        var name = reader.Name();
        var type = reader.Short();
        reader.Short();
        var ttl = (int)Math.Min(reader.Long(), int.MaxValue);
        var length = reader.Short();
        var end = reader.At + length;
        DnsRecord? record = type switch
        {
            DnsTypes.Ptr => new PtrRecord(name, ttl, reader.Name()),
            DnsTypes.Srv => ReadService(ref reader, name, ttl),
            DnsTypes.Txt => ReadTexts(ref reader, name, ttl, end),
            DnsTypes.Address => ReadAddress(ref reader, name, ttl, 4),
            DnsTypes.Address6 => ReadAddress(ref reader, name, ttl, 16),
            _ => null,
        };
        if (record is null)
            reader.SkipTo(end);
        else if (reader.At != end)
            reader.Fail();
        return record;
    }

    private static SrvRecord ReadService(ref DnsReader reader, DnsName name, int ttl)
    {
        // Priority and weight are for choosing among several hosts; here there is one.
        reader.Long();
        return new SrvRecord(name, ttl, reader.Short(), reader.Name());
    }

    private static TxtRecord ReadTexts(ref DnsReader reader, DnsName name, int ttl, int end)
    {
        var texts = new List<string>();
        while (reader.At < end && !reader.Failed)
        {
            var length = reader.Bytes(1);
            if (!length.IsEmpty)
                texts.Add(reader.Text(length[0]));
        }
        return new TxtRecord(name, ttl, texts);
    }

    private static AddressRecord? ReadAddress(ref DnsReader reader, DnsName name, int ttl, int length)
    {
        var bytes = reader.Bytes(length);
        return bytes.IsEmpty ? null : new AddressRecord(name, ttl, new IPAddress(bytes));
    }

    private static void WriteRecord(DnsWriter writer, DnsRecord record)
    {
        writer.Name(record.Name);
        writer.Short(TypeOf(record));
        writer.Short(InternetClass | (record.IsOnly ? TopBit : 0));
        writer.Long(record.TtlSeconds);
        var data = new DnsWriter();
        switch (record)
        {
            case PtrRecord ptr:
                data.Name(ptr.Target);
                break;
            case SrvRecord srv:
                data.Long(0);
                data.Short(srv.Port);
                data.Name(srv.Host);
                break;
            case TxtRecord txt:
                foreach (var text in txt.Texts)
                    data.Text(text);
                break;
            case AddressRecord address:
                data.Bytes(address.Address.GetAddressBytes());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(record), record.GetType().Name, "It has no type.");
        }
        var bytes = data.ToArray();
        writer.Short(bytes.Length);
        writer.Bytes(bytes);
    }

    private static int TypeOf(DnsRecord record) => record switch
    {
        PtrRecord => DnsTypes.Ptr,
        SrvRecord => DnsTypes.Srv,
        TxtRecord => DnsTypes.Txt,
        AddressRecord address when address.Address.GetAddressBytes().Length == 4 => DnsTypes.Address,
        AddressRecord => DnsTypes.Address6,
        _ => throw new ArgumentOutOfRangeException(nameof(record), record.GetType().Name, "It has no type."),
    };
}
