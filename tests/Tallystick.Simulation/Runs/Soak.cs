using System.Diagnostics;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Runs;

/// <summary>Plays seed after seed on several threads until enough were played or one breaks.</summary>
/// <param name="from">The first seed.</param>
/// <param name="seeds">How many at most.</param>
/// <param name="years">After so many simulated node-years no further seed is begun.</param>
/// <param name="time">After so long no further seed is begun.</param>
/// <param name="workers">How many threads.</param>
internal sealed class Soak(int from, int? seeds, double? years, TimeSpan? time, int workers)
{
    private readonly Counts total = new();
    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int played;
    private (int Seed, Exception Why)? broken;

    /// <summary>Whether everything held.</summary>
    public async Task<bool> RunAsync(TextWriter output)
    {
        await output.WriteLineAsync($"Seeds from {from} on, {workers} at a time.");
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(Work)));
        await Report.WriteAsync(output, total, clock.Elapsed);
        if (broken is not { } found)
        {
            await output.WriteLineAsync("0 violations");
            return true;
        }
        await output.WriteLineAsync($"Seed {found.Seed} broke it: {found.Why.Message}");
        await OneSeed.PlayAsync(found.Seed, output);
        return false;
    }

    private bool IsEnough()
    {
        lock (gate)
            return clock.Elapsed >= time || total.NodeMs / Report.YearMs >= years;
    }

    private void Work()
    {
        while (broken is null && !IsEnough())
        {
            var number = Interlocked.Increment(ref played) - 1;
            if (number >= seeds)
                return;
            var seed = from + number;
            try
            {
                var counts = new Episode(seed).Play();
                lock (gate)
                    total.Add(counts);
            }
            catch (Exception why)
            {
                lock (gate)
                    broken ??= (seed, why);
            }
        }
    }
}
