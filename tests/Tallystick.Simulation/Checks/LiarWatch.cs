using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Checks;

/// <summary>What must hold for an honest person's half of a tab with a liar, whatever the liar does.</summary>
internal sealed class LiarWatch(TabSpec spec, int honest)
{
    private PlainTab plain = new(spec, new Counts());
    private bool lost;
    private bool frozen;
    private bool wasPutBack;

    public TabSpec Spec => spec;

    public int Honest => honest;

    /// <summary>An old disk was put back: what is stored is read anew at the next rest.</summary>
    public void LoseTrack() => (lost, frozen, wasPutBack) = (true, false, true);

    public void Froze() => frozen = true;

    /// <summary>Only what the rules allow is ever stored.</summary>
    public void Durable(SimulatedNode node, TabTurn turn)
    {
        if (turn.Writes.FirstOrDefault(write => write.Reset is not null)?.Reset is { } agreed)
        {
            frozen = false;
            if (!lost)
                CheckCarried(node, agreed);
            // What the new era holds so far is read anew: the void pages are gone from the disk.
            lost = true;
        }
        else if (turn.Writes.Any(write => write.TruncateOwnAfter is not null))
        {
            if (!wasPutBack)
                throw new Violation("cut", $"{node.Name} cuts its own chain, though nothing was put back.");
            lost = true;
        }
        if (lost)
        {
            Read(node);
            return;
        }
        // What was read after a reset may be ahead of the turns of the same commit.
        foreach (var page in turn.Writes.SelectMany(write => write.Pages))
        {
            if (page.Content.Page.Number > plain.Of(page.Content.Page.Author).Head.Number)
                plain.Add(page.Content);
        }
        var (mine, me) = (turn.State.Mine, turn.State.Me);
        if (plain.Of(me).Head != mine.Of(me).Head || plain.Of(me.Other()).Head != mine.Of(me.Other()).Head)
            return;
        if (plain.Of(me).Given != mine.Of(me).Given || plain.Of(me.Other()).Given != mine.Of(me.Other()).Given)
            throw new Violation("sum", "An honest book adds up to something else than its lines.");
    }

    /// <summary>A frozen tab takes on nothing new.</summary>
    public static void Signed(SimulatedTab tab, Page page)
    {
        if (tab.View.Freeze is null)
            return;
        if (page.Lines.Any(line => line is PayLine or HoldLine or ProposeLine or AcceptLine or ReceivedLine))
            throw new Violation("frozen-writes", $"Page {page.Number} of {page.Author} takes on more on a frozen tab.");
    }

    /// <summary>Two pages of the liar under one number came: that is the end of the tab.</summary>
    public static void Heard(SimulatedNode node, SimulatedTab tab, SignedPage page, TabState before, TabState after)
    {
        if (before.Session is not { Theirs: { } hello, Disputed: false } session || before.Stop != TabStop.None)
            return;
        // Nothing is judged of a peer that is an era behind.
        if (session.Mine.Hello.Era != before.Era || hello.Hello.Era.Number < before.Era.Number)
            return;
        var stored = node.Disk.Chains(tab.Spec.Terms.Id)?.Find(page.Page.Author, page.Page.Number);
        if (page.Page.Author == after.Peer && stored is not null && stored.Hash != page.Hash && after.Freeze is null)
            throw new Violation("fork-passes", $"{node.Name} holds another page {page.Page.Number}, and goes on.");
    }

    /// <summary>
    /// What was shown as the most that the liar may come to owe has held. Who was put back and does not know its own
    /// pages cannot know that.
    /// </summary>
    public void CheckExposure(SimulatedNode node, SimulatedTab tab, TabState after)
    {
        if (!wasPutBack && tab.Exposed is { } most && after.Mine.WorstCaseDebtOf(after.Peer) > most)
            throw new Violation("exposure", $"{node.Name} is owed more than the {most} that it was shown.");
    }

    public void CheckRest(SimulatedNode node)
    {
        if (frozen && node.Tab(spec.Index)?.State.Freeze is null)
            throw new Violation("thawed", $"{node.Name} forgot that the tab is frozen.");
        if (lost)
            Read(node);
    }

    // What a reset carries must be what the pages that it keeps come to.
    private void CheckCarried(SimulatedNode node, AgreedReset agreed)
    {
        var reset = agreed.Reset;
        var resets = node.Disk.Chains(spec.Terms.Id)!.Snapshot.Resets;
        var before = PlainTab.Read(node, spec, resets.ElementAtOrDefault(reset.Era - 2), upTo: reset);
        foreach (var party in new[] { Party.Zero, Party.One })
        {
            var (kept, found) = (reset.Of(party), before.Of(party));
            if (kept.Given != found.Given || kept.Holds.Sum(hold => hold.Amount.Units) != found.Held)
                throw new Violation("carried", $"A reset carries {kept.Given} of {party}, not {found.Given}.");
        }
    }

    private void Read(SimulatedNode node)
    {
        if (node.Disk.Chains(spec.Terms.Id) is { } chains)
            (plain, lost) = (PlainTab.Read(node, spec, chains.Snapshot.Resets.LastOrDefault(), upTo: null), false);
    }
}
