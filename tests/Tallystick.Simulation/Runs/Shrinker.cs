using System.Diagnostics;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Runs;

/// <summary>Leaves out of a long story whatever is not needed for it to break in the same way.</summary>
internal sealed class Shrinker(WorldPlan plan, Exception broken)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string kind = Replay.KindOf(broken);
    private readonly Stopwatch clock = Stopwatch.StartNew();

    /// <summary>A short story that breaks in the same way.</summary>
    public Replay Shrink(IReadOnlyList<Op> story)
    {
        var best = new Replay(plan, story, AtOnce: false);
        // A world that was never replayed to its break is shown whole.
        if (!Breaks(best))
            return best;
        best = LeaveOut(best);
        var atOnce = new Replay(plan, [.. best.Ops.Where(op => !IsRoutine(op))], AtOnce: true);
        if (Breaks(atOnce))
            best = LeaveOut(atOnce);
        var inOneMoment = best with { Ops = [.. best.Ops.Select(op => op with { AtMs = 0 })] };
        return Breaks(inOneMoment) ? inOneMoment : best;
    }

    private Replay LeaveOut(Replay best)
    {
        for (var size = Math.Max(1, best.Ops.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var before = best.Ops.Count;
            for (var from = 0; from < best.Ops.Count && clock.Elapsed < Patience;)
            {
                var rest = best with { Ops = [.. best.Ops.Take(from), .. best.Ops.Skip(from + size)] };
                if (Breaks(rest))
                    best = rest;
                else
                    from += size;
            }
            if (clock.Elapsed >= Patience || (size == 1 && best.Ops.Count == before))
                return best;
        }
    }

    private bool Breaks(Replay replay) => replay.Run() is { } now && Replay.KindOf(now) == kind;

    private static bool IsRoutine(Op op) =>
        op.Kind == OpKind.Turn || (op.Kind == OpKind.Commit && op.C == (int)Mishap.None);
}
