using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Tallystick.Node.Discovery;

/// <summary>A network that this computer is on.</summary>
/// <param name="Address">This computer's IPv4 address there.</param>
/// <param name="PrefixLength">How many bits of it name the network.</param>
/// <param name="Number">The system's number of the card.</param>
internal sealed record LanNetwork(IPAddress Address, int PrefixLength, int Number)
{
    /// <summary>Every network where something can be said to all who are on it.</summary>
    /// <exception cref="Exception">Of many kinds: one of them came or went meanwhile.</exception>
    public static IReadOnlyList<LanNetwork> All() =>
    [
        .. from card in NetworkInterface.GetAllNetworkInterfaces()
           where IsUp(card)
           let properties = card.GetIPProperties()
           let local = properties.UnicastAddresses.FirstOrDefault(
               address => address.Address.AddressFamily == AddressFamily.InterNetwork)
           where local is not null
           select new LanNetwork(local.Address, local.PrefixLength, properties.GetIPv4Properties().Index),
    ];

    /// <summary>Whether whoever is told <see cref="Address"/> there finds what listens at that end point.</summary>
    public bool Reaches(IPEndPoint? listen)
    {
        if (listen is null)
            return false;
        var heard = listen.Address.IsIPv4MappedToIPv6 ? listen.Address.MapToIPv4() : listen.Address;
        return heard.Equals(IPAddress.Any) || heard.Equals(IPAddress.IPv6Any) || heard.Equals(Address);
    }

    private static bool IsUp(NetworkInterface card) =>
        card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        && card.SupportsMulticast && card.NetworkInterfaceType != NetworkInterfaceType.Loopback;
}
