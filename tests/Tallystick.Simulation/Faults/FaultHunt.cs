using System.Diagnostics;

namespace Tallystick.Simulation.Faults;

/// <summary>Tests the simulator: plants one fault after the other and looks which seed finds it.</summary>
/// <param name="seeds">How many to play for each.</param>
/// <param name="workers">On so many threads.</param>
/// <param name="only">A part of the names to try, or null for all.</param>
internal sealed class FaultHunt(int seeds, int workers, string? only)
{
    private readonly PlantedFault[] faults =
        [.. All.Where(fault => only is null || fault.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];

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
        new FaultInDriver("keeps a new name in memory alone", Slip.ForgetsANewName),
    ];

    private static readonly TimeSpan PatiencePerFault = TimeSpan.FromSeconds(120);

    /// <summary>Nineteen of twenty; the others need luck that a short run may not have.</summary>
    public int MustBeFound => (faults.Length * 19 + 19) / 20;

    /// <summary>Prints which seed found which fault, as they are found; how many were.</summary>
    public async Task<int> RunAsync(TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        using var gate = new SemaphoreSlim(1);
        var (next, found) = (-1, 0);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < faults.Length; i = Interlocked.Increment(ref next))
            {
                var core = new FaultyCore(faults[i]);
                var took = Stopwatch.StartNew();
                var end = core.Play(faults[i], seeds, PatiencePerFault);
                core.Unload();
                await gate.WaitAsync();
                found += end is null ? 0 : 1;
                await output.WriteLineAsync(
                    (end is { } broke ? $"seed {broke.Seed,4}  {broke.Kind,-16}" : $"NOT FOUND {"",-17}")
                        + $" {took.Elapsed.TotalSeconds,5:F1} s  {faults[i].Name}");
                gate.Release();
            }
        })));
        await output.WriteLineAsync(
            $"{found} of {faults.Length} planted faults found within {seeds} seeds each, "
                + $"in {clock.Elapsed.TotalSeconds:F1} s.");
        return found;
    }
}
