using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tallystick.Bench.Others;

/// <summary>
/// Two counters and a TCP connection: a request adds one to the counter of the process that receives it, and the answer
/// says how much that is. Nothing is signed, encrypted, checked or kept.
/// </summary>
internal static class PlainCounter
{
    private const int Size = sizeof(long);

    /// <summary>Counts for a time with so many requests on their way.</summary>
    public static Figures Run(int inFlight, double seconds)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["counter-peer"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var port = int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        var latencies = new List<double>();
        var clock = Stopwatch.StartNew();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            socket.Connect(IPAddress.Loopback, port);
            var (buffer, unread, sent) = (new byte[inFlight * Size], 0, new Queue<long>());
            while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
            {
                var room = inFlight - sent.Count;
                for (var i = 0; i < room; i++)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(i * Size), 1);
                    sent.Enqueue(Stopwatch.GetTimestamp());
                }
                if (room > 0)
                    socket.Send(buffer.AsSpan(..(room * Size)));
                unread += socket.Receive(buffer);
                for (; unread >= Size; unread -= Size)
                    latencies.Add(Stopwatch.GetElapsedTime(sent.Dequeue()).TotalMilliseconds);
            }
        }
        var elapsed = clock.Elapsed.TotalSeconds;
        process.WaitForExit();
        latencies.Sort();
        return new Figures(
            $"plain TCP counter, {inFlight}",
            latencies.Count,
            latencies.Count / elapsed,
            latencies[latencies.Count / 2],
            latencies[(int)(latencies.Count * 0.99)]);
    }

    /// <summary>The code of the other process.</summary>
    public static async Task<int> CountAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        using var socket = await listener.AcceptAsync();
        socket.NoDelay = true;
        var (buffer, filled, total) = (new byte[64 * 1024], 0, 0L);
        while (true)
        {
            var read = socket.Receive(buffer.AsSpan(filled));
            if (read == 0)
                return 0;
            filled += read;
            var whole = filled / Size * Size;
            for (var at = 0; at < whole; at += Size)
            {
                total += BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at));
                BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(at), total);
            }
            socket.Send(buffer.AsSpan(..whole));
            buffer.AsSpan(whole..filled).CopyTo(buffer);
            filled -= whole;
        }
    }
}
