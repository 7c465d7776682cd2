using System.Diagnostics;

namespace Tallystick.Simulation.Runs;

/// <summary>Plays one seed again, and shrinks what breaks in it.</summary>
internal static class OneSeed
{
    public static async Task<int> PlayAsync(int seed, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var episode = new Episode(seed) { Trace = [] };
        try
        {
            var counts = episode.Play();
            await Report.WriteAsync(output, counts, clock.Elapsed);
            await output.WriteLineAsync($"Seed {seed}: everything held.");
            return 0;
        }
        catch (Exception why)
        {
            await output.WriteLineAsync(
                $"Seed {seed}, {episode.Plan.Persons} persons, after {episode.Trace.Count} events: {why}");
            var shrunk = new Shrinker(episode.Plan, why).Shrink(episode.Trace);
            await output.WriteLineAsync();
            await output.WriteLineAsync(ScenarioText.Write(shrunk, $"Seed {seed}: {why.Message}"));
            return 1;
        }
    }
}
