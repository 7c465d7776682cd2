using System.Diagnostics;
using System.Globalization;
using Tallystick.Bench.Limit;
using Tallystick.Bench.Others;
using Tallystick.Client;
using Tallystick.Core.Tabs;
using Tallystick.Node.Hosting;

namespace Tallystick.Bench;

/// <summary>Runs every measurement in one go, since only figures of one run on one machine compare.</summary>
internal static class Comparison
{
    private const int Rounds = 3;
    private const int BatchSize = 1_000;

    // Requests in flight at our node, and what the limit does with as many: payments on a page, pages in flight.
    private static readonly (int InFlight, int Payments, int Window)[] Loads =
        [(1, 1, 1), (64, 1, 64), (1_000, 10, 64), (10_000, 100, 64)];

    public static async Task<int> RunAsync(double seconds, int bookSize)
    {
        Console.WriteLine(
            $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; "
            + $"flush of 200 bytes to this disk: {Flush.MedianMicroseconds():0} us (median)");
        Console.WriteLine();
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
        try
        {
            await PayAsync(folder, seconds, bookSize);
            await OpenAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static async Task PayAsync(string folder, double seconds, int bookSize)
    {
        await using var node = await NodeHost.StartAsync(
            new NodeOptions
            {
                Name = "payer",
                DataFolder = folder,
                ListenAddress = "127.0.0.1",
                ListenPort = 0,
                WebPort = 0,
            },
            CancellationToken.None);
        await using var peer = await PaidPeer.StartAsync($"127.0.0.1:{node.ListenEndPoint!.Port}");
        using var client = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
        await client.AddPeerAsync(new AddPeerRequest("paid", peer.Address));
        while (node.Ledger.Tabs.All(tab => !tab.Ready || !tab.Snapshot.Mine.Of(tab.Me.Other()).HasLimit))
            await Task.Delay(20);

        var load = new Load(node.Ledger, node.Ledger.Tabs.Single());
        await load.RunAsync("warm-up", 64, 2);
        Console.WriteLine(
            $"{"median of " + Rounds,-30}{"payments/s",12}{"lowest",10}{"highest",10}"
            + $"{"p50 ms",9}{"p99 ms",9}{"of limit",10}");
        foreach (var (inFlight, payments, window) in Loads)
        {
            var (ours, limit) = (new List<Figures>(), new List<Figures>());
            for (var round = 0; round < Rounds; round++)
            {
                limit.Add(await LimitRun.RunAsync(payments, window, seconds));
                ours.Add(await load.RunAsync($"Tallystick, {inFlight:N0} in flight", inFlight, seconds));
            }
            Print(limit, null);
            Print(ours, limit);
        }
        Print([await OverHttpAsync(node, connections: 32, seconds * Rounds)], null);
        foreach (var inFlight in (ReadOnlySpan<int>)[1, 64])
            Print([PlainCounter.Run(inFlight, seconds)], null);
        Print([await BatchesOverHttpAsync(node, connections: 4, seconds * Rounds)], null);
        if (await PostgresTransfer.RunAsync((int)Math.Ceiling(seconds * Rounds)) is { } postgres)
            Print([postgres], null);
        else
            Console.WriteLine("PostgreSQL: its server is not installed here.");

        await FillAsync(load, node, bookSize);
        var book = new FileInfo(Path.Combine(folder, "book.db")).Length;
        var stored = -node.Ledger.Tabs.Single().Balance;
        Console.WriteLine();
        Console.WriteLine($"book: {stored:N0} payments, {(double)book / stored:0} bytes each on the payer's disk");
        Console.WriteLine($"memory: payer {Environment.WorkingSet / 1048576.0:0} MiB, paid {peer.MemoryMiB:0} MiB");
    }

    private static async Task<Figures> OverHttpAsync(NodeHost node, int connections, double seconds)
    {
        var clock = Stopwatch.StartNew();
        var latencies = new List<double>[connections];
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async i =>
        {
            latencies[i] = [];
            using var client = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
            while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
            {
                var asked = Stopwatch.GetTimestamp();
                await client.PayAsync(new PayRequest("0.01", "paid"));
                latencies[i].Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }));
        var all = latencies.SelectMany(list => list).Order().ToArray();
        return new Figures(
            $"HTTP, {connections} connections*",
            all.Length,
            all.Length / clock.Elapsed.TotalSeconds,
            all[all.Length / 2],
            all[(int)(all.Length * 0.99)]);
    }

    private static async Task<Figures> BatchesOverHttpAsync(NodeHost node, int connections, double seconds)
    {
        var clock = Stopwatch.StartNew();
        var latencies = new List<double>[connections];
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async i =>
        {
            latencies[i] = [];
            using var client = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
            while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
            {
                PayRequest[] batch = [.. Enumerable.Range(0, BatchSize).Select(
                    _ => new PayRequest("0.01", "paid", RequestId: client.NewRequestId()))];
                var asked = Stopwatch.GetTimestamp();
                await client.PayManyAsync(batch);
                latencies[i].Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }));
        var all = latencies.SelectMany(list => list).Order().ToArray();
        return new Figures(
            $"HTTP, {connections} x {BatchSize:N0} in a call*",
            (long)all.Length * BatchSize,
            all.Length * BatchSize / clock.Elapsed.TotalSeconds,
            all[all.Length / 2],
            all[(int)(all.Length * 0.99)]);
    }

    private static async Task FillAsync(Load load, NodeHost node, int bookSize)
    {
        while (-node.Ledger.Tabs.Single().Balance < bookSize)
            await load.RunAsync("fill", 10_000, 2);
    }

    private static async Task OpenAsync(string folder)
    {
        var times = new List<(double ReadyMs, double MemoryMiB)>();
        for (var run = 0; run < 5; run++)
        {
            using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["open", folder])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;
            var parts = (await process.StandardOutput.ReadToEndAsync()).Split(' ');
            await process.WaitForExitAsync();
            times.Add((
                double.Parse(parts[0], CultureInfo.InvariantCulture),
                double.Parse(parts[1], CultureInfo.InvariantCulture)));
        }
        var ready = times.Select(time => time.ReadyMs).Order().ElementAt(2);
        var memory = times.Select(time => time.MemoryMiB).Order().ElementAt(2);
        Console.WriteLine(
            $"start with that book: {ready:0} ms from process start to ready, {memory:0} MiB idle (median of 5)");
        Console.WriteLine();
        Console.WriteLine(
            "* answered when durable at the payer; all others when the peer's durable receipt is durable too.");
    }

    private static void Print(List<Figures> rounds, List<Figures>? limit)
    {
        var (rate, p50, p99) = Medians(rounds);
        var ofLimit = limit is null ? string.Empty : $"{rate / Medians(limit).Rate:P0}";
        Console.WriteLine(
            $"{rounds[0].Name,-30}{rate,12:N0}{rounds.Min(f => f.PerSecond),10:N0}{rounds.Max(f => f.PerSecond),10:N0}"
            + $"{Ms(p50),9}{Ms(p99),9}{ofLimit,10}");
    }

    private static (double Rate, double P50, double P99) Medians(List<Figures> rounds) => (
        Median(rounds.Select(f => f.PerSecond)),
        Median(rounds.Select(f => f.P50Ms)),
        Median(rounds.Select(f => f.P99Ms)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static string Ms(double ms) => double.IsNaN(ms) ? string.Empty : $"{ms:0.00}";
}
