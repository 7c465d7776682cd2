using System.Collections.Immutable;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;

namespace Tallystick.Core.Tabs;

/// <summary>
/// A fold while pages are applied to it. Applying never judges: it sets the fields that the line's author owns,
/// whatever else the view shows, so that every merge order gives the same fold.
/// </summary>
/// <remarks>Mutable and used by one caller; <see cref="ToFold"/> makes the immutable result.</remarks>
public sealed class FoldDraft
{
    private readonly TabId tab;
    private PartyFold zero;
    private PartyFold one;
    private Hash openObjects;

    /// <summary>Begins with <paramref name="fold"/>.</summary>
    public FoldDraft(Fold fold)
    {
        tab = fold.Tab;
        (zero, one) = (fold.Zero, fold.One);
        (Settlements, Holds, openObjects) = (fold.Settlements, fold.Holds, fold.OpenObjects);
    }

    /// <summary>The settlements recorded so far.</summary>
    public ImmutableSortedDictionary<ObjectKey, Settlement> Settlements { get; private set; }

    /// <summary>The holds recorded so far.</summary>
    public ImmutableSortedDictionary<ObjectKey, Hold> Holds { get; private set; }

    /// <summary>What is known of <paramref name="party"/> so far.</summary>
    public ref readonly PartyFold Of(Party party) => ref At(party);

    /// <summary>The debt of <paramref name="party"/> if its open holds are fulfilled, in units.</summary>
    public long WorstCaseDebtOf(Party party) => At(party).Given - At(party.Other()).Given + At(party).Held;

    /// <summary>Applies a page that was judged before, or is known to have been.</summary>
    public void Apply(EncodedPage encoded)
    {
        var page = encoded.Page;
        var lines = page.Lines;
        for (var i = 0; i < lines.Length; i++)
            Apply(page.Author, new Ref(page.Number, i), lines[i]);
        Close(encoded.Head, page);
    }

    /// <summary>Applies one line. The page it stands on is finished by <see cref="Close"/>.</summary>
    /// <exception cref="InvalidOperationException">A bug: the line names what no valid line can name.</exception>
    public void Apply(Party author, Ref at, Line line)
    {
        ref var me = ref At(author);
        switch (line)
        {
            case PayLine pay:
                me = me with { Given = me.Given + pay.Amount.Units };
                break;
            case LimitLine limit:
                me = me with { Limit = limit.Limit, HasLimit = true };
                break;
            case VersionLine version:
                me = me with { Version = Math.Max(me.Version, version.Version) };
                break;
            case ProposeLine or ModifyLine or WithdrawLine or AcceptLine or DisputeLine or ReceivedLine:
                ApplyToSettlement(author, at, line);
                break;
            case HoldLine or FulfilLine or ReleaseLine:
                ApplyToHold(author, at, line);
                break;
            default:
                throw new InvalidOperationException($"A line of {line.GetType().Name} was never judged.");
        }
    }

    /// <summary>Finishes a page: moves the heads and forgets what no line on its way can name any more.</summary>
    public void Close(Head head, Page page)
    {
        ref var me = ref At(page.Author);
        me = me with
        {
            Head = head,
            Seen = page.Seen,
            LastPageWithLines = page.IsReceipt ? me.LastPageWithLines : page.Number,
        };
        if (!Settlements.IsEmpty)
            ForgetSettlements();
        if (!Holds.IsEmpty)
            ForgetHolds();
    }

    /// <summary>The settlement of <paramref name="proposer"/> that has <paramref name="revision"/>, or null.</summary>
    public Settlement? FindByRevision(Party proposer, Ref revision)
    {
        foreach (var (key, settlement) in Settlements)
        {
            if (key.Creator == proposer && settlement.Find(revision) is not null)
                return settlement;
        }
        return null;
    }

    /// <summary>The immutable result.</summary>
    public Fold ToFold() => new()
    {
        Tab = tab,
        Zero = zero,
        One = one,
        Settlements = Settlements,
        Holds = Holds,
        OpenObjects = openObjects,
    };

    /// <summary>A draft that can be thrown away, for lines that belong together.</summary>
    public FoldDraft Copy() => new(ToFold());

    private void ApplyToSettlement(Party author, Ref at, Line line)
    {
        switch (line)
        {
            case ProposeLine propose:
                Put(new Settlement
                {
                    Proposer = author,
                    Payer = propose.PayerIsMe ? author : author.Other(),
                    Revisions = [new Revision(at, propose.Amount, propose.Method, propose.Reference)],
                });
                break;
            case ModifyLine modify:
                var modified = Own(author, modify.Settlement);
                Put(modified with
                {
                    Revisions = modified.Revisions.Add(
                        new Revision(at, modify.Amount, modify.Method, modify.Reference)),
                });
                break;
            case WithdrawLine withdraw:
                Put(Own(author, withdraw.Settlement) with { WithdrawnOnPage = at.Page });
                break;
            case AcceptLine accept:
                var accepted = OfRevision(author.Other(), accept.Revision) with
                {
                    Decision = new Decision(true, accept.Revision),
                    LastAccepted = accept.Revision,
                };
                Put(accepted.Receiver == author ? Book(accepted, accept.Revision, at) : accepted);
                break;
            case DisputeLine dispute:
                Put(OfRevision(author.Other(), dispute.Revision) with
                {
                    Decision = new Decision(false, dispute.Revision),
                });
                break;
            case ReceivedLine received:
                Put(Book(OfRevision(author, received.Revision), received.Revision, at));
                break;
            default:
                throw new InvalidOperationException($"{line.GetType().Name} is no settlement line.");
        }
    }

