using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Runs;

/// <summary>What is due when: everything that becomes possible happens after a delay that the seed decides.</summary>
internal sealed class Agenda(World world, Random random, Weather weather) : IAgenda
{
    private readonly PriorityQueue<Op, (long AtMs, long Order)> due = new();
    private readonly HashSet<long> deliveries = [];
    private readonly HashSet<long> timers = [];
    private readonly HashSet<long> dials = [];
    private long order;
    private int connections;

    public int Count => due.Count;

    public int LastConnection => connections;

    public void Clear()
    {
        due.Clear();
        deliveries.Clear();
        timers.Clear();
        dials.Clear();
    }

    public void Add(long afterMs, Op op)
    {
        var at = world.NowMs + afterMs;
        due.Enqueue(op with { AtMs = at }, (at, order++));
    }

    /// <summary>The next thing that happens before a time, or null.</summary>
    public Op? Take(long untilMs)
    {
        if (!due.TryPeek(out var op, out var when) || when.AtMs > untilMs)
            return null;
        due.Dequeue();
        switch (op.Kind)
        {
            case OpKind.Turn when world.Nodes[op.A].Tab(op.B) is { } tab:
                tab.TurnIsDue = false;
                break;
            case OpKind.Commit:
                world.Nodes[op.A].CommitIsDue = false;
                break;
            case OpKind.Deliver:
                deliveries.Remove(Key(op.C, op.A));
                break;
            case OpKind.Dial:
                dials.Remove(Key(op.A, op.B));
                break;
            case OpKind.LinkTime:
                timers.Remove(Key(op.A, op.B));
                break;
            default:
                break;
        }
        return op;
    }

    public void TurnIsDue(SimulatedNode node, SimulatedTab tab)
    {
        if (tab.TurnIsDue)
            return;
        tab.TurnIsDue = true;
        Add(weather.TurnMs(random), new Op(0, OpKind.Turn, node.Index, tab.Spec.Index));
    }

    public void CommitIsDue(SimulatedNode node)
    {
        if (node.CommitIsDue)
            return;
        node.CommitIsDue = true;
        var (mishap, after) = weather.Mishap(random);
        Add(weather.CommitMs(random), new Op(0, OpKind.Commit, node.Index, 0, (int)mishap, after));
    }

    public void DeliveryIsDue(Connection connection, int side)
    {
        var (end, lane) = (connection.Ends[side], connection.Lanes[side]);
        if (lane.IsStalled || !end.MayRead || !end.IsOpen || !deliveries.Add(Key(connection.Id, side)))
            return;
        var most = lane.IsInBytes ? random.Next(1, 4_000) : random.Next(1, 8);
        Add(weather.WireMs(random), new Op(0, OpKind.Deliver, side, 0, connection.Id, most));
    }

    public void AcceptIsDue(Connection connection) =>
        Add(weather.WireMs(random), new Op(0, OpKind.Accept, 0, 0, connection.Id));

    public void ProofIsDue(Connection connection, int side) =>
        Add(weather.WireMs(random), new Op(0, OpKind.Prove, side, 0, connection.Id));

    // A connection whose other side is gone may stay half open for ever; then only its silence tells.
    public void NoticeIsDue(Connection connection, int side)
    {
        if (random.Next(4) > 0)
            Add(weather.WireMs(random), new Op(0, OpKind.Cut, 1 << side, 0, connection.Id));
    }

    public void LinksChanged(SimulatedNode node, int peer)
    {
        if (node.WantsDial(peer))
            DialLater(node, peer);
        else if (node.LinkDueMs(peer) is { } at && timers.Add(Key(node.Index, peer)))
            Add(Math.Max(1, at - world.NowMs), new Op(0, OpKind.LinkTime, node.Index, peer));
    }

    /// <summary>Dials after a while, and later where nobody listens.</summary>
    public void DialLater(SimulatedNode node, int peer)
    {
        if (!dials.Add(Key(node.Index, peer)))
            return;
        var wait = weather.DialMs(random) + (world.NodeOf(peer).IsRunning ? 0 : 2_000);
        Add(wait, new Op(0, OpKind.Dial, node.Index, peer, ++connections));
    }

    private static long Key(int one, int other) => ((long)one << 32) | (uint)other;
}
