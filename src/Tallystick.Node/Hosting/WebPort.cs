using System.Net;
using System.Net.Sockets;

namespace Tallystick.Node.Hosting;

/// <summary>
/// Chooses the TCP port of the API on loopback and holds it, so that nobody takes it before the API listens.
/// </summary>
internal static class WebPort
{
    /// <summary>
    /// The listening socket, or null when the port is off. Without a wish: the remembered port, else a free one
    /// that is remembered from now on.
    /// </summary>
    /// <exception cref="CannotStartException">The wished port cannot be had.</exception>
    public static Socket? Bind(int? wished, DataFolder folder)
    {
        if (wished == 0)
            return null;
        if (wished is { } port)
            return BindWished(port);
        if (folder.RememberedWebPort is { } remembered && TryListen(remembered, out _) is { } again)
            return again;
        var free = TryListen(0, out var failure)
            ?? throw new CannotStartException(
                $"No free port on 127.0.0.1 for the web pages ({failure!.Message}); use --web off.", failure);
        folder.RememberWebPort(((IPEndPoint)free.LocalEndPoint!).Port);
        return free;
    }

    private static Socket BindWished(int port)
    {
        if (port is < 0 or > ushort.MaxValue)
            throw new CannotStartException($"{port} is not a port: choose --web 1 to 65535, or --web off.");
        return TryListen(port, out var failure)
            ?? throw new CannotStartException(
                $"Port {port} on 127.0.0.1 cannot be had ({Reason(failure!)}); choose another with --web.", failure!);
    }

    // Two sockets may be bound to one port until one of them listens, so only listening proves that it is free.
    private static Socket? TryListen(int port, out SocketException? failure)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
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
