using Tallystick.Simulation.People;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Runs;

/// <summary>The life of one world, decided by a seed: days of meetings in all weathers, with rests between.</summary>
internal sealed class Episode
{
    private const long DayMs = 86_400_000;
    private const int MeetingsPerDay = 4;
    private const int MeetingsPerRest = 8;
    private const int AskedAlone = 19;
    private const int AskedTogether = 18;
    private const int Tricks = (int)LiarTrick.ManyProposals + 1;
    private const long MeetingMs = 60_000;

    private const int FreeNames = 5;

    private readonly Random random;

    // Of its own, since nothing else depends on names.
    private readonly Random names;
    private readonly Weather weather;
    private readonly Agenda agenda;
    private readonly int meetings;
    private readonly LiarTrick favourite;
    private readonly HashSet<int> restored = [];
    private int serial;

    public Episode(int seed)
    {
        random = new Random(seed);
        names = new Random(~seed);
        weather = new Weather(random);
        Plan = WorldPlan.Of(random, dishonest: random.Next(5) == 0);
        favourite = (LiarTrick)random.Next(Tricks);
        World = new World(Plan, new Counts());
        agenda = new Agenda(World, random, weather);
        World.Agenda = agenda;
        meetings = MeetingsPerDay * random.Next(2, 2 + Math.Max(4, 40 / Plan.Persons));
    }

    public WorldPlan Plan { get; }

    public World World { get; }

    /// <summary>Everything that happened so far, when it is kept.</summary>
    public List<Op>? Trace { get; init; }

    /// <summary>Plays to the end.</summary>
    /// <exception cref="Checks.Violation">Something happened that must not.</exception>
    public Counts Play()
    {
        World.Counts.Worlds = 1;
        for (var meeting = 1; meeting <= meetings; meeting++)
        {
            BeApart();
            Meet();
            World.Counts.NodeMs += Plan.Persons * DayMs / MeetingsPerDay;
            if (meeting % MeetingsPerRest == 0 || meeting == meetings)
                Rest();
        }
        return World.Counts;
    }

    private void Rest()
    {
        agenda.Clear();
        World.Rest();
    }

    // Some ask while they are alone; machines stop, are copied and put back.
    private void BeApart()
    {
        restored.Clear();
        agenda.Clear();
        var apartMs = random.NextInt64(1, 2 * DayMs / MeetingsPerDay - MeetingMs);
        foreach (var connection in World.Connections.Values.ToArray())
            Happen(new Op(World.NowMs, OpKind.Cut, random.Next(4), 0, connection.Id));
        foreach (var node in World.Nodes.Where(node => !node.IsTwin).ToArray())
        {
            if (random.Next(200) < weather.RestoresPer100)
            {
                Happen(node.Copy is null || random.Next(3) == 0
                    ? new Op(World.NowMs, OpKind.Backup, node.Index)
                    : new Op(World.NowMs, OpKind.Restore, node.Index, 0, random.Next(8) == 0 ? 1 : 0, random.Next(2)));
            }
            if (random.Next(100) < weather.JumpsPer100)
                Happen(new Op(World.NowMs, OpKind.Jump, node.Index, 0, 0, random.NextInt64(-DayMs, DayMs)));
            for (var asked = random.Next(2) == 0 ? random.Next(2 * AskedAlone) : 0; asked > 0; asked--)
                Ask(node, 0);
        }
        RunUntil(World.NowMs + 2_000);
        Happen(new Op(World.NowMs + apartMs, OpKind.AskAgain, 0));
    }

    private void Meet()
    {
        agenda.Clear();
        var until = World.NowMs + MeetingMs;
        foreach (var node in World.Nodes)
        {
            if (!node.IsTwin)
                Happen(new Op(World.NowMs, OpKind.Start, node.Index));
            node.CommitIsDue = false;
            foreach (var tab in node.Tabs)
                tab.TurnIsDue = false;
        }
        var span = random.Next(3) switch { 0 => 50, 1 => 1_000, _ => 20_000 };
        foreach (var node in World.Nodes.Where(node => !node.IsTwin).ToArray())
            Busy(node, span);
        Break(span);
        if (random.Next(100) < weather.FloodsPer100)
        {
            RunUntil(World.NowMs + 3_000);
            Flood(World.Specs[random.Next(World.Specs.Count)], 0);
        }
        RunUntil(until);
    }

