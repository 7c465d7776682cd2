using System.Net;
using Tallystick.Core.Discovery;
using Tallystick.Core.Identity;

namespace Tallystick.Fuzz.Targets;

/// <summary>What anybody on the local network sends: read and taken in, or refused.</summary>
internal sealed class DnsTarget : Target
{
    private static readonly NearbyNode Node = new(
        "alice", Fingerprint.FromBytes(new byte[Fingerprint.Size]), IPAddress.Loopback, 5000);

    public override string Name => "dns";

    public override int MaxLength => DnsCodec.MaxPacketBytes + 64;

    public override IReadOnlyList<byte[]> Tokens => [[0xc0, 12], [0xc0, 0], [0, 12, 0, 1], [0, 33, 0x80, 1]];

    public override IEnumerable<byte[]> Seeds() =>
    [
        DnsCodec.Write(NearbyService.Query),
        DnsCodec.Write(NearbyService.Announce(Node)),
        DnsCodec.Write(NearbyService.Announce(Node, isLeaving: true)),
    ];

    // Names are at most 255 bytes each, however they point, and entries 256.
    public override long MostAllocated(int length) => 4 * 1024 * 1024;

    public override string Run(byte[] input)
    {
        if (!DnsCodec.TryRead(input, out var packet))
            return "refused";
        var again = DnsCodec.Write(packet);
        if (again.Length <= DnsCodec.MaxPacketBytes
            && (!DnsCodec.TryRead(again, out var same) || !DnsCodec.Write(same).AsSpan().SequenceEqual(again)))
            throw new FindingException("Written again it is another packet.");
        var table = new NearbyTable();
        var missing = table.Hear(packet, IPAddress.Loopback, nowMs: 0);
        if (missing.Count > NearbyTable.MostPerAddress)
            throw new FindingException("It makes this node ask for more than it keeps.");
        return string.Join(' ', packet.Records.Take(3).Select(record => record.GetType().Name))
            + $" {packet.IsResponse} {NearbyService.Asks(packet, Node)} {table.Nodes(nowMs: 0).Count}";
    }
}
