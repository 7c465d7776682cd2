using System.Net;
using System.Net.Sockets;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Links;

/// <summary>The TCP port on which peers, and anybody else, are heard.</summary>
internal sealed class PeerPort : IDisposable
{
    private readonly Socket socket;

    private PeerPort(Socket listening) => socket = listening;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)socket.LocalEndPoint!;

    /// <exception cref="CannotStartException">It is taken, forbidden, or the address is not this machine's.</exception>
    public static PeerPort Open(IPEndPoint where, LinkLimits limits)
    {
        var listening = new Socket(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (where.Address.Equals(IPAddress.IPv6Any))
                listening.DualMode = true;
            listening.Bind(where);
            listening.Listen(limits.AcceptBacklog);
            return new PeerPort(listening);
        }
        catch (SocketException e)
        {
            listening.Dispose();
            throw new CannotStartException(Explain(where, e.SocketErrorCode), e);
        }
    }

    /// <summary>The next connection, or null when the port is closed.</summary>
    public async ValueTask<Socket?> AcceptAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await socket.AcceptAsync(cancellation);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException)
            {
                if (cancellation.IsCancellationRequested)
                    return null;
                // A caller that is gone again, or no file descriptor left for now: neither may end the port or spin.
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private static string Explain(IPEndPoint where, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Port {where.Port} is in use by another program; stop it, or choose another port with --listen.",
        SocketError.AccessDenied =>
            $"Port {where.Port} may not be opened by this user; choose one above 1023 with --listen.",
        SocketError.AddressNotAvailable =>
            $"{where.Address} is not an address of this machine; choose another with --listen.",
        _ => $"Port {where.Port} cannot be opened ({error}); choose another with --listen.",
    };
}