    private void Busy(SimulatedNode node, int span)
    {
        DialAll(node);
        // One wish alone, or some in one moment, as programs do it.
        for (var (asked, at) = (0, 0); asked < AskedTogether; asked++)
        {
            at = asked > 0 && random.Next(5) < 4 ? at : random.Next(span);
            Ask(node, at);
        }
        if (names.Next(4) == 0)
        {
            int[] known = [.. World.PeersOf(node.Person)];
            agenda.Add(names.Next(span + 500), new Op(
                0, OpKind.Rename, node.Index, known[names.Next(known.Length)], names.Next(FreeNames)));
        }
        for (var crashes = random.Next(weather.CrashesPerMeeting + 1); crashes > 0; crashes--)
        {
            var at = random.Next(span + 500);
            agenda.Add(at, new Op(0, OpKind.Crash, node.Index, 0, random.Next(2)));
            Revive(node, at + random.Next(2_000));
        }
        if (node.IsDishonest && random.Next(2) == 0)
            Lie(node, span);
        foreach (var tab in node.Tabs.Where(tab => tab.View.Freeze is not null))
        {
            // Both persons read and say yes, once or again, in any order.
            for (var times = random.Next(3); times > 0; times--)
                agenda.Add(random.Next(5_000), new Op(0, OpKind.Reset, node.Index, tab.Spec.Index));
        }
        if (random.Next(200) < weather.RestoresPer100)
            GoBack(node, span);
        if (random.Next(100) < weather.TwinsPer100)
        {
            agenda.Add(random.Next(span), new Op(0, OpKind.Twin, node.Person, 0, 1));
            agenda.Add(span + random.Next(20_000), new Op(0, OpKind.Twin, node.Person, 0, 0));
        }
    }

