using System.Diagnostics;
using Tallystick.Simulation.Runs;

namespace Tallystick.Simulation.Faults;

/// <summary>Plays seeds in the copy of the simulator that has a fault. Called from the copy that has none.</summary>
internal static class FaultTrial
{
    /// <summary>The seed that broke and how, or null.</summary>
    public static string? Play(int slip, int seeds, TimeSpan patience)
    {
        Planted.Slip = (Slip)slip;
        var clock = Stopwatch.StartNew();
        for (var seed = 0; seed < seeds && clock.Elapsed < patience; seed++)
        {
            try
            {
                new Episode(seed).Play();
            }
            catch (Exception broken)
            {
                return $"{seed} {Replay.KindOf(broken)}";
            }
        }
        return null;
    }

    /// <summary>Shrinks what breaks in one seed.</summary>
    public static (string Kind, int Events, string Story) Shrink(int slip, int seed)
    {
        Planted.Slip = (Slip)slip;
        var episode = new Episode(seed) { Trace = [] };
        try
        {
            episode.Play();
            return ("", episode.Trace.Count, "");
        }
        catch (Exception broken)
        {
            var shrunk = new Shrinker(episode.Plan, broken).Shrink(episode.Trace);
            return (Replay.KindOf(broken), episode.Trace.Count, ScenarioText.Write(shrunk, broken.Message));
        }
    }
}
