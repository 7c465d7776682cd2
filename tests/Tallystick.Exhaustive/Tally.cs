using System.Collections.Concurrent;

namespace Tallystick.Exhaustive;

/// <summary>What one thread has counted.</summary>
internal sealed class Tally
{
    /// <summary>Different pairs of chains.</summary>
    public long States { get; set; }

    /// <summary>Pages that were added to a pair, on each of the merge orders that end with them.</summary>
    public long Transitions { get; set; }

    /// <summary>Views in which all lines of the alphabet were judged.</summary>
    public long Views { get; set; }

    /// <summary>Lines that were judged, by three readers each.</summary>
    public long Judged { get; set; }

    /// <summary>Verdicts that the oracle gave too.</summary>
    public long AskedOracle { get; set; }

    /// <summary>
    /// Valid and refused lines by kind and by the rule's name; valid ones have the name <c>valid</c>.
    /// </summary>
    public Dictionary<(int Kind, string Verdict), long> Verdicts { get; } = [];

    public void Count(int kind, string verdict)
    {
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
            Verdicts, (kind, verdict), out _);
        count++;
    }

    public void Add(Tally other)
    {
        States += other.States;
        Transitions += other.Transitions;
        Views += other.Views;
        Judged += other.Judged;
        AskedOracle += other.AskedOracle;
        foreach (var (key, count) in other.Verdicts)
            Verdicts[key] = Verdicts.GetValueOrDefault(key) + count;
    }
}

/// <summary>A promise that did not hold, and the two chains that show it.</summary>
/// <param name="Law">The theorem of the protocol, such as <c>T2</c>.</param>
/// <param name="Text">What differs, and both chains.</param>
internal sealed record Violation(string Law, string Text);

/// <summary>The violations of all threads; few are kept, since each is enough.</summary>
/// <param name="most">How many are enough.</param>
/// <param name="only">The law to look at, or null for all.</param>
internal sealed class Violations(int most, string? only)
{
    private readonly ConcurrentQueue<Violation> found = new();

    public bool AreEnough => found.Count >= most;

    public IReadOnlyList<Violation> Found => [.. found];

    public void Add(string law, string text)
    {
        if (!AreEnough && (only is null || only == law))
            found.Enqueue(new Violation(law, text));
    }
}
