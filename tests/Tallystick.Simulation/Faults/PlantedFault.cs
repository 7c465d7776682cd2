namespace Tallystick.Simulation.Faults;

/// <summary>A fault that the simulator must find.</summary>
/// <param name="Name">What the faulty program does, in a few words.</param>
internal abstract record PlantedFault(string Name);

/// <summary>A fault in the shipped Core: its source is compiled with another text in one place.</summary>
/// <param name="Name">What the faulty program does.</param>
/// <param name="File">The source, from the folder of Core on.</param>
/// <param name="From">The text as it is; it stands there exactly once.</param>
/// <param name="To">The faulty text.</param>
internal sealed record FaultInCore(string Name, string File, string From, string To) : PlantedFault(Name);

/// <summary>A fault in what carries the loops: the disk, the order of commit and effects, the start.</summary>
/// <param name="Name">What the faulty program does.</param>
/// <param name="Slip">Which.</param>
internal sealed record FaultInDriver(string Name, Slip Slip) : PlantedFault(Name);

/// <summary>Slips of what carries the loops. None ever happens unless it is planted.</summary>
internal enum Slip
{
    None,
    SkipsTheSync,
    SendsBeforeTheCommit,
    TearsACommit,
    DropsWhatBecameOfIntents,
    ForgetsWhatWaits,
    RunsEffectsOfAFailedCommit,
    AsksTwice,
    CutsNothing,
    AnswersBeforeTheCommit,
    ForgetsANewName,
}

/// <summary>The slip that is planted in this copy of the simulator.</summary>
internal static class Planted
{
    public static Slip Slip { get; set; }
}
