using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Runs;

/// <summary>
/// How slow things are and how often they break in one world; a seed decides, and most worlds lack something.
/// </summary>
internal sealed class Weather
{
    private readonly int slowTurn;
    private readonly int slowCommit;
    private readonly int slowWire;
    private readonly int slowDial;
    private readonly int mishapsPer1000;

    public Weather(Random random)
    {
        slowTurn = Any(random, 0, 1, 5);
        slowCommit = Any(random, 0, 2, 30);
        slowWire = Any(random, 1, 20, 300);
        slowDial = Any(random, 10, 300, 2_000);
        mishapsPer1000 = Any(random, 0, 10, 60);
        CutsPerMeeting = Any(random, 0, 1, 3);
        CrashesPerMeeting = Any(random, 0, 1, 2);
        StallsPerMeeting = Any(random, 0, 0, 2);
        RestoresPer100 = Any(random, 0, 3, 15);
        TwinsPer100 = Any(random, 0, 0, 4);
        FloodsPer100 = Any(random, 0, 0, 8);
        JumpsPer100 = Any(random, 0, 5, 20);
        SettlementsPer100 = Any(random, 5, 20, 60);
        RacesPerMeeting = Any(random, 0, 1, 1);
    }

    public int CutsPerMeeting { get; }

    public int CrashesPerMeeting { get; }

    public int StallsPerMeeting { get; }

    public int RestoresPer100 { get; }

    public int TwinsPer100 { get; }

    /// <summary>Meetings in which one direction of a tab stands still while both write page after page.</summary>
    public int FloodsPer100 { get; }

    public int JumpsPer100 { get; }

    public int SettlementsPer100 { get; }

    public int RacesPerMeeting { get; }

    public long TurnMs(Random random) => random.Next(slowTurn + 1);

    public long CommitMs(Random random) => random.Next(slowCommit + 1);

    public long WireMs(Random random) => random.Next(slowWire + 1);

    public long DialMs(Random random) => random.Next(slowDial + 1);

    public (Mishap Mishap, long After) Mishap(Random random) =>
        random.Next(1000) < mishapsPer1000
            ? ((Mishap)random.Next(1, (int)Worlds.Mishap.DiesInEffects + 1), random.Next(6))
            : (Worlds.Mishap.None, 0);

    private static int Any(Random random, params ReadOnlySpan<int> of) => of[random.Next(of.Length)];
}
