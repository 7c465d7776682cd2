using System.Globalization;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Runs;

/// <summary>Says what was played.</summary>
internal static class Report
{
    public const double YearMs = 365.25 * 86_400_000;

    public static async Task WriteAsync(TextWriter output, Counts counts, TimeSpan took)
    {
        var nodeDays = counts.NodeMs / 86_400_000.0;
        (string What, string HowMuch)[] rows =
        [
            ("worlds", N(counts.Worlds)),
            ("simulated node-years", N(counts.NodeMs / YearMs, 1)),
            ("user actions", N(counts.Actions)),
            ("  per node and day", N(nodeDays == 0 ? 0 : counts.Actions / nodeDays, 1)),
            ("events", N(counts.Events)),
            ("pages made durable", N(counts.Pages)),
            ("crashes", N(counts.Crashes)),
            ("  in the middle of a commit", N(counts.CrashesInCommits)),
            ("links", N(counts.Links)),
            ("cuts", N(counts.Cuts)),
            ("old or empty disks put back", N(counts.Restores)),
            ("second instances", N(counts.Twins)),
            ("clock jumps", N(counts.ClockJumps)),
            ("peers renamed", N(counts.Renames)),
            ("tricks of liars", N(counts.Tricks)),
            ("tabs frozen by them", N(counts.Freezes)),
            ("resets", N(counts.Resets)),
            ("races for a settlement", N(counts.Races)),
            ("rests with all halves equal", N(counts.Rests)),
            ("wishes compared with books", N(counts.Ends.Sum(end => end.Value))),
            .. counts.Ends.OrderByDescending(end => end.Value).Select(end => ($"  {end.Key}", N(end.Value))),
            ("time", $"{N(took.TotalSeconds, 1)} s"),
        ];
        foreach (var (what, howMuch) in rows)
            await output.WriteLineAsync($"{what,-30} {howMuch}");
    }

    private static string N(double value, int digits = 0) =>
        value.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
