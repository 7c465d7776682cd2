using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Links;

/// <summary>
/// Where to dial a peer: a host and a TCP port, written HOST:PORT, an IPv6 address in brackets; behind a slash the
/// fingerprint that has to be proven there, if it is known. Behind relay: it is a relay's, and the fingerprint says who
/// is called through it.
/// </summary>
public sealed record PeerAddress
{
    /// <summary>The port when none is named.</summary>
    public const int DefaultPort = 5000;

    /// <summary>A relay's port when none is named.</summary>
    public const int DefaultRelayPort = 7000;

    private const string RelayPrefix = "relay:";

    private PeerAddress(string host, int port) => (Host, Port) = (host, port);

    /// <summary>A name or an IP address, lower case, without brackets.</summary>
    public string Host { get; }

    /// <summary>1 to 65535.</summary>
    public int Port { get; }

    /// <summary>Whose key has to be proven there, or null when any will do the first time.</summary>
    public Fingerprint? Expected { get; private init; }

    /// <summary>Whether host and port are a relay's, and the expected one is called through it.</summary>
    public bool IsRelayed { get; private init; }

    /// <summary>Whether only the peer itself says that it is there, and no person.</summary>
    internal bool IsTold { get; init; }

    /// <summary>Somebody who is called through a relay.</summary>
    public static PeerAddress Through(PeerAddress relay, Fingerprint callee) =>
        relay with { Expected = callee, IsRelayed = true };

    /// <summary>
    /// Reads HOST, HOST:PORT, [IPV6] or [IPV6]:PORT, with or without a slash and a fingerprint behind it, and with them
    /// behind relay:; otherwise says in one sentence what is wrong.
    /// </summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? problem)
    {
        var trimmed = (text ?? string.Empty).Trim();
        var isRelayed = trimmed.StartsWith(RelayPrefix, StringComparison.OrdinalIgnoreCase);
        var rest = isRelayed ? trimmed[RelayPrefix.Length..] : trimmed;
        var slash = rest.LastIndexOf('/');
        if (!isRelayed && slash < 0)
            return TryParse(rest, DefaultPort, out address, out problem);
        var where = slash < 0 ? rest : rest[..slash];
        if (!TryParse(where, isRelayed ? DefaultRelayPort : DefaultPort, out address, out problem))
            return false;
        if (slash >= 0 && Fingerprint.TryParse(rest[(slash + 1)..], out var expected))
        {
            address = address with { Expected = expected, IsRelayed = isRelayed };
            return true;
        }
        problem = isRelayed
            ? $"Say who is called through the relay: relay:{address}/ and their whole fingerprint."
            : $"'{text}' is not an address: what follows the slash is to be a whole fingerprint.";
        address = null;
        return false;
    }

    /// <summary>Reads where a relay is: like an address, with a relay's port when none is named.</summary>
    public static bool TryParseRelay(
        string? text, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? problem) =>
        TryParse((text ?? string.Empty).Trim(), DefaultRelayPort, out address, out problem);

    /// <summary>The same place, where the key with that fingerprint has to be proven.</summary>
    public PeerAddress For(Fingerprint expected) => this with { Expected = expected };

    /// <summary>Host and port alone.</summary>
    public PeerAddress OfRelay() => this with { Expected = null, IsRelayed = false };

    /// <inheritdoc/>
    public override string ToString()
    {
        var where = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
        return Expected is { } expected ? $"{(IsRelayed ? RelayPrefix : string.Empty)}{where}/{expected}" : where;
    }

    private static bool TryParse(
        string text,
        int defaultPort,
        [NotNullWhen(true)] out PeerAddress? address,
        [NotNullWhen(false)] out string? problem)
    {
        address = null;
        var (host, portText) = Split(text);
        var port = defaultPort;
        if (portText is not null && !TryPort(portText, out port))
            problem = $"'{portText}' is not a port: write HOST:PORT with a port from 1 to 65535.";
        else if (!IsHost(host))
            problem = $"'{text}' is not an address: write HOST:PORT, for example 192.0.2.7:5000 or [::1]:5000.";
        else
            (address, problem) = (new PeerAddress(host.ToLowerInvariant(), port), null);
        return address is not null;
    }

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
