using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Checks;

/// <summary>
/// What both chains of a tab come to, computed and judged the plain way from their lines and not by Core's fold and
/// rules: sums, single decisions, what each author could see, and the bound of each party's debt.
/// </summary>
internal sealed partial class PlainTab(TabSpec spec, Counts counts)
{
    private readonly PlainParty[] parties = [new(spec.Terms.Id), new(spec.Terms.Id)];
    private readonly Dictionary<(Party, Ref), PlainSettlement> settlements = [];
    private readonly Dictionary<(Party, Ref), PlainHold> holds = [];
    private readonly HashSet<int> done = [];

    /// <summary>What the pages on a disk come to since a reset, or from the beginning.</summary>
    /// <param name="since">The reset that the pages follow, or null.</param>
    /// <param name="upTo">The reset that keeps the last of them, or null for all.</param>
    public static PlainTab Read(SimulatedNode node, TabSpec spec, AgreedReset? since, Reset? upTo)
    {
        var tab = new PlainTab(spec, new Counts());
        if (since is not null)
            tab.GoOnAfter(since);
        var chains = node.Disk.Chains(spec.Terms.Id)!;
        var range = new SendStored(
            0,
            tab.Of(chains.Me).Head.Number + 1,
            upTo?.Of(chains.Me).Kept.Number ?? chains.HeadOf(chains.Me).Number,
            tab.Of(chains.Me.Other()).Head.Number + 1,
            upTo?.Of(chains.Me.Other()).Kept.Number ?? chains.HeadOf(chains.Me.Other()).Number);
        foreach (var page in StoredRange.InOrder(range, chains.Me, (author, from, most) =>
            [.. node.Disk.ReadPages(spec.Terms.Id, author, from, most).Select(stored => stored.Page)]))
        {
            tab.Add(page.Content);
        }
        return tab;
    }

    public PlainParty Of(Party party) => parties[(int)party];

    public long DebtOf(Party party) => Of(party).Given - Of(party.Other()).Given;

    public long WorstCaseDebtOf(Party party) => DebtOf(party) + Of(party).Held;

    public bool IsDone(int serial) => done.Contains(serial);

    /// <summary>Adds the next page of its author. What it has seen must be here already.</summary>
    /// <exception cref="Violation">It does not follow, or no honest node may have written it.</exception>
    public void Add(EncodedPage encoded)
    {
        var page = encoded.Page;
        var (me, peer) = (Of(page.Author), Of(page.Author.Other()));
        if (page.Previous != me.Head.Hash || page.Seen.Number > peer.Head.Number)
            throw new Violation("order", $"Page {page.Number} of {page.Author} does not follow what is there.");
        if (page.Seen.Number < me.Seen)
            throw new Violation("rules", $"Page {page.Number} of {page.Author} has seen less than the one before.");
        if (page.IsReceipt && !peer.HasLinesAfter(me.Seen, page.Seen.Number))
            throw new Violation("rules", $"Page {page.Number} of {page.Author} acknowledges nothing.");
        me.Seen = page.Seen.Number;
        var serial = -1;
        for (var i = 0; i < page.Lines.Length; i++)
        {
            var line = page.Lines[i];
            var of = Names.SerialOf(line.RequestId);
            if (of != serial && of >= 0 && !done.Add(of))
                throw new Violation("twice", $"Wish {of} is on a second page, {page.Number} of {page.Author}.");
            serial = of;
            Add(page, new Ref(page.Number, i), line, me);
        }
        me.Head = encoded.Head;
        if (!page.IsReceipt)
            me.PagesWithLines.Add(page.Number);
        counts.Lines += page.Lines.Length;
        if (page.Totals.Given != me.GivenInView(page.Seen.Number))
            throw new Violation("rules", $"Page {page.Number} of {page.Author} states a wrong sum.");
        CheckBound(page.Author);
    }

    private void GoOnAfter(AgreedReset agreed)
    {
        foreach (var party in new[] { Party.Zero, Party.One })
        {
            var (me, carried) = (Of(party), agreed.Reset.Of(party));
            me.Head = new Head(carried.First - 1, agreed.Content.Hash);
            me.Seen = agreed.Reset.Of(party.Other()).First - 1;
            (me.Given, me.Held) = (carried.Given, carried.Holds.Sum(hold => hold.Amount.Units));
            if (carried.HasLimit)
                me.Limits.Add((me.Head.Number, carried.Limit.IsNone ? null : carried.Limit.Units));
            foreach (var hold in carried.Holds)
                holds.Add((party, hold.Ref), new PlainHold(hold.Amount.Units, hold.Locks));
        }
        Of(Party.Zero).Bound = WorstCaseDebtOf(Party.Zero);
        Of(Party.One).Bound = WorstCaseDebtOf(Party.One);
    }

    /// <summary>The bound on debt: the limit at the last raise, and the bookings with consent after it.</summary>
    private void CheckBound(Party author)
    {
        if (Of(author).Bound is { } bound && WorstCaseDebtOf(author) > bound)
        {
            throw new Violation(
                "bound", $"{author} may owe {WorstCaseDebtOf(author)}, above what its last raise allowed: {bound}.");
        }
    }

    private void Add(Page page, Ref at, Line line, PlainParty me)
    {
        switch (line)
        {
            case PayLine pay:
                me.Given += pay.Amount.Units;
                Raise(page, me);
                break;
            case LimitLine limit:
                me.Limits.Add((page.Number, limit.Limit.IsNone ? null : limit.Limit.Units));
                break;
            case HoldLine hold:
                if (Of(page.Author.Other()).LimitAt(page.Seen.Number) is null)
                    throw new Violation("rules", $"Hold {at} of {page.Author} has no limit to stand under.");
                me.Held += hold.Amount.Units;
                holds.Add((page.Author, at), new PlainHold(hold.Amount.Units, hold.Locks));
                Raise(page, me);
                break;
            case FulfilLine fulfil:
                Fulfil(page, fulfil);
                break;
            case ReleaseLine release:
                Answer(page, release.Hold);
                break;
            default:
                AddToSettlement(page, at, line, me);
                break;
        }
    }

    private void Raise(Page page, PlainParty me) => me.Bound = Of(page.Author.Other()).LimitAt(page.Seen.Number);

    private void Fulfil(Page page, FulfilLine fulfil)
    {
        var hold = Answer(page, fulfil.Hold);
        if (fulfil.Preimages.Length != hold.Locks.Length
            || fulfil.Preimages.Where((preimage, i) => Hash.Of(preimage.ToArray()) != hold.Locks[i]).Any())
        {
            throw new Violation("rules", $"Page {page.Number} of {page.Author} fulfils a hold without its secret.");
        }
        var author = Of(page.Author.Other());
        author.Given += hold.Units;
        author.Fulfilled.Add((page.Number, hold.Units));
    }

    private PlainHold Answer(Page page, Ref at)
    {
        var author = page.Author.Other();
        if (!holds.TryGetValue((author, at), out var hold) || at.Page > page.Seen.Number)
            throw new Violation("rules", $"Page {page.Number} of {page.Author} answers a hold that it has not seen.");
        if (hold.IsAnswered)
            throw new Violation("answered-twice", $"Hold {at} of {author} is answered again.");
        hold.IsAnswered = true;
        Of(author).Held -= hold.Units;
        return hold;
    }
}
