namespace Tallystick.Simulation.Worlds;

/// <summary>What can happen in a world. Nothing else changes it.</summary>
internal enum OpKind : byte
{
    /// <summary>Person A asks for something on tab B: the wish numbered C, of kind and amount D.</summary>
    Ask,

    /// <summary>Node A is asked again for every wish of its person that was not answered.</summary>
    AskAgain,

    /// <summary>Node A is asked to take wish C back.</summary>
    Cancel,

    /// <summary>The loop of tab B on node A takes a turn.</summary>
    Turn,

    /// <summary>Node A commits what its tabs have ready and runs the effects; C says what goes wrong.</summary>
    Commit,

    /// <summary>Node A dials node B; the connection is numbered C.</summary>
    Dial,

    /// <summary>The listener of connection C answers the dial.</summary>
    Accept,

    /// <summary>Side A of connection C has proven the other.</summary>
    Prove,

    /// <summary>Up to D frames (or bytes) of connection C reach side A.</summary>
    Deliver,

    /// <summary>Connection C is cut; of its sides those with a bit in A notice.</summary>
    Cut,

    /// <summary>Nothing reaches side A of connection C until it is let through again.</summary>
    Stall,

    /// <summary>What waits for side A of connection C moves again.</summary>
    Unstall,

    /// <summary>Node A lets time act on its links to B.</summary>
    LinkTime,

    /// <summary>Node A's process dies; the other sides notice if C is 1.</summary>
    Crash,

    /// <summary>Node A starts.</summary>
    Start,

    /// <summary>The disk of node A is copied away.</summary>
    Backup,

    /// <summary>
    /// Node A dies and starts from its copy, or from nothing if C is 1. If D is 1, its disk as it was becomes the copy.
    /// </summary>
    Restore,

    /// <summary>The wall clock of node A jumps by D milliseconds.</summary>
    Jump,

    /// <summary>A second instance with the key of node A runs on a copy of its disk, from now on or no more.</summary>
    Twin,

    /// <summary>The dishonest node A plays trick C with number D on tab B.</summary>
    Trick,

    /// <summary>The person of node A wants tab B reset.</summary>
    Reset,

    /// <summary>The person of node A calls person B by name number C.</summary>
    Rename,
}

/// <summary>One thing that happens, at a time.</summary>
internal readonly record struct Op(long AtMs, OpKind Kind, int A = 0, int B = 0, int C = 0, long D = 0);

/// <summary>What goes wrong while a node commits and runs the effects.</summary>
internal enum Mishap
{
    None,

    /// <summary>The process dies before anything is written.</summary>
    DiesBeforeWrite,

    /// <summary>The write is torn by the end of the power: half of it is on the disk.</summary>
    Torn,

    /// <summary>It dies after the write, before the sync; the write is lost.</summary>
    LosesUnsynced,

    /// <summary>It dies after the write, before the sync; the write survives.</summary>
    KeepsUnsynced,

    /// <summary>The sync fails and the process stops; what was written is lost.</summary>
    SyncFails,

    /// <summary>The disk is full: nothing is written and the process stops.</summary>
    DiskFull,

    /// <summary>It dies after the sync, before any effect.</summary>
    DiesAfterSync,

    /// <summary>It dies in the middle of the effects.</summary>
    DiesInEffects,
}
