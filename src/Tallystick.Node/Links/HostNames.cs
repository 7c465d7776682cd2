using System.Net;
using System.Net.Sockets;

namespace Tallystick.Node.Links;

/// <summary>What the hosts of addresses stand for.</summary>
internal static class HostNames
{
    /// <summary>The name by which every computer calls itself.</summary>
    public const string ThisComputer = "localhost";

    // A peer may name nine addresses in all, and none of them has more places than this.
    private const int MostOfName = 8;

    /// <summary>1 to 8 addresses of the host.</summary>
    /// <exception cref="SocketException">Nobody knows the name, or it leads nowhere but where it may not.</exception>
    public static async Task<IPAddress[]> ResolveAsync(PeerAddress where, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(where.Host, out var literal))
            return [literal];
        var found = Allowed(where, await Dns.GetHostAddressesAsync(where.Host, cancellation));
        return found.Length > 0 ? found : throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>
    /// Those of a name's addresses that may be dialled. What a peer's word stands for is known only now; it does not
    /// lead to this computer by another name than that which shows it.
    /// </summary>
    public static IPAddress[] Allowed(PeerAddress where, IEnumerable<IPAddress> found) =>
    [
        .. found.Where(address => !where.IsTold || where.Host == ThisComputer || !OwnAddresses.IsLocal(address))
            .Take(MostOfName),
    ];
}
