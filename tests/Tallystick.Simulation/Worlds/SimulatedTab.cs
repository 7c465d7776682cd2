using Tallystick.Core.Loop;

namespace Tallystick.Simulation.Worlds;

/// <summary>One tab's shipped loop in a process, and what waits for it.</summary>
internal sealed class SimulatedTab(TabSpec spec, TabState state)
{
    public TabSpec Spec => spec;

    /// <summary>The loop's state, which may run ahead of the disk.</summary>
    public TabState State { get; set; } = state;

    /// <summary>What readers see: durable.</summary>
    public TabState View { get; set; } = state;

    public Queue<TabInput> Inbox { get; } = new();

    public long CommittedNumber { get; set; }

    /// <summary>What the screen shows as the most that the peer may come to owe; null is unbounded.</summary>
    public long? Exposed => Tallystick.Core.Tabs.Exposure.ToPeer(State.Mine, State.Theirs, State.Unseen, State.Me);

    /// <summary>What the scheduler remembers, so that one turn is due at a time.</summary>
    public bool TurnIsDue { get; set; }

    /// <summary>The loop met a bug and stopped.</summary>
    public bool HasBug { get; set; }
}
