using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Checks;

/// <summary>What must hold for an honest person's half of a tab with a liar, whatever the liar does.</summary>
internal sealed class LiarWatch(TabSpec spec, int honest)
{
    private PlainTab plain = new(spec, new Counts());
    private bool lost;
    private bool frozen;

    public TabSpec Spec => spec;

    public int Honest => honest;

    /// <summary>An old disk was put back: what is stored is read anew at the next rest.</summary>
    public void LoseTrack() => (lost, frozen) = (true, false);

    public void Froze() => frozen = true;

    /// <summary>Only what the rules allow is ever stored.</summary>
    public void Durable(TabTurn turn)
    {
        if (lost)
            return;
        foreach (var page in turn.Writes.SelectMany(write => write.Pages))
            plain.Add(page.Content);
        var (mine, me) = (turn.State.Mine, turn.State.Me);
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
        if (before.Session is not { Theirs: not null, Disputed: false } || before.Stop != TabStop.None)
            return;
        var stored = node.Disk.Chains(tab.Spec.Terms.Id)?.Find(page.Page.Author, page.Page.Number);
        if (page.Page.Author == after.Peer && stored is not null && stored.Hash != page.Hash && after.Freeze is null)
            throw new Violation("fork-passes", $"{node.Name} holds another page {page.Page.Number}, and goes on.");
    }

    public void CheckRest(SimulatedNode node)
    {
        if (frozen && node.Tab(spec.Index)?.State.Freeze is null)
            throw new Violation("thawed", $"{node.Name} forgot that the tab is frozen.");
        if (!lost || node.Disk.Chains(spec.Terms.Id) is not { } chains)
            return;
        (plain, lost) = (new PlainTab(spec, new Counts()), false);
        var all = new SendStored(0, 1, long.MaxValue / 2, 1, long.MaxValue / 2);
        foreach (var page in StoredRange.InOrder(all, chains.Me, (author, from, most) =>
            [.. node.Disk.ReadPages(spec.Terms.Id, author, from, most).Select(stored => stored.Page)]))
        {
            plain.Add(page.Content);
        }
    }
}
