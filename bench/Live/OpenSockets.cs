using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace Tallystick.Bench.Live;

/// <summary>Open WebSockets to one node, each of which hears of every change.</summary>
internal sealed class OpenSockets : IDisposable
{
    private readonly List<ClientWebSocket> sockets = [];

    /// <summary>How long opening one after another took for each.</summary>
    public TimeSpan OpenedIn { get; private set; }

    /// <summary>Opens them.</summary>
    /// <param name="address">The socket's address.</param>
    /// <param name="count">How many.</param>
    /// <param name="prepare">Shows who asks.</param>
    public static async Task<OpenSockets> OpenAsync(Uri address, int count, Action<ClientWebSocketOptions> prepare)
    {
        var (opened, clock) = (new OpenSockets(), Stopwatch.StartNew());
        for (var i = 0; i < count; i++)
        {
            var socket = new ClientWebSocket();
            prepare(socket.Options);
            await socket.ConnectAsync(address, CancellationToken.None);
            opened.sockets.Add(socket);
        }
        opened.OpenedIn = clock.Elapsed / count;
        return opened;
    }

    /// <summary>Waits until each has heard a message with these words; what is said besides is passed over.</summary>
    /// <param name="words">What the message has in it.</param>
    /// <param name="begin">Causes the change once all listen.</param>
    /// <returns>Milliseconds from the change until the first, the middle and the last had it.</returns>
    public async Task<(double First, double Middle, double Last)> HearAsync(string words, Func<Task> begin)
    {
        var pattern = Encoding.UTF8.GetBytes(words);
        var heard = sockets.Select(socket => Task.Run(() => HearAsync(socket, pattern))).ToArray();
        var asked = Stopwatch.GetTimestamp();
        await begin();
        var times = (await Task.WhenAll(heard)).Order().ToArray();
        return (Ms(times[0]), Ms(times[times.Length / 2]), Ms(times[^1]));

        double Ms(long at) => Stopwatch.GetElapsedTime(asked, at).TotalMilliseconds;
    }

    public void Dispose() => sockets.ForEach(socket => socket.Dispose());

    private static async Task<long> HearAsync(ClientWebSocket socket, byte[] pattern)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var filled = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None);
                filled += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new IOException($"The node closed a socket: {socket.CloseStatusDescription}");
            if (buffer.AsSpan(0, filled).IndexOf(pattern) >= 0)
                return Stopwatch.GetTimestamp();
        }
    }
}
