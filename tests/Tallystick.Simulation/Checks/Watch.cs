using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Checks;

/// <summary>Looks at a world after everything that happens in it, and knows what must never happen.</summary>
internal sealed partial class Watch
{
    // More than this nobody can put in while a tab is busy.
    private const int MaxInbox = 20_000;

    private static readonly HashSet<string> NeverAmongHonest = new(StringComparer.Ordinal)
    {
        Rejections.BadSignature.Name,
        Rejections.BadEncoding.Name,
        Rejections.WrongTab.Name,
        Rejections.WindowExceeded.Name,
    };

    private readonly World world;
    private readonly TabWatch[] tabs;
    private readonly List<LiarWatch> withLiars = [];
    private readonly Dictionary<(int Tab, int Era), Hash> resets = [];
    private readonly HashSet<int> restored = [];

    public Watch(World world)
    {
        this.world = world;
        tabs = [.. world.Specs.Select(spec => new TabWatch(world, spec))];
        foreach (var spec in world.Specs.Where(spec => !IsHonest(spec)))
        {
            withLiars.AddRange(spec.Persons
                .Where(person => !world.NodeOf(person).IsDishonest)
                .Select(person => new LiarWatch(spec, person)));
        }
    }

    /// <summary>Whether an old disk of this person was put back since the world last rested.</summary>
    public bool WasRestored(int person) => restored.Contains(person);

    public static void Inbox(SimulatedNode node, SimulatedTab tab)
    {
        if (tab.Inbox.Count > MaxInbox)
            throw new Violation("queue", $"{tab.Inbox.Count} inputs wait on {node.Name}.");
    }

    public void Stepped(SimulatedNode node, SimulatedTab tab, TabInput input, TabState after)
    {
        // A liar that is given back what it never stored may find more than its own loop would have written.
        if (!node.IsDishonest && (after.Waiting.Count > TabLoop.MaxWaiting
            || after.UnseenWithLines > PageBounds.WindowPages || after.UnseenCount > TabLoop.MaxUnseenPages))
        {
            throw new Violation("queue", $"{node.Name} holds more than it may after {input.GetType().Name}.");
        }
        if (!node.IsDishonest && after.Resets.Length == tab.State.Resets.Length)
            CheckDropped(node, tab.State, after);
        if (node.IsDishonest || IsHonest(tab.Spec) || input is not PageCame came)
            return;
        withLiars.Find(watch => watch.Spec == tab.Spec && watch.Honest == node.Person)!.CheckExposure(node, tab, after);
        LiarWatch.Heard(node, tab, came.Page, tab.State, after);
    }

    // What stood on own pages that were dropped waits again. Payments refer to nothing that could be gone with them.
    private static void CheckDropped(SimulatedNode node, TabState before, TabState after)
    {
        var head = after.Mine.Of(after.Me).Head.Number;
        if (head >= before.Mine.Of(before.Me).Head.Number)
            return;
        var waiting = after.Waiting.Select(intent => intent.RequestId).ToHashSet();
        var dropped = before.Unseen.Where(page => page.Page.Number > head).SelectMany(page => page.Page.Lines);
        if (dropped.FirstOrDefault(line => line is PayLine && !waiting.Contains(line.RequestId)) is { } lost)
            throw new Violation("dropped", $"{node.Name} dropped wish {lost.RequestId} with its page.");
    }

    public void Turned(SimulatedNode node, SimulatedTab tab, TabTurn turn)
    {
        foreach (var write in turn.Writes)
        {
            foreach (var page in write.Pages)
            {
                if (node.IsDishonest || page.Content.Page.Author != turn.State.Me)
                    continue;
                tabs[tab.Spec.Index].Signed(page.Content);
                // Pages that were given back rest on a Hello of long ago.
                if (page.Content.Page.Basis == turn.State.StoredHello)
                    LiarWatch.Signed(tab, page.Content.Page);
            }
        }
    }

    /// <summary>A turn became durable.</summary>
    public void Committed(SimulatedNode node, SimulatedTab tab, TabTurn turn)
    {
        if (turn.Writes.Count == 0)
            return;
        if (IsHonest(tab.Spec))
            tabs[tab.Spec.Index].Durable(node, turn);
        else if (!node.IsDishonest && !node.IsTwin)
            withLiars.Find(watch => watch.Spec == tab.Spec && watch.Honest == node.Person)!.Durable(node, turn);
    }

    public void DiskStopped() => world.Counts.CrashesInCommits++;

