using System.Net;

namespace Tallystick.Core.Discovery;

/// <summary>What multicast DNS says in one packet, as far as discovery of services needs it.</summary>
/// <param name="IsResponse">False for a query.</param>
/// <param name="Questions">What is asked.</param>
/// <param name="Records">What is said, of all sections.</param>
public sealed record DnsPacket(
    bool IsResponse, IReadOnlyList<DnsQuestion> Questions, IReadOnlyList<DnsRecord> Records);

/// <summary>A question.</summary>
/// <param name="Name">About what.</param>
/// <param name="Type">The type of record, see <see cref="DnsTypes"/>.</param>
public sealed record DnsQuestion(DnsName Name, int Type);

/// <summary>A record that discovery knows.</summary>
/// <param name="Name">Whose.</param>
/// <param name="TtlSeconds">How long it holds; 0 takes it back.</param>
/// <param name="IsOnly">Whether it replaces all others of its name and type.</param>
public abstract record DnsRecord(DnsName Name, int TtlSeconds, bool IsOnly);

/// <summary>One name leads to another: a kind of service to one of them.</summary>
public sealed record PtrRecord(DnsName Name, int TtlSeconds, DnsName Target) : DnsRecord(Name, TtlSeconds, false);

/// <summary>Where a service is: host and port.</summary>
public sealed record SrvRecord(DnsName Name, int TtlSeconds, int Port, DnsName Host)
    : DnsRecord(Name, TtlSeconds, true);

/// <summary>What else is to be known of a service: texts of at most 255 bytes, such as key=value.</summary>
public sealed record TxtRecord(DnsName Name, int TtlSeconds, IReadOnlyList<string> Texts)
    : DnsRecord(Name, TtlSeconds, true);

/// <summary>An address of a host.</summary>
public sealed record AddressRecord(DnsName Name, int TtlSeconds, IPAddress Address) : DnsRecord(Name, TtlSeconds, true);

/// <summary>The numbers of types.</summary>
public static class DnsTypes
{
    public const int Address = 1;
    public const int Ptr = 12;
    public const int Txt = 16;
    public const int Address6 = 28;
    public const int Srv = 33;
    public const int Any = 255;
}
