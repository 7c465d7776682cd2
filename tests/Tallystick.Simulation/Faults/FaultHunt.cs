using System.Diagnostics;

namespace Tallystick.Simulation.Faults;

/// <summary>Tests the simulator: plants one fault after the other and looks which seed finds it.</summary>
internal sealed class FaultHunt(int seeds, int workers)
{
    /// <summary>Every planted fault.</summary>
    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        .. FaultsInCore.All,
        new FaultInDriver("skips the sync", Slip.SkipsTheSync),
        new FaultInDriver("sends before the commit", Slip.SendsBeforeTheCommit),
        new FaultInDriver("leaves half a commit when the power goes", Slip.TearsACommit),
        new FaultInDriver("drops what became of wishes", Slip.DropsWhatBecameOfIntents),
        new FaultInDriver("forgets at its start what waits", Slip.ForgetsWhatWaits),
        new FaultInDriver("runs the effects of a failed commit", Slip.RunsEffectsOfAFailedCommit),
        new FaultInDriver("takes the same wish twice", Slip.AsksTwice),
        new FaultInDriver("does not cut the pages that it drops", Slip.CutsNothing),
        new FaultInDriver("answers before the commit", Slip.AnswersBeforeTheCommit),
    ];

    private static readonly TimeSpan PatiencePerFault = TimeSpan.FromSeconds(120);

    /// <summary>Nineteen of twenty; the others need luck that a short run may not have.</summary>
    public static int MustBeFound => (All.Count * 19 + 19) / 20;

    /// <summary>Prints which seed found which fault, as they are found; how many were.</summary>
    public async Task<int> RunAsync(TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        using var gate = new SemaphoreSlim(1);
        var (next, found) = (-1, 0);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < All.Count; i = Interlocked.Increment(ref next))
            {
                var core = new FaultyCore(All[i]);
                var took = Stopwatch.StartNew();
                var end = core.Play(All[i], seeds, PatiencePerFault);
                core.Unload();
                await gate.WaitAsync();
                found += end is null ? 0 : 1;
                await output.WriteLineAsync(
                    (end is { } broke ? $"seed {broke.Seed,4}  {broke.Kind,-16}" : $"NOT FOUND {"",-17}")
                        + $" {took.Elapsed.TotalSeconds,5:F1} s  {All[i].Name}");
                gate.Release();
            }
        })));
        await output.WriteLineAsync(
            $"{found} of {All.Count} planted faults found within {seeds} seeds each, "
                + $"in {clock.Elapsed.TotalSeconds:F1} s.");
        return found;
    }
}
