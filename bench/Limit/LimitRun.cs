using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tallystick.Node.Identity;

namespace Tallystick.Bench.Limit;

/// <summary>
/// The most that this machine can give: two processes that sign, commit, send over TLS and verify pages and receipts of
/// the real size, and nothing else. No rules, no lines, no history, no answer to anybody.
/// </summary>
internal static class LimitRun
{
    private static readonly int ReceiptSize = LimitFrame.SizeFor(0);

    /// <summary>Pays for a time; a payment ends when its page's receipt is durable at the payer.</summary>
    /// <param name="payments">Payments on one page.</param>
    /// <param name="window">Pages in flight.</param>
    /// <param name="seconds">How long.</param>
    public static async Task<Figures> RunAsync(int payments, int window, double seconds)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["limit-peer"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var port = int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        using var identity = NodeIdentity.CreateFresh();
        using var book = new LimitBook();
        var pageSize = LimitFrame.SizeFor(payments);
        Figures figures;
        using (var link = (await LimitLink.OpenAsync(socket, isPayer: true, identity, pageSize, window)).Link)
        {
            if (window > 1)
                link.Listen(ReceiptSize);
            Pay(link, book, identity, pageSize, window, TimeSpan.FromSeconds(Math.Min(1, seconds)));
            var processors = new ProcessorClock(() => ProcessorClock.UsedBy(process));
            var clock = Stopwatch.StartNew();
            var latencies = Pay(link, book, identity, pageSize, window, TimeSpan.FromSeconds(seconds));
            var (paid, elapsed) = ((long)latencies.Count * payments, clock.Elapsed.TotalSeconds);
            latencies.Sort();
            figures = processors.Stop(new Figures(
                $"limit, K={payments} W={window}",
                paid,
                paid / elapsed,
                latencies[latencies.Count / 2],
                latencies[(int)(latencies.Count * 0.99)]));
        }
        await process.WaitForExitAsync();
        return figures;
    }

    /// <summary>The code of the other process.</summary>
    public static async Task<int> BePaidAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        using var identity = NodeIdentity.CreateFresh();
        using var book = new LimitBook();
        var (link, pageSize, window) = await LimitLink.OpenAsync(
            await listener.AcceptAsync(), isPayer: false, identity, ReceiptSize, window: 0);
        using var _ = link;
        if (window == 1)
        {
            while (link.Receive(pageSize) is { } page)
            {
                var receipt = LimitFrame.Sign(identity, ReceiptSize);
                book.Commit([page, receipt]);
                link.Send([receipt]);
            }
            return 0;
        }
        link.Listen(pageSize);
        while (link.Take() is { } taken)
        {
            if (taken.Came.Count == 0)
                continue;
            byte[][] receipts = [.. taken.Came.Select(_ => LimitFrame.Sign(identity, ReceiptSize))];
            book.Commit([.. taken.Came, .. receipts]);
            link.Send(receipts);
        }
        return 0;
    }

    private static List<double> Pay(
        LimitLink link, LimitBook book, NodeIdentity identity, int pageSize, int window, TimeSpan time) =>
        window == 1
            ? PayOneByOne(link, book, identity, pageSize, time)
            : PayAtOnce(link, book, identity, pageSize, window, time);

    // On one thread, so that no other must wake up.
    private static List<double> PayOneByOne(
        LimitLink link, LimitBook book, NodeIdentity identity, int pageSize, TimeSpan time)
    {
        var (clock, latencies) = (Stopwatch.StartNew(), new List<double>());
        while (clock.Elapsed < time)
        {
            var asked = Stopwatch.GetTimestamp();
            var page = LimitFrame.Sign(identity, pageSize);
            book.Commit([page]);
            link.Send([page]);
            book.Commit([link.Receive(ReceiptSize) ?? throw new InvalidOperationException("The other has gone.")]);
            latencies.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        return latencies;
    }

    // One thread signs, one commits and sends, one receives and verifies. Room that a receipt makes is used once that
    // receipt is durable, as by a caller who waits for it.
    private static List<double> PayAtOnce(
        LimitLink link, LimitBook book, NodeIdentity identity, int pageSize, int window, TimeSpan time)
    {
        var (asked, latencies) = (new ConcurrentQueue<long>(), new List<double>());
        using var room = new SemaphoreSlim(window);
        var (clock, made, ended) = (Stopwatch.StartNew(), 0L, 0L);
        var signer = new Thread(() =>
        {
            while (true)
            {
                room.Wait();
                if (clock.Elapsed >= time)
                    break;
                asked.Enqueue(Stopwatch.GetTimestamp());
                made++;
                link.Add(LimitFrame.Sign(identity, pageSize));
            }
        });
        signer.Start();
        while (signer.IsAlive || ended < made)
        {
            var (receipts, pages) = link.Take() ?? throw new InvalidOperationException("The other process has gone.");
            if (receipts.Count + pages.Count == 0)
                continue;
            book.Commit([.. receipts, .. pages]);
            if (pages.Count > 0)
                link.Send(pages);
            foreach (var _ in receipts)
            {
                asked.TryDequeue(out var since);
                latencies.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                ended++;
            }
            if (receipts.Count > 0)
                room.Release(receipts.Count);
        }
        return latencies;
    }
}
