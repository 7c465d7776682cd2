using System.Text;
using Tallystick.Core.Identity;

namespace Tallystick.Core.Discovery;

/// <summary>How a node is found on a local network: DNS-SD (RFC 6763) over multicast DNS (RFC 6762).</summary>
/// <remarks>
/// <code>
/// _tallystick._tcp.local             PTR  alice JQBO-LZOE._tallystick._tcp.local
/// alice JQBO-LZOE._tallystick…local  SRV  port 5000 at tallystick-jqbolzoe….local
///                                    TXT  v=1, name=alice, fp=JQBO-LZOE-…
/// tallystick-jqbolzoe….local         A    the address of the network where it is said
/// </code>
/// Names carry the fingerprint, so no two nodes have the same and none has to ask first whether its name is taken.
/// </remarks>
public static class NearbyService
{
    /// <summary>How long an announcement holds, in seconds.</summary>
    public const int TtlSeconds = 120;

    private const int MaxClaimedNameBytes = 64;
    private static readonly DnsName Local = new("local");

    /// <summary>The kind of service.</summary>
    public static DnsName Kind { get; } = new DnsName("_tallystick", "_tcp").In(Local);

    /// <summary>Where all kinds of services are told.</summary>
    private static DnsName AllKinds { get; } = new DnsName("_services", "_dns-sd", "_udp").In(Local);

    /// <summary>Asks who is there.</summary>
    public static DnsPacket Query { get; } = new(false, [new DnsQuestion(Kind, DnsTypes.Ptr)], []);

    /// <summary>Asks for what is missing of one that was seen.</summary>
    public static DnsPacket QueryFor(DnsName instance) => new(
        false, [new DnsQuestion(instance, DnsTypes.Srv), new DnsQuestion(instance, DnsTypes.Txt)], []);

    /// <summary>All that a node says of itself.</summary>
    /// <param name="node">The node, with its address on the network where it is said.</param>
    /// <param name="isLeaving">Takes it back.</param>
    public static DnsPacket Announce(NearbyNode node, bool isLeaving = false)
    {
        var ttl = isLeaving ? 0 : TtlSeconds;
        var (instance, host) = (InstanceOf(node), HostOf(node.Fingerprint));
        return new DnsPacket(true, [],
        [
            new PtrRecord(Kind, ttl, instance),
            new SrvRecord(instance, ttl, node.Port, host),
            new TxtRecord(
                instance, ttl, ["v=1", $"name={Shortened(node.Name, MaxClaimedNameBytes)}", $"fp={node.Fingerprint}"]),
            new AddressRecord(host, ttl, node.Address),
            new PtrRecord(AllKinds, ttl, Kind),
        ]);
    }

    /// <summary>Whether a query asks for something that this node is to say, and has not got it already.</summary>
    public static bool Asks(DnsPacket query, NearbyNode node)
    {
        if (query.IsResponse)
            return false;
        var (instance, host) = (InstanceOf(node), HostOf(node.Fingerprint));
        var known = query.Records.OfType<PtrRecord>().Any(
            record => record.Target.Equals(instance) && record.TtlSeconds > TtlSeconds / 2);
        return query.Questions.Any(question => question.Type switch
        {
            DnsTypes.Ptr => question.Name.Equals(Kind) && !known || question.Name.Equals(AllKinds),
            DnsTypes.Srv or DnsTypes.Txt => question.Name.Equals(instance),
            DnsTypes.Address => question.Name.Equals(host),
            DnsTypes.Any => question.Name.Equals(Kind) || question.Name.Equals(instance) || question.Name.Equals(host),
            _ => false,
        });
    }

    private static DnsName InstanceOf(NearbyNode node)
    {
        var mark = $" {node.Fingerprint.ToString()[..9]}";
        return new DnsName(Shortened(node.Name, DnsName.MaxLabelBytes - mark.Length) + mark).In(Kind);
    }

    private static DnsName HostOf(Fingerprint fingerprint) => new DnsName(
        $"tallystick-{fingerprint.ToString().Replace("-", string.Empty, StringComparison.Ordinal).ToLowerInvariant()}")
        .In(Local);

    private static string Shortened(string name, int maxBytes)
    {
        var (kept, bytes) = (new StringBuilder(), 0);
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
                break;
            kept.Append(rune.ToString());
        }
        return kept.ToString();
    }
}
