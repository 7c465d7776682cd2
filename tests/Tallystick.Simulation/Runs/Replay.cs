using Tallystick.Simulation.Checks;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Runs;

/// <summary>Lets given things happen in a new world, and says what broke.</summary>
/// <param name="AtOnce">Turns and commits happen as soon as they can, so that nobody need name them.</param>
internal sealed record Replay(WorldPlan Plan, IReadOnlyList<Op> Ops, bool AtOnce)
{
    /// <summary>What broke, or null.</summary>
    public Exception? Run()
    {
        var world = new World(Plan, new Counts());
        try
        {
            foreach (var op in Ops)
            {
                world.Apply(op);
                if (AtOnce)
                    world.CatchUp();
            }
            world.Rest();
            return null;
        }
        catch (Exception broken)
        {
            return broken;
        }
    }

    /// <summary>The kind of what broke: the same for every way to get there.</summary>
    public static string KindOf(Exception broken) =>
        broken is Violation violation ? violation.Kind : broken.GetType().Name;
}
