using System.Net;
using System.Net.Sockets;

namespace Tallystick.Node.Links;

/// <summary>
/// Where everybody is received who connects to the port, until the proof. What strangers can make this node do is
/// bounded here; who calls from where a peer was met has bounds of his own, so that strangers cannot use them up.
/// </summary>
internal sealed class Reception : IDisposable
{
    private readonly KnownAddresses known = new();
    private readonly Arrivals arrivals;
    private readonly Room strangers;
    private readonly Room acquaintances;
    private readonly Room relayed;
    private readonly HandshakeThread thread = new();

    public Reception(LinkLimits limits, TimeProvider time)
    {
        arrivals = new Arrivals(limits, time);
        (strangers, acquaintances, relayed) =
            (new Room(limits, time), new Room(limits, time), new Room(limits, time));
    }

    /// <summary>How many connections have proven nothing yet.</summary>
    public int UnprovenCount =>
        strangers.Unproven.Count + acquaintances.Unproven.Count + relayed.Unproven.Count;

    /// <summary>Says where peers are dialled.</summary>
    public void SetDialled(IEnumerable<DialTarget> targets) => known.SetDialled(targets);

    /// <summary>A peer has proven itself at this address.</summary>
    public void Met(IPAddress address) => known.Met(address);

    /// <summary>Lets a connection in, or closes it and returns null. Called by one at a time.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="isRelayed">
    /// Whether it came through a relay, whose address says nothing of the caller. How often those come is bounded where
    /// they are announced; the rest of their bounds is their own.
    /// </param>
    /// <param name="stop">Cancelled when the connection must make room for another.</param>
    public Caller? Admit(Socket socket, bool isRelayed, CancellationTokenSource stop)
    {
        try
        {
            var address = CallerAddress.Of(((IPEndPoint)socket.RemoteEndPoint!).Address);
            var isKnown = !isRelayed && known.Contains(address);
            if (isRelayed || arrivals.LetsIn(address, isKnown))
            {
                socket.NoDelay = true;
                var room = isRelayed ? relayed : isKnown ? acquaintances : strangers;
                return new Caller(socket, room.Unproven.Enter(address, stop), room.Turns, thread);
            }
            // A reset leaves nothing behind, not even in the system's tables.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (SocketException)
        {
            // The caller was gone before it was looked at.
        }
        socket.Dispose();
        return null;
    }

    public void Dispose()
    {
        strangers.Turns.Dispose();
        acquaintances.Turns.Dispose();
        relayed.Turns.Dispose();
        thread.Dispose();
    }

    private sealed class Room(LinkLimits limits, TimeProvider time)
    {
        public UnprovenConnections Unproven { get; } = new(
            limits.UnprovenConnections, limits.UnprovenConnectionsPerAddress);

        public HandshakeTurns Turns { get; } = new(limits, time);
    }
}
