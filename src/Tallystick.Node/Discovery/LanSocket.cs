using System.Net;
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
    private readonly IPNetwork here;
    private readonly byte[] buffer = new byte[DnsCodec.MaxPacketBytes + 1];

    private LanSocket(Socket socket, LanNetwork network)
    {
        (this.socket, Network) = (socket, network);
        // Packets from elsewhere are not heard.
        here = new IPNetwork(Masked(network.Address, network.PrefixLength), network.PrefixLength);
    }

    /// <summary>The network.</summary>
    public LanNetwork Network { get; }

    /// <summary>Opens one for each of the networks; those that do not take it are left out.</summary>
    public static IReadOnlyList<LanSocket> OpenAll(IReadOnlyList<LanNetwork> networks) =>
        [.. networks.Select(TryOpen).OfType<LanSocket>()];

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
            var isHere = received.PacketInformation.Interface == Network.Number && from.Port == Port
                && here.Contains(from.Address);
            if (isHere && mayWork() && DnsCodec.TryRead(buffer.AsSpan(0, received.ReceivedBytes), out var packet))
                return (packet, from.Address);
        }
    }

    public void Dispose() => socket.Dispose();

    private static LanSocket? TryOpen(LanNetwork network)
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
                new MulticastOption(Everybody.Address, network.Address));
            opening.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.MulticastInterface, network.Address.GetAddressBytes());
            opening.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, HopsOfTheLocalNetwork);
            // Other nodes on this computer are nearby, too.
            opening.MulticastLoopback = true;
            return new LanSocket(opening, network);
        }
        catch (SocketException)
        {
            opening.Dispose();
            return null;
        }
    }

    private static IPAddress Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> bit % 8);
        return new IPAddress(bytes);
    }
}
