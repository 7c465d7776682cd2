using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tallystick.Node.Tests.Links;

/// <summary>A line between two nodes that can be cut, or that can swallow everything without a word.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> sockets = [];
    private readonly int targetPort;
    private readonly Task accepting;
    private volatile bool swallows;
    private volatile bool corrupts;

    public TcpProxy(LinkedNode target)
        : this(target.Hub.ListenEndPoint!.Port)
    {
    }

    public TcpProxy(int targetPort)
    {
        this.targetPort = targetPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>From now on bytes vanish, on every connection.</summary>
    public void Swallow() => swallows = true;

    /// <summary>From now on a bit of everything is turned, on every connection.</summary>
    public void Corrupt() => corrupts = true;

    /// <summary>New connections work again; those before stay dead.</summary>
    public void Heal()
    {
        Cut();
        swallows = false;
        corrupts = false;
    }

    /// <summary>Resets every connection.</summary>
    public void Cut()
    {
        while (sockets.TryTake(out var socket))
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
        Cut();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(near);
                sockets.Add(far);
                if (!await TryConnectAsync(far))
                {
                    near.Dispose();
                    continue;
                }
                _ = CopyAsync(near, far);
                _ = CopyAsync(far, near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The proxy was stopped.
        }
    }

    // A cut may come while it connects; the next connection is taken all the same.
    private async Task<bool> TryConnectAsync(Socket far)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, targetPort);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count && count > 0)
            {
                if (corrupts)
                    buffer[count - 1] ^= 1;
                if (!swallows)
                    await to.SendAsync(buffer.AsMemory(0, count));
            }
            if (!swallows)
                to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The line was cut.
        }
    }
}
