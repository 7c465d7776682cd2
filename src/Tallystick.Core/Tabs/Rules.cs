using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;

namespace Tallystick.Core.Tabs;

/// <summary>
/// Judges one line in the view of its page. The author asks before it writes and the receiver asks before it stores;
/// both call the same function on the same view, so both get the same answer.
/// </summary>
public static class Rules
{
    /// <summary>
    /// Why <paramref name="line"/> may not be written by <paramref name="author"/> in this view, or null.
    /// </summary>
    public static Refusal? Judge(FoldDraft view, Party author, Line line) => line switch
    {
        PayLine pay => Raise(view, author, pay.Amount),
        LimitLine or VersionLine => null,
        ProposeLine => JudgePropose(view, author),
        ModifyLine modify => JudgeModify(view, author, modify),
        WithdrawLine withdraw => FindOwn(view, author, withdraw.Settlement, out _),
        AcceptLine accept => JudgeAccept(view, author, accept),
        DisputeLine dispute => JudgeAnswer(view, author, dispute.Revision, accepted: false, out _),
        ReceivedLine received => JudgeReceived(view, author, received),
        HoldLine hold => JudgeHold(view, author, hold),
        FulfilLine fulfil => JudgeFulfil(view, author, fulfil),
        ReleaseLine release => FindOpenHold(view, author, release.Hold, out _),
        OutOfBoundsLine beyond => Refusals.LineOutOfBounds(beyond.Kind),
        UnknownLine unknown => JudgeUnknown(view, unknown),
        _ => throw new InvalidOperationException($"No rule for {line.GetType().Name}."),
    };

    /// <summary>
    /// What <paramref name="author"/> may still raise its debt by in this view, in units; null for no limit.
    /// </summary>
    public static long? Headroom(Fold view, Party author)
    {
        var limit = view.Of(author.Other()).Limit;
        return limit.IsNone ? null : Math.Max(0, limit.Units - view.WorstCaseDebtOf(author));
    }

    /// <summary>
    /// Whether a frozen tab still takes <paramref name="line"/>: only what lowers a claim or a right.
    /// </summary>
    public static bool AllowedWhenFrozen(Fold view, Party author, Line line) => line switch
    {
        FulfilLine or ReleaseLine or WithdrawLine or DisputeLine => true,
        LimitLine limit => !limit.Limit.IsNone
            && (view.Of(author).Limit.IsNone || limit.Limit.Units <= view.Of(author).Limit.Units),
        _ => false,
    };

    private static Refusal? Raise(FoldDraft view, Party author, Amount amount)
    {
        var limit = view.Of(author.Other()).Limit;
        var worst = view.WorstCaseDebtOf(author);
        if (!limit.Allows(worst + amount.Units))
            return Refusals.OverLimit(amount, limit, worst);
        return Overflow(view, author, amount);
    }

    private static Refusal? Overflow(FoldDraft view, Party author, Amount amount)
    {
        ref readonly var me = ref view.Of(author);
        return me.Given + me.Held + amount.Units > PageBounds.MaxGivenAndHeld ? Refusals.TotalOverflow(amount) : null;
    }

    private static Refusal? JudgePropose(FoldDraft view, Party author)
    {
        var open = 0;
        foreach (var (key, settlement) in view.Settlements)
        {
            if (key.Creator == author && !settlement.IsClosed)
                open++;
        }
        return open >= PageBounds.MaxOpenSettlements ? Refusals.TooManyOpenSettlements() : null;
    }

    private static Refusal? JudgeModify(FoldDraft view, Party author, ModifyLine modify)
    {
        var refusal = FindOwn(view, author, modify.Settlement, out var settlement);
        if (refusal is not null)
            return refusal;
        return settlement!.Revisions.Length >= PageBounds.MaxRevisions ? Refusals.TooManyRevisions() : null;
    }

    private static Refusal? FindOwn(FoldDraft view, Party author, Ref reference, out Settlement? settlement)
    {
        if (!view.Settlements.TryGetValue(new ObjectKey(author, reference), out settlement))
        {
            return MissingSettlement(
                view, author, reference, view.Settlements.ContainsKey(new ObjectKey(author.Other(), reference)));
        }
        return settlement.IsClosed ? Refusals.ClosedSettlement(reference) : null;
    }

