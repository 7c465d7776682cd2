using System.Globalization;

namespace Tallystick.Node.Links;

/// <summary>HOST:PORT as a person writes it; an IPv6 address stands in brackets.</summary>
internal readonly record struct PeerAddress(string Host, int Port)
{
    public static bool TryParse(string text, out PeerAddress address)
    {
        address = default;
        var colon = text.LastIndexOf(':');
        if (colon < 1)
            return false;
        var digits = text.AsSpan(colon + 1);
        if (!ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return false;
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            return false;
        address = new PeerAddress(host, port);
        return host.Length > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }
}
