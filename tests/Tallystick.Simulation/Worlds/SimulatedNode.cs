using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Node.Storage;
using Tallystick.Simulation.Checks;
using Tallystick.Simulation.Faults;

namespace Tallystick.Simulation.Worlds;

/// <summary>One machine: a disk, and while it runs, a process with the shipped loops on it.</summary>
internal sealed partial class SimulatedNode(World world, int index, int person)
{
    private readonly Dictionary<int, SimulatedTab> tabs = [];
    private readonly Queue<PendingTurn> ready = new();
    private readonly List<TabCommit> commits = [];
    private readonly HashSet<int> pending = [];
    private Hash runId;
    private int starts;

    public int Index => index;

    public int Person => person;

    public PublicKey Key { get; } = Names.Key(person);

    public SimulatedStore Disk { get; private set; } = new();

    public SimulatedStore? Copy { get; set; }

    public bool IsRunning { get; private set; }

    /// <summary>Breaks the protocol on purpose.</summary>
    public bool IsDishonest { get; init; }

    /// <summary>A second instance of another node's key.</summary>
    public bool IsTwin { get; init; }

    /// <summary>How far the wall clock is off.</summary>
    public long ClockOffMs { get; set; }

    public bool CommitIsDue { get; set; }

    public bool HasReady => ready.Count > 0;

    public IReadOnlyCollection<SimulatedTab> Tabs => tabs.Values;

    public string Name => IsTwin ? Names.Letter(person) + "'" : Names.Letter(person);

    private long WallMs => Math.Max(0, world.NowMs + ClockOffMs);

    public SimulatedTab? Tab(int tab) => tabs.GetValueOrDefault(tab);

    /// <summary>The process starts and reads its disk.</summary>
    public void Start()
    {
        if (IsRunning)
            return;
        IsRunning = true;
        runId = Names.RunId(index, ++starts);
        OpenPeers();
        foreach (var stored in Disk.LoadTabs())
        {
            var spec = world.SpecOf(stored.Terms.Id);
            var state = TabState.Open(
                stored.Terms,
                stored.Me,
                runId,
                stored.Snapshot,
                [.. stored.Unseen.Select(page => page.Content)],
                Planted.Slip == Slip.ForgetsWhatWaits ? [] : stored.Waiting);
            tabs.Add(spec.Index, new SimulatedTab(spec, state));
        }
    }

    /// <summary>The process dies. What is on the wires may still arrive.</summary>
    /// <param name="othersNotice">Whether the other sides learn it at once.</param>
    public void Crash(bool othersNotice)
    {
        if (!IsRunning)
            return;
        world.Counts.Crashes++;
        IsRunning = false;
        Disk = Disk.AfterPowerLoss();
        foreach (var end in links.Values)
            world.Drop(end, othersNotice);
        links.Clear();
        choices.Clear();
        current.Clear();
        highestLink = 0;
        peers = null;
        tabs.Clear();
        ready.Clear();
        pending.Clear();
    }

    /// <summary>The disk becomes another one; the process must be dead.</summary>
    public void PutDisk(SimulatedStore disk)
    {
        if (IsRunning)
            throw new InvalidOperationException("The node runs.");
        Disk = disk;
    }

    /// <summary>The person opens a tab, or the peer's Hello does.</summary>
    public SimulatedTab Open(TabSpec spec)
    {
        if (tabs.TryGetValue(spec.Index, out var known))
            return known;
        var state = TabState.Open(spec.Terms, spec.PartyOf(person), runId, null, [], []);
        var tab = new SimulatedTab(spec, state);
        tabs.Add(spec.Index, tab);
        if (current.TryGetValue(spec.Other(person), out var link))
            Post(tab, new LinkCurrent(link.Number, highestLink, world.BindingOf(link)));
        return tab;
    }

    private void Post(SimulatedTab tab, TabInput input)
    {
        tab.Inbox.Enqueue(input);
        Watch.Inbox(this, tab);
        world.TurnIsDue(this, tab);
    }

    private sealed record PendingTurn(SimulatedTab Tab, TabTurn Turn);
}
