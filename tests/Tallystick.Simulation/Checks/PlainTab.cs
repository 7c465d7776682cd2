using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Checks;

/// <summary>
/// What both chains of a tab come to, computed the plain way from their lines and not by Core's fold: sums, single
/// decisions, and the bound of each party's debt.
/// </summary>
internal sealed class PlainTab(TabSpec spec, Counts counts)
{
    private readonly PlainParty[] parties = [new(spec.Terms.Id), new(spec.Terms.Id)];
    private readonly Dictionary<(Party, Ref), PlainSettlement> settlements = [];
    private readonly Dictionary<(Party, Ref), PlainHold> holds = [];
    private readonly HashSet<int> done = [];

    public PlainParty Of(Party party) => parties[(int)party];

    public long DebtOf(Party party) => Of(party).Given - Of(party.Other()).Given;

    public long WorstCaseDebtOf(Party party) => DebtOf(party) + Of(party).Held;

    public bool IsDone(int serial) => done.Contains(serial);

    /// <summary>Adds the next page of its author. What it has seen must be here already.</summary>
    public void Add(EncodedPage encoded)
    {
        var page = encoded.Page;
        var me = Of(page.Author);
        if (page.Previous != me.Head.Hash || page.Seen.Number > Of(page.Author.Other()).Head.Number)
            throw new Violation("order", $"Page {page.Number} of {page.Author} does not follow what is there.");
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
        counts.Lines += page.Lines.Length;
        CheckBound(page.Author);
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
        var (author, peer) = (page.Author, page.Author.Other());
        switch (line)
        {
            case PayLine pay:
                me.Given += pay.Amount.Units;
                Raise(page, me);
                break;
            case LimitLine limit:
                me.Limits.Add((page.Number, limit.Limit.IsNone ? null : limit.Limit.Units));
                break;
            case ProposeLine propose:
                var made = new PlainSettlement(propose.PayerIsMe ? author : peer);
                made.Revisions.Add(at, propose.Amount.Units);
                settlements.Add((author, at), made);
                break;
            case ModifyLine modify:
                var changed = settlements[(author, modify.Settlement)];
                changed.Revisions.Add(at, modify.Amount.Units);
                settlements.Add((author, at), changed);
                Act(changed, page, answers: false);
                break;
            case WithdrawLine withdraw:
                Act(settlements[(author, withdraw.Settlement)], page, answers: false);
                break;
            case AcceptLine accept:
                var accepted = settlements[(peer, accept.Revision)];
                accepted.Decisions.Add((page.Number, accept.Revision));
                if (accepted.Payer != author)
                    Book(accepted, me, accept.Revision, page, withConsent: true);
                Act(accepted, page, answers: true);
                break;
            case DisputeLine dispute:
                var disputed = settlements[(peer, dispute.Revision)];
                disputed.Decisions.Add((page.Number, null));
                Act(disputed, page, answers: true);
                break;
            case ReceivedLine received:
                var taken = settlements[(author, received.Revision)];
                Book(taken, me, received.Revision, page, taken.DecisionAt(page.Seen.Number) == received.Revision);
                Act(taken, page, answers: false);
                break;
            case HoldLine hold:
                me.Held += hold.Amount.Units;
                holds.Add((author, at), new PlainHold(hold.Amount.Units));
                Raise(page, me);
                break;
            case FulfilLine fulfil:
                Of(peer).Given += Answer(peer, fulfil.Hold);
                break;
            case ReleaseLine release:
                Answer(peer, release.Hold);
                break;
            default:
                throw new Violation("line", $"A line of {line.GetType().Name} was accepted.");
        }
    }

    private void Raise(Page page, PlainParty me) =>
        me.Bound = Of(page.Author.Other()).LimitAt(page.Seen.Number);

    private void Book(PlainSettlement settlement, PlainParty me, Ref revision, Page page, bool withConsent)
    {
        if (settlement.IsBooked)
            throw new Violation("settled-twice", $"Page {page.Number} of {page.Author} settles again.");
        settlement.IsBooked = true;
        var units = settlement.Revisions[revision];
        me.Given += units;
        if (withConsent)
            me.Bound += units;
        else
            Raise(page, me);
    }

    private long Answer(Party author, Ref at)
    {
        var hold = holds[(author, at)];
        if (hold.IsAnswered)
            throw new Violation("answered-twice", $"Hold {at} of {author} is answered again.");
        hold.IsAnswered = true;
        Of(author).Held -= hold.Units;
        return hold.Units;
    }

    // A race: both acted on one settlement, and neither had seen the other's act.
    private void Act(PlainSettlement settlement, Page page, bool answers)
    {
        var other = settlement.LastAct[1 - (int)page.Author];
        if (other.Page > page.Seen.Number && other.Answers != answers)
            counts.Races++;
        settlement.LastAct[(int)page.Author] = (page.Number, answers);
    }
}

/// <summary>One party of a tab, from its lines.</summary>
internal sealed class PlainParty(TabId tab)
{
    public Head Head { get; set; } = Head.Empty(tab);

    public long Given { get; set; }

    public long Held { get; set; }

    /// <summary>The most that the last raise and the bookings since allow; null where there was no limit.</summary>
    public long? Bound { get; set; } = 0;

    /// <summary>Its limits with the pages that set them; null is none.</summary>
    public List<(long Page, long? Units)> Limits { get; } = [];

    public long? LimitAt(long page)
    {
        for (var i = Limits.Count - 1; i >= 0; i--)
        {
            if (Limits[i].Page <= page)
                return Limits[i].Units;
        }
        return 0;
    }
}

/// <summary>One settlement, from its lines.</summary>
internal sealed class PlainSettlement(Party payer)
{
    public Party Payer => payer;

    public Dictionary<Ref, long> Revisions { get; } = [];

    /// <summary>The page of each answer, and the revision if it accepts.</summary>
    public List<(long Page, Ref? Accepted)> Decisions { get; } = [];

    public (long Page, bool Answers)[] LastAct { get; } = new (long, bool)[2];

    public bool IsBooked { get; set; }

    public Ref? DecisionAt(long page) => Decisions.FindLast(decision => decision.Page <= page).Accepted;
}

/// <summary>One hold, from its lines.</summary>
internal sealed class PlainHold(long units)
{
    public long Units => units;

    public bool IsAnswered { get; set; }
}
