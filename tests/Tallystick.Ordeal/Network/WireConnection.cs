using System.Net.Sockets;

namespace Tallystick.Ordeal.Network;

/// <summary>One connection through a <see cref="Wire"/>: two directions, each its own loop.</summary>
internal sealed class WireConnection(Wire wire, Socket dialler, Socket dialled)
{
    private const int SmallPiece = 37;
    private static readonly TimeSpan SlowStep = TimeSpan.FromMilliseconds(3);

    /// <summary>How many bytes of a direction still pass before the connection is cut.</summary>
    public int BytesLeft { get; set; } = int.MaxValue;

    public async Task RunAsync()
    {
        await Task.WhenAny(
            CopyAsync(dialler, dialled, WireState.DeafThere), CopyAsync(dialled, dialler, WireState.DeafHere));
        Cut();
    }

    public void Cut()
    {
        Reset(dialler);
        Reset(dialled);
    }

    /// <summary>Closes without a farewell, so that what was on its way is lost.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        socket.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to, WireState deaf)
    {
        var buffer = new byte[16 * 1024];
        var left = int.MaxValue;
        try
        {
            while (true)
            {
                var slow = wire.State == WireState.Slow;
                var count = await from.ReceiveAsync(
                    buffer.AsMemory(0, slow ? SmallPiece : buffer.Length), wire.Ending);
                if (count == 0)
                    return;
                while (wire.State == WireState.Stalled)
                    await wire.Changed.WaitAsync(wire.Ending);
                if (wire.State == deaf)
                    continue;
                if (slow)
                    await Task.Delay(SlowStep, wire.Ending);
                left = Math.Min(left, BytesLeft);
                await SendAllAsync(to, buffer.AsMemory(0, Math.Min(count, left)));
                if (left <= count)
                    return;
                left = left == int.MaxValue ? left : left - count;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is gone; the other learns it when the connection is cut.
        }
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await to.SendAsync(bytes, wire.Ending)..];
    }
}
