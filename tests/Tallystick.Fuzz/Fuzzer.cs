using System.Diagnostics;
using Tallystick.Fuzz.Inputs;

namespace Tallystick.Fuzz;

/// <summary>An input that nothing but a refusal should have come out of.</summary>
internal sealed record Crash(string Target, byte[] Input, string What);

/// <summary>What the fuzzing of one target came to.</summary>
internal sealed record Course(string Target, long Inputs, TimeSpan Took, int Words, IReadOnlyList<byte[]> Found);

/// <summary>Gives a target input after input, and keeps those that bring something new.</summary>
/// <param name="target">What is fuzzed.</param>
/// <param name="seed">Decides every input.</param>
/// <param name="mostMs">
/// What one input may take. A busy machine may stop a thread for long; only what is slow three times in a row counts.
/// </param>
internal sealed class Fuzzer(Target target, int seed, int mostMs = 2000)
{
    private const int MostKept = 4000;

    private readonly Random random = new(seed);
    private readonly List<byte[]> kept = [];
    private readonly List<byte[]> found = [];
    private readonly HashSet<string> words = new(StringComparer.Ordinal);
    private readonly Stopwatch spent = new();
    private long inputs;

    /// <summary>What runs now and since when, for whoever watches for a hang.</summary>
    public (byte[] Input, long Since)? Running { get; private set; }

    public Course Course => new(target.Name, inputs, spent.Elapsed, words.Count, found);

    public string Target => target.Name;

    /// <summary>Runs the seeds.</summary>
    public Crash? Begin()
    {
        foreach (var seeded in target.Seeds().Concat(Corpus.Stored(target.Name)))
        {
            if (Try(seeded, isSeed: true) is { } crash)
                return crash;
        }
        return null;
    }

    /// <summary>Runs new inputs for a while, or until one crashes.</summary>
    public Crash? Continue(TimeSpan time, long mostInputs = long.MaxValue)
    {
        var mutator = new Mutator(random);
        var watch = Stopwatch.StartNew();
        for (var i = 0L; i < mostInputs && watch.Elapsed < time; i++)
        {
            var input = kept.Count == 0 || random.Next(4) == 0 ? target.Generate(random) : null;
            input = random.Next(8) == 0 && input is not null ? input : mutator.Mutate(
                input ?? AnyKept(), AnyKept(), target.Tokens, target.MaxLength);
            if (Try(input, isSeed: false) is { } crash)
                return crash;
        }
        return null;
    }

    private byte[] AnyKept() => kept.Count == 0 ? [] : kept[random.Next(kept.Count)];

    private Crash? Try(byte[] input, bool isSeed)
    {
        inputs++;
        var before = spent.ElapsedMilliseconds;
        spent.Start();
        var (what, problem) = RunOnce(input);
        spent.Stop();
        var isSlow = spent.ElapsedMilliseconds - before >= mostMs;
        if (problem is not null)
            return new Crash(target.Name, isSlow ? input : Smaller(input), problem);
        if (!words.Add(what!) && !isSeed)
            return null;
        if (kept.Count < MostKept)
            kept.Add(input);
        if (!isSeed)
            found.Add(input);
        return null;
    }

    private (string? What, string? Problem) RunOnce(byte[] input)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var since = Stopwatch.GetTimestamp();
            Running = (input, since);
            try
            {
                var what = target.Run(input);
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                if (allocated > target.MostAllocated(input.Length))
                    return (null, $"It allocates {allocated} bytes for an input of {input.Length}.");
                if (Stopwatch.GetElapsedTime(since).TotalMilliseconds < mostMs)
                    return (what, null);
                if (attempt == 3)
                    return (null, $"It takes {Stopwatch.GetElapsedTime(since)}, three times.");
            }
            catch (Exception e)
            {
                return (null, e is FindingException ? e.Message : e.ToString());
            }
            finally
            {
                Running = null;
            }
        }
    }

    // Takes away pieces as long as something goes wrong without them; that it is the same is for a person to see.
    private byte[] Smaller(byte[] input)
    {
        for (var part = input.Length / 2; part >= 1; part /= 2)
        {
            for (var at = 0; at + part <= input.Length;)
            {
                byte[] less = [.. input[..at], .. input[(at + part)..]];
                if (RunOnce(less).Problem is not null)
                    input = less;
                else
                    at += part;
            }
        }
        return input;
    }
}
