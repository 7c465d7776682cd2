namespace Tallystick.Simulation.Worlds;

/// <summary>What happened, for the report.</summary>
internal sealed class Counts
{
    public long Worlds { get; set; }

    public long NodeMs { get; set; }

    public long Actions { get; set; }

    public long Events { get; set; }

    public long Crashes { get; set; }

    public long CrashesInCommits { get; set; }

    public long Links { get; set; }

    public long Cuts { get; set; }

    public long Restores { get; set; }

    public long Twins { get; set; }

    public long ClockJumps { get; set; }

    public long Renames { get; set; }

    public long Tricks { get; set; }

    public long Freezes { get; set; }

    public long Resets { get; set; }

    public long Pages { get; set; }

    public long Lines { get; set; }

    public long Races { get; set; }

    public long Rests { get; set; }

    public long Checks { get; set; }

    /// <summary>What became of the wishes: done, cancelled, or the name of the refusal.</summary>
    public SortedDictionary<string, long> Ends { get; } = new(StringComparer.Ordinal);

    public void Ended(string how) => Ends[how] = Ends.GetValueOrDefault(how) + 1;

    public void Add(Counts other)
    {
        foreach (var (how, times) in other.Ends)
            Ends[how] = Ends.GetValueOrDefault(how) + times;
        Worlds += other.Worlds;
        NodeMs += other.NodeMs;
        Actions += other.Actions;
        Events += other.Events;
        Crashes += other.Crashes;
        CrashesInCommits += other.CrashesInCommits;
        Links += other.Links;
        Cuts += other.Cuts;
        Restores += other.Restores;
        Twins += other.Twins;
        ClockJumps += other.ClockJumps;
        Renames += other.Renames;
        Tricks += other.Tricks;
        Freezes += other.Freezes;
        Resets += other.Resets;
        Pages += other.Pages;
        Lines += other.Lines;
        Races += other.Races;
        Rests += other.Rests;
        Checks += other.Checks;
    }
}
