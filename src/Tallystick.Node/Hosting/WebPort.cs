using System.Net;
using System.Net.Sockets;

namespace Tallystick.Node.Hosting;

/// <summary>
/// Chooses the TCP port of pages and API and holds it, so that nobody takes it before they are served.
/// </summary>
internal static class WebPort
{
    /// <summary>
    /// The listening socket, or null when the port is off. Without a wish: the remembered port, else a free one
    /// that is remembered from now on.
    /// </summary>
    /// <param name="wished">The port, 0 for none, or null for no wish.</param>
    /// <param name="folder">Remembers the port.</param>
    /// <param name="address">Where to listen; null for loopback.</param>
    /// <exception cref="CannotStartException">The wished port cannot be had.</exception>
    public static Socket? Bind(int? wished, DataFolder folder, IPAddress? address = null)
    {
        var where = address ?? IPAddress.Loopback;
        if (wished == 0)
            return null;
        if (wished is { } port)
            return BindWished(where, port);
        if (folder.RememberedWebPort is { } remembered && TryListen(where, remembered, out _) is { } again)
            return again;
        var free = TryListen(where, 0, out var failure)
            ?? throw new CannotStartException(
                $"No free port on {where} for the web pages ({failure!.Message}); use --web off.", failure);
        folder.RememberWebPort(((IPEndPoint)free.LocalEndPoint!).Port);
        return free;
    }

    /// <summary>How this machine itself reaches what listens there.</summary>
    public static Uri UrlOf(Socket listening)
    {
        var at = (IPEndPoint)listening.LocalEndPoint!;
        var isEverywhere = at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any);
        return new Uri($"http://{(isEverywhere ? new IPEndPoint(IPAddress.Loopback, at.Port) : at)}");
    }

    private static Socket BindWished(IPAddress where, int port)
    {
        if (port is < 0 or > ushort.MaxValue)
            throw new CannotStartException($"{port} is not a port: choose --web 1 to 65535, or --web off.");
        return TryListen(where, port, out var failure)
            ?? throw new CannotStartException(
                $"Port {port} on {where} cannot be had ({Reason(failure!)}); choose another with --web.", failure!);
    }

    // Two sockets may be bound to one port until one of them listens, so only listening proves that it is free.
    private static Socket? TryListen(IPAddress where, int port, out SocketException? failure)
    {
        var socket = new Socket(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (where.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(where, port));
            socket.Listen();
            failure = null;
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            failure = e;
            return null;
        }
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another program uses it",
        SocketError.AccessDenied => "this user may not use it",
        _ => e.Message,
    };
}
