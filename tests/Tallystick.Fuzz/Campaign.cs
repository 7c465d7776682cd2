using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tallystick.Fuzz;

/// <summary>All targets, turn by turn, for a given time; one thread for each fuzzer of a turn.</summary>
internal sealed class Campaign(IReadOnlyList<Fuzzer> fuzzers, TimeSpan time)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly List<Crash> crashes = [];
    private readonly HashSet<Fuzzer> stopped = [];
    private int next;

    public IReadOnlyList<Crash> Crashes => crashes;

    public IEnumerable<Course> Courses => fuzzers.Select(fuzzer => fuzzer.Course);

    public void Run(int workers)
    {
        var watch = Stopwatch.StartNew();
        var begun = new HashSet<Fuzzer>();
        var busy = new HashSet<Fuzzer>();
        using var guard = new Timer(_ => EndIfOneHangs(), null, Hang, TimeSpan.FromSeconds(5));
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(() =>
        {
            while (watch.Elapsed < time && Take() is var (fuzzer, isNew))
            {
                var left = time - watch.Elapsed;
                var crash = (isNew ? fuzzer.Begin() : null) ?? fuzzer.Continue(left < Turn ? left : Turn);
                GiveBack(fuzzer, crash);
            }
        }, 1 << 20)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        (Fuzzer, bool)? Take()
        {
            lock (busy)
            {
                for (var tries = 0; tries < fuzzers.Count; tries++)
                {
                    var fuzzer = fuzzers[next++ % fuzzers.Count];
                    if (!stopped.Contains(fuzzer) && busy.Add(fuzzer))
                        return (fuzzer, begun.Add(fuzzer));
                }
                return null;
            }
        }

        void GiveBack(Fuzzer fuzzer, Crash? crash)
        {
            lock (busy)
            {
                busy.Remove(fuzzer);
                if (crash is null)
                    return;
                crashes.Add(crash);
                stopped.Add(fuzzer);
            }
        }
    }

    /// <summary>The figures of all targets.</summary>
    public string Report()
    {
        var text = new StringBuilder();
        foreach (var course in Courses)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{course.Target,-10} {course.Inputs,12:N0} inputs {course.Inputs / course.Took.TotalSeconds,10:N0} "
                + $"a second {course.Words,6:N0} different outcomes {course.Found.Count,6:N0} kept");
        }
        foreach (var crash in crashes)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"CRASH of {crash.Target}: {crash.What}\n  {Replay(crash.Target, crash.Input)}");
        }
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Courses.Sum(course => course.Inputs):N0} inputs, {crashes.Count} crashes");
        return text.ToString();
    }

    private static string Replay(string target, byte[] input) =>
        $"--replay {target} {Convert.ToHexStringLower(input)}";

    // Nothing can take a thread back that never returns, so the process ends, and says by which input.
    private void EndIfOneHangs()
    {
        foreach (var fuzzer in fuzzers)
        {
            if (fuzzer.Running is var (input, since) && Stopwatch.GetElapsedTime(since) > Hang)
            {
                Console.WriteLine($"HANG of {fuzzer.Target}:\n  {Replay(fuzzer.Target, input)}");
                Environment.Exit(1);
            }
        }
    }
}
