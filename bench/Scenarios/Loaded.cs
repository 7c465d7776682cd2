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
            report.Add(Row.Of([await load.RunAsync($"{tabs:N0} tab(s), {inFlight:N0} in flight", inFlight, seconds)]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return report.Section;
    }
}
