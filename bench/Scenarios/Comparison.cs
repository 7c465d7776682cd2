using Tallystick.Bench.Http;
using Tallystick.Bench.Limit;
using Tallystick.Bench.Others;
using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>
/// A node beside what the machine can do at the most, and beside others, in one go: only figures of one run on one
/// machine compare.
/// </summary>
internal static class Comparison
{
    // Requests in flight at our node, and what the limit does with as many: payments on a page, pages in flight.
    private static readonly (int InFlight, int Payments, int Window)[] Loads =
        [(1, 1, 1), (64, 1, 64), (1_000, 10, 64), (10_000, 100, 64)];

    /// <summary>Compares.</summary>
    /// <param name="rounds">How often each row is measured, alternating with its limit.</param>
    /// <param name="seconds">How long each time.</param>
    public static async Task<Section> RunAsync(int rounds, double seconds)
    {
        var report = new Report("compare", $"Median of {rounds} round(s) of {seconds} s.");
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
        try
        {
            await using (var pair = await Pair.StartAsync(folder))
                await CompareAsync(report, pair, rounds, seconds);
            await OthersAsync(report, rounds * seconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return report.Section;
    }

    private static async Task CompareAsync(Report report, Pair pair, int rounds, double seconds)
    {
        var load = pair.Load;
        await load.RunAsync("warm-up", 64, Math.Min(2, seconds));
        foreach (var (inFlight, payments, window) in Loads)
        {
            var (ours, limit) = (new List<Figures>(), new List<Figures>());
            for (var round = 0; round < rounds; round++)
            {
                limit.Add(await LimitRun.RunAsync(payments, window, seconds));
                ours.Add(await load.RunAsync($"Tallystick, {inFlight:N0} in flight", inFlight, seconds));
            }
            report.Add(Row.Of(limit));
            report.Add(Row.Of(ours, limit));
        }
        await CompareCallsAsync(report, pair, rounds, seconds);
        report.Add("memory of the nodes after that", $"payer {Memory.OwnMiB:0} MiB, paid {pair.Peer.MemoryMiB:0} MiB");
    }

    // Single calls beside pages of one payment, 64 of them under way: whoever did not let payments share a page could
    // give calls no more than those.
    private static async Task CompareCallsAsync(Report report, Pair pair, int rounds, double seconds)
    {
        await Calls.WarmUpAsync(pair, rounds * seconds);
        List<HttpFigures> singles = [], byHttp2 = [], batches = [];
        var limit = new List<Figures>();
        for (var round = 0; round < rounds; round++)
        {
            limit.Add(await LimitRun.RunAsync(1, 64, seconds));
            singles.Add(await OverHttp.RunAsync(pair, Calls.Singles, seconds));
            byHttp2.Add(await OverHttp.RunAsync(pair, Calls.SinglesByHttp2, seconds));
            batches.Add(await OverHttp.RunAsync(pair, Calls.Batches, seconds));
        }
        Calls.Tell(report, singles, limit);
        Calls.Tell(report, byHttp2, limit);
        Calls.Tell(report, batches);
    }

    private static async Task OthersAsync(Report report, double seconds)
    {
        foreach (var inFlight in (ReadOnlySpan<int>)[1, 64])
            report.Add(Row.Of([PlainCounter.Run(inFlight, seconds)]));
        if (await PostgresTransfer.RunAsync((int)Math.Ceiling(seconds)) is { } postgres)
            report.Add(Row.Of([postgres]));
        else
            report.Add("PostgreSQL", "its server is not installed here");
    }
}
