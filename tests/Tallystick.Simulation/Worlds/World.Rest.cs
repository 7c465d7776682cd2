using Tallystick.Core.Loop;
using Tallystick.Simulation.Checks;

namespace Tallystick.Simulation.Worlds;

/// <content>Healing: nothing breaks any more, and everything goes on until nothing is left to do.</content>
internal sealed partial class World
{
    private const int MaxRounds = 3_000;

    private const int MaxRoundsOfLiars = 300;

    // Longer than a silent link lives.
    private const long PatienceMs = 36_000;

    private int restDials;

    /// <summary>Lets everything heal and come to rest, and checks what must hold then.</summary>
    /// <exception cref="Violation">It never rests, or something does not hold.</exception>
    public void Rest()
    {
        var agenda = Agenda;
        Agenda = NoAgenda.Only;
        Heal();
        var patience = 20;
        for (var round = 0; ; round++)
        {
            // A liar may go on for ever; who is honest must not need that long.
            if (round >= MaxRoundsOfLiars && IsAtRest() && Nodes.Exists(node => node.IsDishonest))
                break;
            if (round == MaxRounds)
                throw new Violation("liveness", "The world never comes to rest.");
            if (Move())
                continue;
            if (IsAtRest() || patience-- == 0)
                break;
            NowMs += PatienceMs;
            foreach (var node in Nodes.Where(node => node.IsRunning))
            {
                foreach (var peer in PeersOf(node.Person))
                    node.LetTimePass(peer);
            }
        }
        Watch.CheckRest();
        Agenda = agenda;
    }

    /// <summary>Every turn and commit that is possible happens now.</summary>
    public void CatchUp()
    {
        while (WorkNodes())
        {
        }
    }

    private void Heal()
    {
        foreach (var node in Nodes)
        {
            node.Disk.Next = Mishap.None;
            if (node.IsTwin)
                node.Crash(othersNotice: true);
            else
                node.Start();
            foreach (var spec in Specs.Where(spec => node.IsRunning && spec.Has(node.Person)))
                node.Open(spec);
        }
        foreach (var lane in connections.Values.SelectMany(connection => connection.Lanes))
            lane.IsStalled = false;
        NowMs += 2 * TabLoop.MaxUnstoredMs;
        foreach (var node in Nodes)
        {
            foreach (var tab in node.Tabs)
                node.TakeTurn(tab.Spec.Index);
        }
    }

    private bool Move()
    {
        var moved = false;
        foreach (var connection in connections.Values.ToArray())
            moved |= Move(connection);
        moved |= WorkNodes();
        return moved || DialSomebody();
    }

    private bool WorkNodes()
    {
        var moved = false;
        foreach (var node in Nodes)
        {
            foreach (var tab in node.Tabs)
            {
                if (tab.Inbox.Count > 0 || tab.CommittedNumber > tab.State.CommittedNumber)
                {
                    node.TakeTurn(tab.Spec.Index);
                    moved = true;
                }
            }
            moved |= node.HasReady;
            node.Commit(Mishap.None, 0);
        }
        return moved;
    }

    private bool Move(Connection connection)
    {
        var moved = false;
        if (!connection.Accepted && connection.Ends[0].IsOpen)
        {
            Accept(connection);
            moved = true;
        }
        for (var side = 0; side < 2; side++)
        {
            var (end, other, lane) = (connection.Ends[side], connection.Ends[1 - side], connection.Lanes[side]);
            if (!end.IsOpen)
                continue;
            if (!end.IsProven && connection.Accepted && (other.IsOpen || other.IsProven))
            {
                end.Node.Prove(end);
                moved = true;
            }
            if (!lane.IsEmpty && end is { IsOpen: true, IsProven: true, MayRead: true })
            {
                Deliver(connection, side, lane.IsInBytes ? 1_000_000 : long.MaxValue);
                moved = true;
            }
            if (end.IsOpen && !other.IsOpen && connection.Accepted && lane.IsEmpty)
            {
                end.Node.Ended(end);
                moved = true;
            }
        }
        if (connection.IsOver)
            connections.Remove(connection.Id);
        return moved;
    }

    // Those who have waited longest for each other first would be fair; one after the other is enough here.
    private bool DialSomebody()
    {
        var moved = false;
        foreach (var spec in Specs)
        {
            var (one, other) = (NodeOf(spec.Persons[restDials % 2]), NodeOf(spec.Persons[1 - restDials % 2]));
            if (one.CurrentLink(other.Person) is not null && other.CurrentLink(one.Person) is not null)
                continue;
            if (!one.WantsDial(other.Person))
                (one, other) = (other, one);
            if (!one.WantsDial(other.Person))
                continue;
            Dial(one, other, 1_000_000_000 + ++restDials);
            moved = true;
        }
        return moved;
    }

    private bool IsAtRest() => Specs.TrueForAll(spec =>
    {
        var (one, other) = (NodeOf(spec.Persons[0]), NodeOf(spec.Persons[1]));
        return one.IsDishonest || other.IsDishonest
            || (one.Tab(spec.Index) is { } a && other.Tab(spec.Index) is { } b && AreLevel(a.State, b.State));
    });

    private static bool AreLevel(TabState one, TabState other) =>
        one.IsReady() && other.IsReady()
        && one.Mine.Zero.Head == other.Mine.Zero.Head && one.Mine.One.Head == other.Mine.One.Head;
}
