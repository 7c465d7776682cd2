using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tallystick.Node.Links;

/// <summary>Where to dial a peer: a host and a TCP port. Written HOST:PORT, an IPv6 address in brackets.</summary>
public sealed record PeerAddress
{
    /// <summary>The port when none is named.</summary>
    public const int DefaultPort = 5000;

    private PeerAddress(string host, int port) => (Host, Port) = (host, port);

    /// <summary>A name or an IP address, lower case, without brackets.</summary>
    public string Host { get; }

    /// <summary>1 to 65535.</summary>
    public int Port { get; }

    /// <summary>Reads HOST, HOST:PORT, [IPV6] or [IPV6]:PORT; otherwise says in one sentence what is wrong.</summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        var (host, portText) = Split((text ?? string.Empty).Trim());
        var port = DefaultPort;
        if (portText is not null && !TryPort(portText, out port))
            problem = $"'{portText}' is not a port: write HOST:PORT with a port from 1 to 65535.";
        else if (!IsHost(host))
            problem = $"'{text}' is not an address: write HOST:PORT, for example 192.0.2.7:5000 or [::1]:5000.";
        else
            (address, problem) = (new PeerAddress(host.ToLowerInvariant(), port), null);
        return address is not null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            var rest = end < 0 ? string.Empty : text[(end + 1)..];
            var inside = end < 0 ? string.Empty : text[1..end];
            return rest switch
            {
                _ when !IsIpv6(inside) => (string.Empty, null),
                "" => (inside, null),
                [':', .. var port] => (inside, port),
                _ => (string.Empty, null),
            };
        }
        if (IsIpv6(text))
            return (text, null);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is >= 1 and <= ushort.MaxValue;

    private static bool IsIpv6(string text) =>
        IPAddress.TryParse(text, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsHost(string host) => Uri.CheckHostName(host) is not UriHostNameType.Unknown;
}
