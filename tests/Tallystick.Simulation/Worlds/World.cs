using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Checks;

namespace Tallystick.Simulation.Worlds;

/// <summary>
/// Persons, their machines and the wires between them. It changes only by <see cref="Apply"/>, so that the same things
/// happening in the same order give the same world.
/// </summary>
internal sealed partial class World
{
    // So many of the newest wishes that were done are asked again after a restore.
    private const int LostAskedAgain = 8;

    private readonly Dictionary<TabId, TabSpec> specs = [];
    private readonly Dictionary<int, Connection> connections = [];
    private readonly Dictionary<int, Wish> wishes = [];
    private readonly List<Wish> unanswered = [];
    private readonly List<Wish> lost = [];
    private readonly int bytesEvery;

    public World(WorldPlan plan, Counts counts)
    {
        Counts = counts;
        bytesEvery = plan.BytesEvery;
        foreach (var (one, other, asset) in plan.Tabs)
        {
            var spec = new TabSpec(Specs.Count, one, other, asset);
            Specs.Add(spec);
            specs.Add(spec.Terms.Id, spec);
        }
        for (var person = 0; person < plan.Persons; person++)
            Nodes.Add(new SimulatedNode(this, person, person) { IsDishonest = plan.Dishonest.Contains(person) });
        Watch = new Watch(this);
        foreach (var node in Nodes)
        {
            node.Start();
            foreach (var spec in Specs.Where(spec => spec.Has(node.Person)))
                node.Open(spec);
        }
    }

    public long NowMs { get; private set; } = 1_700_000_000_000;

    public Counts Counts { get; }

    public Watch Watch { get; }

    public IAgenda Agenda { get; set; } = NoAgenda.Only;

    public List<SimulatedNode> Nodes { get; } = [];

    public List<TabSpec> Specs { get; } = [];

    public IReadOnlyDictionary<int, Wish> Wishes => wishes;

    public IReadOnlyDictionary<int, Connection> Connections => connections;

    public TabSpec SpecOf(TabId id) => specs[id];

    public bool TrySpecOf(TabId id, [NotNullWhen(true)] out TabSpec? spec) => specs.TryGetValue(id, out spec);

    /// <summary>The node of a person that others know the address of.</summary>
    public SimulatedNode NodeOf(int person) => Nodes[person];

    public IEnumerable<int> PeersOf(int person) =>
        Specs.Where(spec => spec.Has(person)).Select(spec => spec.Other(person)).Distinct();

    public LinkBinding BindingOf(LinkEnd end) => connections[end.Connection].Binding;

    public void Send(LinkEnd end, Frame frame)
    {
        var connection = connections[end.Connection];
        connection.Lanes[1 - end.Side].Send(frame);
        DeliveryIsDue(connection, 1 - end.Side);
    }

    public void Send(LinkEnd end, IEnumerator<SignedPage> stored)
    {
        var connection = connections[end.Connection];
        connection.Lanes[1 - end.Side].Send(stored);
        DeliveryIsDue(connection, 1 - end.Side);
    }

    /// <summary>One side closes on purpose: what it had sent still arrives, and then the reason.</summary>
    public void Leave(LinkEnd end, string reason)
    {
        var connection = connections[end.Connection];
        var lane = connection.Lanes[1 - end.Side];
        lane.KeepOnlySent();
        if (end.IsProven)
            lane.Send(new ByeFrame(reason));
        else
            Agenda.NoticeIsDue(connection, 1 - end.Side);
        connection.Lanes[end.Side].Break();
        DeliveryIsDue(connection, 1 - end.Side);
    }

    /// <summary>One side is no more. What it had sent may still arrive.</summary>
    public void Drop(LinkEnd end, bool otherNotices)
    {
        var connection = connections[end.Connection];
        end.IsOpen = false;
        connection.Lanes[1 - end.Side].KeepOnlySent();
        connection.Lanes[end.Side].Break();
        if (otherNotices)
            Agenda.NoticeIsDue(connection, 1 - end.Side);
    }

    public void MayRead(LinkEnd end) => DeliveryIsDue(connections[end.Connection], end.Side);

    public void TurnIsDue(SimulatedNode node, SimulatedTab tab) => Agenda.TurnIsDue(node, tab);

    public void CommitIsDue(SimulatedNode node) => Agenda.CommitIsDue(node);

    public void LinksChanged(SimulatedNode node, int peer) => Agenda.LinksChanged(node, peer);

    private void DeliveryIsDue(Connection connection, int side) => Agenda.DeliveryIsDue(connection, side);
}
