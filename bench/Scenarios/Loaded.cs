using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>One load for a time of one's choice: for a profiler, or for two builds in alternation.</summary>
internal static class Loaded
{
    /// <param name="tabs">How many tabs share the load.</param>
    /// <param name="inFlight">Requests that are open at once, on all tabs together.</param>
    /// <param name="seconds">How long.</param>
    public static async Task<Section> RunAsync(int tabs, int inFlight, double seconds)
    {
        var report = new Report("load", $"One load for {seconds} s.");
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-");
        try
        {
            await using var pair = await Pair.StartAsync(folder.FullName, tabs: tabs);
            var load = pair.Load;
            await load.RunAsync("warm-up", inFlight, 2);
            var (pages, bytes, pause) = (Pages(), GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
            var figures = await load.RunAsync($"{tabs:N0} tab(s), {inFlight:N0} in flight", inFlight, seconds);
            report.Add(Row.Of([figures]));
            report.Add("payments on a page", $"{figures.Payments / (double)(Pages() - pages):0.0}");
            bytes = GC.GetTotalAllocatedBytes() - bytes;
            pause = GC.GetTotalPauseDuration() - pause;
            report.Add("allocated for each, by payer and load", $"{bytes / (double)figures.Payments:0} B");
            report.Add("stood still for collections", $"{pause.TotalSeconds / seconds:0.0 %}");

            long Pages() => pair.Node.Ledger.Tabs.Sum(tab => tab.Snapshot.Mine.Of(tab.Me).Head.Number);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return report.Section;
    }
}