    private void ApplyToHold(Party author, Ref at, Line line)
    {
        switch (line)
        {
            case HoldLine hold:
                ref var me = ref At(author);
                me = me with { Held = me.Held + hold.Amount.Units };
                Put(new Hold { Author = author, Ref = at, Amount = hold.Amount, Locks = hold.Locks });
                break;
            case FulfilLine fulfil:
                Answer(Held(author.Other(), fulfil.Hold), HoldStatus.Fulfilled, at);
                break;
            case ReleaseLine release:
                Answer(Held(author.Other(), release.Hold), HoldStatus.Released, at);
                break;
            default:
                throw new InvalidOperationException($"{line.GetType().Name} is no hold line.");
        }
    }

    private Settlement Book(Settlement settlement, Ref revision, Ref at)
    {
        if (settlement.Booked is not null)
            throw new InvalidOperationException($"Settlement {settlement.Ref} is booked already.");
        var amount = settlement.Find(revision)!.Amount.Units;
        ref var receiver = ref At(settlement.Receiver);
        receiver = receiver with { Given = receiver.Given + amount };
        return settlement with { Booked = revision, BookedOnPage = at.Page };
    }

    private void Answer(Hold hold, HoldStatus status, Ref at)
    {
        if (hold.Status != HoldStatus.Open)
            throw new InvalidOperationException($"Hold {hold.Ref} is answered already.");
        var units = hold.Amount.Units;
        ref var author = ref At(hold.Author);
        author = author with
        {
            Held = author.Held - units,
            Given = status == HoldStatus.Fulfilled ? author.Given + units : author.Given,
        };
        Put(hold with { Status = status, AnsweredOnPage = at.Page });
    }

    private Settlement Own(Party proposer, Ref settlement) =>
        Settlements.TryGetValue(new ObjectKey(proposer, settlement), out var found)
            ? found
            : throw new InvalidOperationException($"There is no settlement {settlement} of party {proposer}.");

    private Settlement OfRevision(Party proposer, Ref revision) =>
        FindByRevision(proposer, revision)
        ?? throw new InvalidOperationException($"There is no revision {revision} of party {proposer}.");

    private Hold Held(Party author, Ref hold) =>
        Holds.TryGetValue(new ObjectKey(author, hold), out var found)
            ? found
            : throw new InvalidOperationException($"There is no hold {hold} of party {author}.");

    private void Put(Settlement settlement)
    {
        var key = new ObjectKey(settlement.Proposer, settlement.Ref);
        if (Settlements.TryGetValue(key, out var before))
            openObjects ^= StateDigest.OfOpen(before);
        openObjects ^= StateDigest.OfOpen(settlement);
        Settlements = Settlements.SetItem(key, settlement);
    }

    private void Put(Hold hold)
    {
        var key = new ObjectKey(hold.Author, hold.Ref);
        if (Holds.TryGetValue(key, out var before))
            openObjects ^= StateDigest.OfOpen(before);
        openObjects ^= StateDigest.OfOpen(hold);
        Holds = Holds.SetItem(key, hold);
    }

    // A closed settlement can be named until the party that did not close it has seen the closing line. Which records
    // are forgotten is a function of the view alone, so every merge order forgets the same ones.
    private void ForgetSettlements()
    {
        foreach (var (key, settlement) in Settlements)
        {
            var withdrawalSeen = settlement.WithdrawnOnPage != 0
                && At(settlement.Proposer.Other()).Seen.Number >= settlement.WithdrawnOnPage;
            var bookingSeen = settlement.BookedOnPage != 0
                && At(settlement.Payer).Seen.Number >= settlement.BookedOnPage;
            if (!withdrawalSeen && !bookingSeen)
                continue;
            Settlements = Settlements.Remove(key);
            ref var proposer = ref At(settlement.Proposer);
            var newest = settlement.Newest.Ref.Page;
            proposer = proposer with { SettlementsForgottenTo = Math.Max(proposer.SettlementsForgottenTo, newest) };
        }
    }

    private void ForgetHolds()
    {
        foreach (var (key, hold) in Holds)
        {
            if (hold.AnsweredOnPage == 0 || At(hold.Author).Seen.Number < hold.AnsweredOnPage)
                continue;
            Holds = Holds.Remove(key);
            ref var author = ref At(hold.Author);
            author = author with { HoldsForgottenTo = Math.Max(author.HoldsForgottenTo, hold.Ref.Page) };
        }
    }

    private ref PartyFold At(Party party)
    {
        if (party == Party.Zero)
            return ref zero;
        return ref one;
    }
}
