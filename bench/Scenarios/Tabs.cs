using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>The same load on one tab and on a hundred tabs between the same two nodes, in turn.</summary>
internal static class Tabs
{
    private const int Many = 100;
    private static readonly int[] Loads = [64, 1_000, 10_000];

    public static async Task<Section> RunAsync(int rounds, double seconds)
    {
        var report = new Report(
            "tabs",
            $"One tab and {Many} tabs (assets) in turn; median of {rounds} round(s) of {seconds} s.",
            "Of one tab");
        var folders = Directory.CreateTempSubdirectory("tallystick-bench-");
        try
        {
            await using var one = await Pair.StartAsync(folders.CreateSubdirectory("one").FullName);
            await using var many = await Pair.StartAsync(folders.CreateSubdirectory("many").FullName, tabs: Many);
            var (oneLoad, manyLoad) = (one.Load, many.Load);
            await oneLoad.RunAsync("warm-up", 64, Math.Min(2, seconds));
            await manyLoad.RunAsync("warm-up", 64, Math.Min(2, seconds));
            foreach (var inFlight in Loads)
            {
                var (onOne, onMany) = (new List<Figures>(), new List<Figures>());
                for (var round = 0; round < rounds; round++)
                {
                    onOne.Add(await oneLoad.RunAsync($"1 tab, {inFlight:N0} in flight", inFlight, seconds));
                    onMany.Add(await manyLoad.RunAsync($"{Many} tabs, {inFlight:N0} in flight", inFlight, seconds));
                }
                report.Add(Row.Of(onOne));
                report.Add(Row.Of(onMany, onOne));
            }
        }
        finally
        {
            folders.Delete(recursive: true);
        }
        return report.Section;
    }
}
