using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Tallystick.Core.Invites;

namespace Tallystick.Node.Links;

/// <summary>Where this node can be dialled, as far as it knows: for peers and invitations.</summary>
internal static class OwnAddresses
{
    /// <summary>At most 8, the person's own word first; none when it listens nowhere.</summary>
    /// <param name="listen">Where peers are heard, or null.</param>
    /// <param name="reach">What the person says.</param>
    public static ImmutableArray<string> Of(IPEndPoint? listen, IEnumerable<string> reach)
    {
        if (listen is null)
            return [.. reach.Take(InviteLink.MaxAddresses)];
        var isEverywhere = listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any);
        IEnumerable<IPAddress> own = isEverywhere ? OfThisMachine(listen.AddressFamily) : [listen.Address];
        return
        [
            .. reach.Concat(own.Select(address => new IPEndPoint(address, listen.Port).ToString()))
                .Distinct(StringComparer.Ordinal)
                .Take(InviteLink.MaxAddresses),
        ];
    }

    /// <summary>Whether all of these lead back to the computer that dials them.</summary>
    public static bool AreLocal(IEnumerable<string> addresses) => addresses.All(address =>
        PeerAddress.TryParse(address, out var where, out _)
        && (where.Host == HostNames.ThisComputer || (IPAddress.TryParse(where.Host, out var ip) && IsLocal(ip))));

    /// <summary>Whether whoever dials it reaches itself: loopback, or no address at all.</summary>
    public static bool IsLocal(IPAddress address)
    {
        var ip = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any);
    }

    private static IPAddress[] OfThisMachine(AddressFamily heard)
    {
        IPAddress[] found =
        [
            .. from card in NetworkInterface.GetAllNetworkInterfaces()
               where card.OperationalStatus == OperationalStatus.Up
               from address in card.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address)
               where IsOfUse(address) && (heard == AddressFamily.InterNetworkV6 || address.AddressFamily == heard)
               orderby address.AddressFamily
               select address,
        ];
        return found.Length > 0 ? found : [IPAddress.Loopback];
    }

    // A link-local address means nothing without the name of a card, and every card has its own names for them.
    private static bool IsOfUse(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal
        && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);
}
