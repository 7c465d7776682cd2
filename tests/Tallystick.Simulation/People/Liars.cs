using System.Collections.Immutable;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.People;

/// <summary>What a dishonest node does beside what the shipped loops do.</summary>
internal enum LiarTrick
{
    Fork,
    WrongTotals,
    WrongDigest,
    OverLimit,
    AtLimit,
    SeenRegress,
    SeenAhead,
    SeenMismatch,
    EmptyReceipt,
    UnknownKind,
    OutOfBounds,
    AcceptsOld,
    BooksWhatItPaid,
    BadPreimage,
    Gap,
    OldBasis,
    OtherTab,
    FalseFault,
    ForeignSignature,
    ManyProposals,
}

/// <summary>Plays tricks: pages and Faults that no shipped loop would send, signed with the liar's key.</summary>
internal static class Liars
{
    /// <summary>Half of the liars write only when they want something, so never a receipt for its own sake.</summary>
    public static bool MayWrite(SimulatedNode node, TabState state) =>
        !node.IsDishonest || node.Person % 2 == 1 || state.Waiting.Count + state.Fresh.Count > 0
        || state.Mine.Of(state.Me).Head.Number == 0;

    public static void Play(World world, SimulatedNode node, in Op op)
    {
        if (!node.IsRunning || !node.IsDishonest || node.Tab(op.B) is not { } tab
            || node.CurrentLink(tab.Spec.Other(node.Person)) is not { } link
            || tab.View.Session?.Theirs is not { } hello)
        {
            return;
        }
        world.Counts.Tricks++;
        var trick = (LiarTrick)op.C;
        if (trick == LiarTrick.FalseFault)
        {
            SendFalseFault(world, node, tab, link);
            return;
        }
        var page = trick == LiarTrick.OtherTab
            ? AnyPageOfAnotherTab(node, tab)
            : PageCodec.Encode(Craft(tab.View, hello.Content.Hash, trick, op.D));
        if (page is null)
            return;
        var key = trick == LiarTrick.ForeignSignature ? tab.Spec.KeyOf(tab.View.Peer) : node.Key;
        world.Send(link, new PageFrame(new SignedPage(page, Signatures.Sign(key, page.Hash))));
    }

    private static Page Craft(TabState state, Hash basis, LiarTrick trick, long number)
    {
        var (mine, me) = (state.Mine, state.Me);
        var id = new RequestId((UInt128)1 << 100 | (UInt128)(ulong)number);
        var lines = Lines(state, id, trick);
        var draft = new FoldDraft(mine);
        var at = mine.Of(me).Head.Number + 1;
        try
        {
            for (var i = 0; i < lines.Length; i++)
                draft.Apply(me, new Ref(at, i), lines[i]);
        }
        catch (InvalidOperationException)
        {
            // No valid fold has such a line; what the page then states does not matter.
        }
        var after = draft.ToFold();
        var page = new Page
        {
            Tab = mine.Tab,
            Author = me,
            Number = at,
            Previous = mine.Of(me).Head.Hash,
            Seen = mine.Of(me.Other()).Head,
            Basis = basis,
            TimeMs = number & 0xffff,
            Lines = lines,
            Totals = after.TotalsFor(me),
            StateDigest = StateDigest.Of(after),
        };
        return trick switch
        {
            LiarTrick.Fork when at > 1 => page with { Number = at - 1 },
            LiarTrick.WrongTotals => page with { Totals = page.Totals with { Given = page.Totals.Given + 1 } },
            LiarTrick.WrongDigest => page with { StateDigest = basis },
            LiarTrick.SeenRegress when page.Seen.Number > 0 => page with { Seen = Head.Empty(mine.Tab) },
            LiarTrick.SeenAhead => page with { Seen = page.Seen with { Number = page.Seen.Number + 5 } },
            LiarTrick.SeenMismatch when page.Seen.Number > 0 => page with { Seen = page.Seen with { Hash = basis } },
            LiarTrick.Gap => page with { Number = at + 2 },
            LiarTrick.OldBasis => page with { Basis = Hash.Of("some other link"u8) },
            _ => page,
        };
    }

    private static ImmutableArray<Line> Lines(TabState state, RequestId id, LiarTrick trick)
    {
        var limit = state.Mine.Of(state.Peer).Limit;
        var room = limit.IsNone ? 1_000 : Math.Max(0, limit.Units - state.Mine.WorstCaseDebtOf(state.Me));
        var theirs = state.Mine.Settlements.Values.FirstOrDefault(settlement => settlement.Proposer == state.Peer);
        var own = state.Mine.Settlements.Values.FirstOrDefault(settlement => settlement.Proposer == state.Me);
        var hold = state.Mine.Holds.Values.FirstOrDefault(
            hold => hold.Author == state.Peer && hold.Status == HoldStatus.Open);
        return trick switch
        {
            LiarTrick.EmptyReceipt => [],
            LiarTrick.OverLimit when !limit.IsNone => [new PayLine(id, Amount.FromUnits(room + 1), "")],
            LiarTrick.AtLimit when room > 0 => [new PayLine(id, Amount.FromUnits(room), "")],
            LiarTrick.UnknownKind => [new UnknownLine(id, 60, [1, 2, 3])],
            LiarTrick.OutOfBounds => [.. Enumerable.Repeat(
                new PayLine(id, Amount.FromUnits(1), ""), PageBounds.MaxLines + 1)],
            LiarTrick.AcceptsOld when theirs is not null => [new AcceptLine(id, theirs.Revisions[0].Ref)],
            LiarTrick.BooksWhatItPaid when own is not null => [new ReceivedLine(id, own.Newest.Ref)],
            LiarTrick.BadPreimage when hold is not null => [new FulfilLine(
                id, hold.Ref, [.. hold.Locks.Select(_ => Hash.Of("no"u8))])],
            LiarTrick.ManyProposals => [.. Enumerable.Repeat(
                new ProposeLine(id, true, Amount.FromUnits(1), "", ""), PageBounds.MaxOpenSettlements + 1)],
            _ => [new LimitLine(id, CreditLimit.FromUnits(50))],
        };
    }

    private static EncodedPage? AnyPageOfAnotherTab(SimulatedNode node, SimulatedTab tab) =>
        node.Tabs.Where(other => other != tab)
            .Select(other => node.Disk.Chains(other.Spec.Terms.Id)?.Of(other.View.Me).LastOrDefault()?.Page.Content)
            .FirstOrDefault(page => page is not null);

    // The other side's valid page, called invalid.
    private static void SendFalseFault(World world, SimulatedNode node, SimulatedTab tab, LinkEnd link)
    {
        if (node.Disk.Chains(tab.Spec.Terms.Id)?.Of(tab.View.Peer).LastOrDefault() is not { } theirs)
            return;
        var fault = FaultCodec.Encode(
            new Fault(tab.Spec.Terms.Id, tab.View.Me, theirs.Page, Rejections.OverLimit.Name));
        world.Send(link, new FaultFrame(new SignedFault(fault, Signatures.Sign(node.Key, fault.Hash))));
    }
}