    private static Refusal? JudgeAnswer(
        FoldDraft view, Party author, Ref revision, bool accepted, out Settlement? settlement)
    {
        settlement = view.FindByRevision(author.Other(), revision);
        if (settlement is null)
        {
            return MissingSettlement(
                view, author.Other(), revision, view.FindByRevision(author, revision) is not null);
        }
        if (settlement.IsClosed)
            return Refusals.ClosedSettlement(settlement.Ref);
        if (settlement.Newest.Ref != revision)
            return Refusals.NotNewest(revision, settlement.Newest);
        return settlement.Decision == new Decision(accepted, revision) ? Refusals.NoChange(revision) : null;
    }

    private static Refusal? JudgeAccept(FoldDraft view, Party author, AcceptLine accept)
    {
        var refusal = JudgeAnswer(view, author, accept.Revision, accepted: true, out var settlement);
        if (refusal is not null)
            return refusal;
        return settlement!.Receiver == author ? Overflow(view, author, settlement.Newest.Amount) : null;
    }

    private static Refusal? JudgeReceived(FoldDraft view, Party author, ReceivedLine received)
    {
        var settlement = view.FindByRevision(author, received.Revision);
        if (settlement is null)
        {
            return MissingSettlement(
                view, author, received.Revision, view.FindByRevision(author.Other(), received.Revision) is not null);
        }
        // Closed comes first, because it is all that a view still knows once the record is forgotten.
        if (settlement.IsClosed)
            return Refusals.ClosedSettlement(settlement.Ref);
        if (settlement.Receiver != author)
            return Refusals.NotReceiver(settlement.Ref);
        if (settlement.Newest.Ref != received.Revision)
            return Refusals.NotNewest(received.Revision, settlement.Newest);
        var amount = settlement.Newest.Amount;
        return settlement.Decision == new Decision(true, received.Revision)
            ? Overflow(view, author, amount)
            : Raise(view, author, amount);
    }

    // What is no longer recorded was closed, up to the newest page whose settlements were forgotten.
    private static Refusal MissingSettlement(FoldDraft view, Party proposer, Ref reference, bool onOtherSide)
    {
        if (reference.Page <= view.Of(proposer).SettlementsForgottenTo)
            return Refusals.ClosedSettlement(reference);
        return onOtherSide ? Refusals.NotYours(reference) : Refusals.UnknownRef(reference);
    }

    private static Refusal? JudgeHold(FoldDraft view, Party author, HoldLine hold)
    {
        if (view.Of(author.Other()).Limit.IsNone)
            return Refusals.HoldNeedsLimit();
        var refusal = Raise(view, author, hold.Amount);
        if (refusal is not null)
            return refusal;
        var open = 0;
        foreach (var (key, other) in view.Holds)
        {
            if (key.Creator == author && other.Status == HoldStatus.Open)
                open++;
        }
        return open >= PageBounds.MaxOpenHolds ? Refusals.TooManyOpenHolds() : null;
    }

    private static Refusal? JudgeFulfil(FoldDraft view, Party author, FulfilLine fulfil)
    {
        var refusal = FindOpenHold(view, author, fulfil.Hold, out var hold);
        if (refusal is not null)
            return refusal;
        if (fulfil.Preimages.Length != hold!.Locks.Length)
            return Refusals.BadPreimage(fulfil.Hold);
        Span<byte> preimage = stackalloc byte[Hash.Size];
        for (var i = 0; i < hold.Locks.Length; i++)
        {
            fulfil.Preimages[i].CopyTo(preimage);
            if (Hash.Of(preimage) != hold.Locks[i])
                return Refusals.BadPreimage(fulfil.Hold);
        }
        return null;
    }

    private static Refusal? FindOpenHold(FoldDraft view, Party author, Ref reference, out Hold? hold)
    {
        var promiser = author.Other();
        if (!view.Holds.TryGetValue(new ObjectKey(promiser, reference), out hold))
        {
            if (reference.Page <= view.Of(promiser).HoldsForgottenTo)
                return Refusals.AlreadyAnswered(reference);
            return view.Holds.ContainsKey(new ObjectKey(author, reference))
                ? Refusals.NotYours(reference)
                : Refusals.UnknownRef(reference);
        }
        return hold.Status == HoldStatus.Open ? null : Refusals.AlreadyAnswered(reference);
    }

    private static Refusal JudgeUnknown(FoldDraft view, UnknownLine line)
    {
        var version = LineCodec.VersionOfKind(line.Kind);
        var agreed = Math.Min(view.Of(Party.Zero).Version, view.Of(Party.One).Version);
        return version > 1 && version <= agreed
            ? Refusals.UpgradeNeeded(line.Kind)
            : Refusals.UnknownKind(line.Kind);
    }
}
