using System.ComponentModel;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Tallystick.Node.Links;

/// <summary>How a connection ends.</summary>
internal static class LinkEnds
{
    /// <summary>The reason of a link that ended without a Bye.</summary>
    public const string Lost = "lost";

    /// <summary>
    /// Closes so that what was written last arrives: a socket closed with unread bytes is reset, and a reset may
    /// overtake the Bye. So the sending half is closed first and the rest is read away, for a short time.
    /// </summary>
    public static async Task CloseAsync(SslStream stream, Socket socket, LinkLimits limits, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(limits.FarewellTime, time);
        try
        {
            await stream.ShutdownAsync().WaitAsync(timeout.Token);
            socket.Shutdown(SocketShutdown.Send);
            var rest = new byte[4_096];
            while (await socket.ReceiveAsync(rest, timeout.Token) > 0)
            {
            }
        }
        catch (Exception e) when (IsExpected(e))
        {
            // It is over either way.
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    /// <summary>What a connection may throw because of the other side, the line, or our closing it.</summary>
    public static bool IsExpected(Exception e) =>
        e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or InvalidOperationException or NotSupportedException or AuthenticationException
            or CryptographicException or Win32Exception or LinkRefusedException;
}
