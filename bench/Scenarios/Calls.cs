using Tallystick.Bench.Http;
using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>Single payments and batches through the public API, beside payments asked for in the process.</summary>
internal static class Calls
{
    private const int Connections = 32;
    private const double WarmUpSeconds = 10;

    /// <summary>A call on each connection.</summary>
    public static CallWay Singles => new(Connections);

    /// <summary>Several calls on each connection, as many as programs have open that share one.</summary>
    public static CallWay SinglesByHttp2 => new(Connections, CallsOnEach: 10);

    /// <summary>As many payments in a call as it takes.</summary>
    public static CallWay Batches => new(Connections: 4, Batch: 1_000);

    /// <summary>Pays in each way in turn.</summary>
    /// <param name="rounds">How often each row is measured.</param>
    /// <param name="seconds">How long each time.</param>
    public static async Task<Section> RunAsync(int rounds, double seconds)
    {
        var report = new Report("calls", $"Each row in turn; median of {rounds} round(s) of {seconds} s.");
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
        try
        {
            await using var pair = await Pair.StartAsync(folder);
            await pair.Load.RunAsync("warm-up", 64, 1);
            await WarmUpAsync(pair, rounds * seconds);
            var inProcess = new List<Figures>();
            List<HttpFigures>[] http = [[], [], [], [], []];
            for (var round = 0; round < rounds; round++)
            {
                inProcess.Add(await pair.Load.RunAsync("Tallystick, 64 in flight", 64, seconds));
                http[0].Add(await OverHttp.RunAsync(pair, Singles, seconds));
                http[1].Add(await OverHttp.RunAsync(pair, Singles, seconds, overTcp: true));
                http[2].Add(await OverHttp.RunAsync(pair, SinglesByHttp2, seconds));
                http[3].Add(await OverHttp.RunAsync(pair, SinglesByHttp2, seconds, overTcp: true));
                http[4].Add(await OverHttp.RunAsync(pair, Batches, seconds));
            }
            report.Add(Row.Of(inProcess));
            foreach (var way in http)
                Tell(report, way);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return report.Section;
    }

    /// <summary>Pays by single calls alone, over the Unix socket.</summary>
    /// <param name="way">How they ask.</param>
    /// <param name="seconds">How long.</param>
    public static async Task<Section> RunSinglesAsync(CallWay way, double seconds)
    {
        var report = new Report("calls", $"One round of {seconds} s.");
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
        try
        {
            await using var pair = await Pair.StartAsync(folder);
            await OverHttp.RunAsync(pair, way, WarmUpSeconds);
            Tell(report, [await OverHttp.RunAsync(pair, way, seconds)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return report.Section;
    }

    /// <summary>Calls until the code that answers is compiled well.</summary>
    /// <param name="pair">Who pays whom.</param>
    /// <param name="most">No longer than so many seconds, even if that is too short.</param>
    public static async Task WarmUpAsync(Pair pair, double most)
    {
        foreach (var way in (CallWay[])[Singles, SinglesByHttp2])
            await OverHttp.RunAsync(pair, way, Math.Min(WarmUpSeconds, most));
    }

    /// <summary>Adds a row, and what stands in no column.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="rounds">The row's figures.</param>
    /// <param name="limit">What the machine could do in the same rounds, or null.</param>
    public static void Tell(
        Report report, IReadOnlyList<HttpFigures> rounds, IReadOnlyList<Figures>? limit = null)
    {
        var row = Row.Of([.. rounds.Select(round => round.Payments)], limit);
        report.Add(row);
        report.Add(
            row.Name,
            $"{Row.Median(rounds.Select(round => round.PaymentsOnPage)):0.0} payments on a page, "
                + $"callers {Row.Median(rounds.Select(round => round.CallersMicroseconds)):0.0} us");
    }
}