    // The disk is copied and put back, once or from one branch to the other, while its pages are on their way.
    private void GoBack(SimulatedNode node, int span)
    {
        var at = random.Next(span);
        agenda.Add(at, new Op(0, OpKind.Backup, node.Index));
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            at += random.Next(1 + random.Next(3_000));
            agenda.Add(at, new Op(0, OpKind.Restore, node.Index, 0, 0, random.Next(2)));
            agenda.Add(at + 1, new Op(0, OpKind.Start, node.Index));
            for (var asked = random.Next(3); asked > 0; asked--)
                Ask(node, at + random.Next(1_000));
        }
    }

    // Nothing moves one way or both while each writes page after page, until their windows are full.
    private void Flood(TabSpec spec, int at)
    {
        var sides = random.Next(1, 4);
        foreach (var connection in World.Connections.Values.Where(connection => Joins(connection, spec)))
        {
            for (var side = 0; side < 2; side++)
            {
                if ((sides & (1 << side)) != 0)
                    agenda.Add(at, new Op(0, OpKind.Stall, side, 0, connection.Id));
                agenda.Add(at + 12_000, new Op(0, OpKind.Unstall, side, 0, connection.Id));
            }
        }
        for (var i = 0; i < 75; i++)
        {
            foreach (var person in spec.Persons)
                Ask(person, spec, Want.Pay, 0, at + 100 + i * 100);
        }
    }

    private static bool Joins(Connection connection, TabSpec spec) =>
        spec.Has(connection.Ends[0].Node.Person) && spec.Has(connection.Ends[1].Node.Person);

    private void DialAll(SimulatedNode node)
    {
        foreach (var peer in World.PeersOf(node.Person))
        {
            // Whoever is dialled first hears of it, or still believes in a link that is gone.
            if (random.Next(3) > 0)
                agenda.DialLater(node, peer);
            else
                agenda.Add(random.Next(1_000), new Op(0, OpKind.LinkTime, node.Index, peer));
        }
    }

    private void Lie(SimulatedNode node, int span)
    {
        var mine = World.Specs.FindAll(spec => spec.Has(node.Person));
        agenda.Add(random.Next(span + 1_000), new Op(
            0,
            OpKind.Trick,
            node.Index,
            mine[random.Next(mine.Count)].Index,
            (int)(random.Next(3) == 0 ? (LiarTrick)random.Next(Tricks) : favourite),
            ++serial));
    }

    private void Revive(SimulatedNode node, long afterMs)
    {
        agenda.Add(afterMs, new Op(0, OpKind.Start, node.Index));
        if (random.Next(2) == 0)
            agenda.Add(afterMs + 1, new Op(0, OpKind.AskAgain, node.Index));
    }

    private void Break(int span)
    {
        var most = agenda.LastConnection + 2 * World.Specs.Count;
        for (var cuts = random.Next(weather.CutsPerMeeting + 1) * World.Specs.Count; cuts > 0; cuts--)
        {
            agenda.Add(random.Next(span + 500), new Op(
                0, OpKind.Cut, random.Next(4), 0, random.Next(Math.Max(1, agenda.LastConnection - 2), most)));
        }
        for (var stalls = random.Next(weather.StallsPerMeeting + 1) * World.Specs.Count; stalls > 0; stalls--)
        {
            var (at, side) = (random.Next(span), random.Next(2));
            var id = random.Next(Math.Max(1, agenda.LastConnection - 2), most);
            agenda.Add(at, new Op(0, OpKind.Stall, side, 0, id));
            if (random.Next(4) > 0)
                agenda.Add(at + random.Next(5_000), new Op(0, OpKind.Unstall, side, 0, id));
        }
        for (var races = random.Next(weather.RacesPerMeeting + 1) * World.Specs.Count; races > 0; races--)
            Race(World.Specs[random.Next(World.Specs.Count)], random.Next(span));
    }

    // Both act on one settlement at once: the newest of one of them.
    private void Race(TabSpec spec, int at)
    {
        var first = random.Next(2);
        var (proposer, other) = (spec.Persons[first], spec.Persons[1 - first]);
        var pick = random.Next(256);
        Ask(proposer, spec, random.Next(2) == 0 ? Want.ProposeIPaid : Want.ProposeYouPaid, pick, at);
        at += 1_000 + random.Next(2_000);
        var act = random.Next(3) switch { 0 => Want.Withdraw, 1 => Want.Received, _ => Want.Modify };
        Ask(proposer, spec, act, pick, at);
        Ask(other, spec, random.Next(4) == 0 ? Want.Dispute : Want.Accept, pick, at);
    }

    private void Ask(SimulatedNode node, int afterMs)
    {
        var mine = World.Specs.FindAll(spec => spec.Has(node.Person));
        var want = random.Next(100) < weather.SettlementsPer100
            ? (Want)random.Next((int)Want.ProposeIPaid, (int)Want.BookOneCloseOther + 1)
            : random.Next(30) switch { 0 => Want.Limit, 1 => Want.NoLimit, 2 or 3 => Want.PayTwice, _ => Want.Pay };
        Ask(node.Person, mine[random.Next(mine.Count)], want, random.Next(256), afterMs);
        if (random.Next(50) == 0)
            agenda.Add(afterMs + random.Next(3_000), new Op(0, OpKind.Cancel, node.Index, 0, serial));
    }

    private void Ask(int person, TabSpec spec, Want want, int pick, int afterMs)
    {
        var amount = want == Want.Limit ? random.Next(1, 3_000) : random.Next(1, 100);
        agenda.Add(afterMs, new Op(
            0, OpKind.Ask, person, spec.Index, ++serial, Wanting.Pack(want, pick, amount)));
    }

    private void RunUntil(long until)
    {
        while (agenda.Take(until) is { } op)
            Happen(op);
    }

    private void Happen(Op op)
    {
        Trace?.Add(op);
        World.Apply(op);
        if (op.Kind == OpKind.Start)
            DialAll(World.Nodes[op.A]);
        if (op.Kind == OpKind.Restore)
            restored.Add(op.A);
        // Some ask again while what was lost comes back.
        if (op.Kind == OpKind.Turn && restored.Contains(op.A) && random.Next(10) == 0)
            agenda.Add(random.Next(4), new Op(0, OpKind.AskAgain, op.A));
        // A process that died in a commit comes back after a while.
        if (op.Kind == OpKind.Commit && !World.Nodes[op.A].IsRunning && !World.Nodes[op.A].IsTwin)
        {
            World.Nodes[op.A].CommitIsDue = false;
            Revive(World.Nodes[op.A], random.Next(3_000));
        }
    }
}
