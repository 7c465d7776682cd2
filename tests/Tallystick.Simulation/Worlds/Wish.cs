using Tallystick.Core.Loop;

namespace Tallystick.Simulation.Worlds;

/// <summary>Something that a person asked for, and what the person was told.</summary>
internal sealed class Wish(int serial, int person, TabSpec spec, Intent intent)
{
    public int Serial => serial;

    public int Person => person;

    public TabSpec Spec => spec;

    public Intent Intent => intent;

    /// <summary>The newest answer, or null while there is none.</summary>
    public IntentState? State { get; private set; }

    /// <summary>An old disk was put back after the answer: the node may know nothing of it any more.</summary>
    public bool MayBeForgotten { get; set; }

    public void Answered(IntentState state) => State = state;
}
