using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>As many payments as one tab takes for a minute while nearly none of them waits longer than 50 ms.</summary>
internal static class Sustained
{
    private const double MostMs = 50;

    // What is tried for a moment must leave room, because a minute has bad moments.
    private const double TriedMs = 0.7 * MostMs;

    private const int Looks = 6;

    /// <summary>Finds how many requests may be in flight, then keeps so many there.</summary>
    public static async Task<Section> RunAsync(double seconds)
    {
        var report = new Report(
            "sustained", $"One tab for {seconds} s with the most requests in flight that keep p99 below {MostMs} ms.");
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
        try
        {
            await using var pair = await Pair.StartAsync(folder);
            var load = pair.Load;
            await load.RunAsync("warm-up", 1_000, Math.Min(3, seconds));
            var inFlight = await FindAsync(load, Math.Min(3, seconds));
            var memory = WatchAsync(pair.Peer, seconds);
            report.Add(Row.Of([await load.RunAsync($"Tallystick, {inFlight:N0} in flight", inFlight, seconds)]));
            var seen = await memory;
            report.Add("memory of the payer, load included, MiB, from begin to end", Said(seen, each => each.Payer));
            report.Add("memory of the paid node, MiB, from begin to end", Said(seen, each => each.Paid));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return report.Section;
    }

    // By Little's law the rate is what is in flight over how long each takes: up to the machine's rate both grow, and
    // beyond it only the time does.
    private static async Task<int> FindAsync(Load load, double seconds)
    {
        var (best, inFlight) = (250, 500);
        for (; inFlight <= 64_000; inFlight = inFlight * 7 / 5)
        {
            var figures = await load.RunAsync("try", inFlight, seconds);
            Console.WriteLine($"{inFlight,8:N0} in flight: {figures.PerSecond,9:N0}/s, p99 {figures.P99Ms:0.0} ms");
            if (figures.P99Ms > TriedMs)
                break;
            best = inFlight;
        }
        return best;
    }

    private static async Task<List<(double Payer, double Paid)>> WatchAsync(PaidPeer peer, double seconds)
    {
        var seen = new List<(double, double)>();
        for (var look = 0; look <= Looks; look++)
        {
            seen.Add((Memory.OwnMiB, peer.MemoryMiB));
            if (look < Looks)
                await Task.Delay(TimeSpan.FromSeconds(seconds / Looks));
        }
        return seen;
    }

    private static string Said(List<(double Payer, double Paid)> seen, Func<(double Payer, double Paid), double> of) =>
        string.Join(", ", seen.Select(each => $"{of(each):0}"));
}
