using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>As many payments as one tab takes for a minute while nearly none of them waits longer than 50 ms.</summary>
internal static class Sustained
{
    private const double MostMs = 50;

    // What is tried for a moment must leave room, because a minute has bad moments.
    private const double TriedMs = 0.7 * MostMs;

    private const int Looks = 6;
    private static readonly int[] Tried = [500, 1_000, 1_500, 2_000, 3_000, 4_000];

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
            await load.RunAsync("warm-up", 1_000, Math.Min(5, seconds));
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
        var tries = new List<(int InFlight, Figures Figures)>();
        foreach (var inFlight in Tried)
        {
            var figures = await load.RunAsync("try", inFlight, seconds);
            Console.WriteLine($"{inFlight,8:N0} in flight: {figures.PerSecond,9:N0}/s, p99 {figures.P99Ms:0.0} ms");
            tries.Add((inFlight, figures));
        }
        return tries.Where(one => one.Figures.P99Ms <= TriedMs).Select(one => one.InFlight).Append(Tried[0]).Max();
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
