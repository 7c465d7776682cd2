using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Tallystick.Core.Discovery;

namespace Tallystick.Node.Discovery;

/// <summary>The port of multicast DNS on one network of this computer, shared with others who use it, too.</summary>
internal sealed class LanSocket : IDisposable
{
    /// <summary>The port of multicast DNS.</summary>
    public const int Port = 5353;

    private const int HopsOfTheLocalNetwork = 255;
    private static readonly IPEndPoint Everybody = new(IPAddress.Parse("224.0.0.251"), Port);
    private readonly Socket socket;
    private readonly int number;
    private readonly byte[] buffer = new byte[DnsCodec.MaxPacketBytes + 1];

    private LanSocket(Socket socket, UnicastIPAddressInformation local, int number)
    {
        (this.socket, this.number) = (socket, number);
        Network = new IPNetwork(Masked(local.Address, local.PrefixLength), local.PrefixLength);
        Address = local.Address;
    }

    /// <summary>This computer's address on the network.</summary>
    public IPAddress Address { get; }

    /// <summary>The network itself: packets from elsewhere are not heard.</summary>
    public IPNetwork Network { get; }

    /// <summary>Opens one for each network that this computer is on; those that do not take it are left out.</summary>
    public static IReadOnlyList<LanSocket> OpenAll()
    {
        var opened = new List<LanSocket>();
        foreach (var adapter in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (!IsUp(adapter))
                continue;
            var properties = adapter.GetIPProperties();
            var local = properties.UnicastAddresses.FirstOrDefault(
                address => address.Address.AddressFamily == AddressFamily.InterNetwork);
            if (local is not null && TryOpen(local, properties.GetIPv4Properties().Index) is { } lan)
                opened.Add(lan);
        }
        return opened;
    }

    /// <summary>Says something to everybody on the network; what the network does not take is lost.</summary>
    public async Task SendAsync(DnsPacket packet)
    {
        try
        {
            await socket.SendToAsync(DnsCodec.Write(packet), SocketFlags.None, Everybody);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The network is gone or full; whoever wants to know asks again.
        }
    }

    /// <summary>The next packet from this network that can be read, and from where.</summary>
    /// <exception cref="SocketException">The network is gone.</exception>
    public async Task<(DnsPacket Packet, IPAddress From)> ReceiveAsync(
        Func<bool> mayWork, CancellationToken cancellation)
    {
        while (true)
        {
            var received = await socket.ReceiveMessageFromAsync(
                buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), cancellation);
            var from = (IPEndPoint)received.RemoteEndPoint;
            var isHere = received.PacketInformation.Interface == number && from.Port == Port
                && Network.Contains(from.Address);
            if (isHere && mayWork() && DnsCodec.TryRead(buffer.AsSpan(0, received.ReceivedBytes), out var packet))
                return (packet, from.Address);
        }
    }

    public void Dispose() => socket.Dispose();

    private static LanSocket? TryOpen(UnicastIPAddressInformation local, int number)
    {
        var opening = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            opening.ExclusiveAddressUse = false;
            opening.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            opening.Bind(new IPEndPoint(IPAddress.Any, Port));
            opening.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, optionValue: true);
            opening.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.AddMembership,
                new MulticastOption(Everybody.Address, local.Address));
            opening.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.MulticastInterface, local.Address.GetAddressBytes());
            opening.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, HopsOfTheLocalNetwork);
            // Other nodes on this computer are nearby, too.
            opening.MulticastLoopback = true;
            return new LanSocket(opening, local, number);
        }
        catch (SocketException)
        {
            opening.Dispose();
            return null;
        }
    }

    private static bool IsUp(NetworkInterface adapter) =>
        adapter.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        && adapter.SupportsMulticast && adapter.NetworkInterfaceType != NetworkInterfaceType.Loopback;

    private static IPAddress Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> bit % 8);
        return new IPAddress(bytes);
    }
}
