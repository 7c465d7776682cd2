using System.Net;
using System.Net.Sockets;

namespace Tallystick.Node.Links;

/// <summary>
/// Whom a connection is counted for: an IPv4 address, or the 64 bits of an IPv6 address that one customer of a
/// provider has to himself, since he may use as many addresses within them as he likes.
/// </summary>
internal static class CallerAddress
{
    private const int NetworkBytes = 8;

    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes);
    }
}