    /// <summary>A Hello goes out: it may claim only what a loss of power leaves.</summary>
    public static void Says(SimulatedNode node, SimulatedTab tab, Hello hello)
    {
        var chains = node.Disk.Chains(tab.Spec.Terms.Id);
        var (own, held) = chains is null
            ? (Head.Empty(tab.Spec.Terms.Id), Head.Empty(tab.Spec.Terms.Id))
            : (chains.HeadOf(hello.Author), chains.HeadOf(hello.Author.Other()));
        if (!node.IsDishonest && (hello.Mine.Number > own.Number || hello.Held.Number > held.Number))
            throw new Violation("before-durable", $"{node.Name} says {hello.Mine.Number}, stored is {own.Number}.");
    }

    /// <summary>A page goes out.</summary>
    public static void Sends(SimulatedNode node, SignedPage page)
    {
        if (node.IsDishonest)
            return;
        var chains = node.Disk.Chains(page.Page.Tab);
        if (chains?.Find(page.Page.Author, page.Page.Number)?.Hash != page.Hash
            || page.Page.Seen.Number > chains.HeadOf(page.Page.Author.Other()).Number)
        {
            throw new Violation("before-durable", $"{node.Name} sends page {page.Page.Number}, which is not stored.");
        }
    }

    public void Closes(SimulatedNode node, SimulatedTab tab, CloseLink close)
    {
        if (IsHonest(tab.Spec) && NeverAmongHonest.Contains(close.Reason))
            throw new Violation("closes", $"{node.Name} closes a link to an honest peer: {close.Text}");
    }

    public void Answers(SimulatedNode node, SimulatedTab tab, Answer answer)
    {
        if (!world.Wishes.TryGetValue(Names.SerialOf(answer.RequestId), out var wish))
            return;
        wish.Answered(answer.State);
        wish.MayBeForgotten |= node.IsTwin;
        if (answer.State is IntentDone && IsHonest(tab.Spec))
            tabs[tab.Spec.Index].AnsweredDone(node, wish);
    }

    public void Freezes(SimulatedNode node, SimulatedTab tab, Freeze freeze)
    {
        world.Counts.Freezes++;
        if (IsHonest(tab.Spec))
            throw new Violation("honest-refused", $"{node.Name} froze: {freeze.Fault.Content.Fault.Rejection}.");
        if (node.IsDishonest || node.IsTwin)
            return;
        withLiars.Find(watch => watch.Spec == tab.Spec && watch.Honest == node.Person)!.Froze();
        if (freeze.ByMe)
            Evidence.Check(node, tab.Spec, freeze);
    }

    /// <summary>Both have signed; there is one reset of each era.</summary>
    public void WasReset(SimulatedNode node, SimulatedTab tab, EncodedReset reset)
    {
        world.Counts.Resets++;
        if (node.IsTwin)
            return;
        var key = (tab.Spec.Index, reset.Reset.Era);
        if (!resets.TryAdd(key, reset.Hash) && resets[key] != reset.Hash)
            throw new Violation("two-resets", $"{node.Name} has another reset {reset.Reset.Era} than its peer.");
    }

    public void Stops(SimulatedNode node, SimulatedTab tab, TabStop stop)
    {
        // Two instances of one key may end in an operator's stop of the second, which nobody misses.
        if (!node.IsTwin && IsHonest(tab.Spec))
            throw new Violation("stopped", $"{node.Name} stopped: {stop}.");
    }

    public void Restored(SimulatedNode node)
    {
        restored.Add(node.Person);
        foreach (var wish in world.Wishes.Values)
            wish.MayBeForgotten |= wish.Person == node.Person;
        foreach (var tab in tabs)
        {
            if (tab.Spec.Has(node.Person))
                tab.LoseTrack();
        }
        foreach (var watch in withLiars.Where(watch => watch.Honest == node.Person))
        {
            watch.LoseTrack();
            // Whoever forgot its signature may give another; what the peer withholds nobody can know.
            foreach (var era in resets.Keys.Where(key => key.Tab == watch.Spec.Index).ToArray())
                resets.Remove(era);
        }
    }

    /// <summary>Everything has come to rest: both halves are equal and every wish has ended once.</summary>
    public void CheckRest()
    {
        foreach (var tab in tabs)
        {
            if (IsHonest(tab.Spec))
                tab.CheckRest();
        }
        foreach (var watch in withLiars)
            watch.CheckRest(world.NodeOf(watch.Honest));
        foreach (var node in world.Nodes.Where(node => node.IsRunning))
            node.CheckNames();
        restored.Clear();
        world.Counts.Rests++;
    }

    private bool IsHonest(TabSpec spec) =>
        !world.NodeOf(spec.Persons[0]).IsDishonest && !world.NodeOf(spec.Persons[1]).IsDishonest;
}
