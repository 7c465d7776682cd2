using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;

namespace Tallystick.Core.Tabs;

/// <summary>Every refusal with its sentence. Amounts are in units: a tab's asset is not known here.</summary>
internal static class Refusals
{
    public static Refusal WrongTab(TabId tab) =>
        new(Rejections.WrongTab, $"The page belongs to tab {tab}.");

    public static Refusal Gap(long number, long head) =>
        new(Rejections.Gap, $"Page {number} came, but the chain ends with page {head}.");

    public static Refusal SeenAhead(long seen, long head) =>
        new(Rejections.SeenAhead, $"The page has seen page {seen}, but there are only {head}.");

    public static Refusal Fork(long number) =>
        new(Rejections.Fork, $"There are two different chains at page {number}.");

    public static Refusal SeenRegress(long seen, long before) =>
        new(Rejections.SeenRegress, $"The page has seen page {seen}, the one before it had seen page {before}.");

    public static Refusal SeenMismatch(long seen) =>
        new(Rejections.SeenMismatch, $"The page names another page {seen} than the one that was written.");

    public static Refusal EmptyReceipt(long seen) =>
        new(Rejections.EmptyReceipt, $"The receipt for page {seen} covers no new page with lines.");

    public static Refusal WrongTotals(Totals stated, Totals computed) =>
        new(Rejections.WrongTotals, $"The page states {stated}, the view gives {computed}.");

    public static Refusal WrongDigest(Hash stated, Hash computed) =>
        new(Rejections.WrongDigest, $"The page states digest {stated}, the view gives {computed}.");

    public static Refusal UnknownKind(int kind) =>
        new(Rejections.UnknownKind, $"Lines of kind {kind} were never agreed on this tab.");

    public static Refusal UpgradeNeeded(int kind) =>
        new(Rejections.UpgradeNeeded, $"Lines of kind {kind} are agreed on this tab, but this program is too old.");

    public static Refusal LineOutOfBounds(int kind) =>
        new(Rejections.OutOfBounds, $"A line of kind {kind} has a value outside its bounds.");

    public static Refusal TotalOverflow(Amount amount) =>
        new(Rejections.TotalOverflow, $"{amount} more would pass the largest total that a tab can hold.");

    public static Refusal TooManyOpenSettlements() =>
        new(Rejections.TooManyOpen, $"There are {PageBounds.MaxOpenSettlements} open settlements already.");

    public static Refusal TooManyOpenHolds() =>
        new(Rejections.TooManyOpen, $"There are {PageBounds.MaxOpenHolds} open holds already.");

    public static Refusal TooManyRevisions() =>
        new(Rejections.TooManyRevisions, $"The settlement has {PageBounds.MaxRevisions} revisions already.");

    public static Refusal OverLimit(Amount amount, CreditLimit limit, long worst) =>
        new(Rejections.OverLimit, $"{amount} on top of {worst} would pass the limit of {limit} units.");

    public static Refusal HoldNeedsLimit() =>
        new(Rejections.HoldNeedsLimit, "A hold needs a finite limit.");

    public static Refusal UnknownRef(Ref reference) =>
        new(Rejections.UnknownRef, $"There is nothing at {reference}.");

    public static Refusal NotYours(Ref reference) =>
        new(Rejections.NotYours, $"What stands at {reference} is not for its author to change.");

    public static Refusal ClosedSettlement(Ref reference) =>
        new(Rejections.Closed, $"The settlement {reference} is closed.");

    public static Refusal NotNewest(Ref revision, Revision newest) =>
        new(Rejections.NotNewest, $"Revision {revision} was replaced by {newest.Ref} with {newest.Amount} units.");

    public static Refusal NoChange(Ref revision) =>
        new(Rejections.NoChange, $"Revision {revision} has that answer already.");

    public static Refusal NotReceiver(Ref reference) =>
        new(Rejections.NotReceiver, $"Only the receiver of settlement {reference} can book it.");

    public static Refusal AlreadyAnswered(Ref reference) =>
        new(Rejections.AlreadyAnswered, $"The hold {reference} is answered already.");

    public static Refusal BadPreimage(Ref reference) =>
        new(Rejections.BadPreimage, $"The preimages do not open the locks of hold {reference}.");

    public static Refusal TooManyWaiting(int most) =>
        new(Rejections.TooManyWaiting, $"{most} wishes wait on this tab already.");

    public static Refusal Expired() =>
        new(Rejections.Expired, "It was not written before it expired.");

    public static Refusal Frozen() =>
        new(Rejections.Frozen, "The tab is frozen, because one page on it was found invalid.");

    public static Refusal NotReady() =>
        new(Rejections.NotReady, "A hold cannot wait, and the peer is not there.");

    public static Refusal SelfFork() =>
        new(Rejections.SelfFork, "It referred to an entry that was taken back.");

    public static Refusal Voided(long number) =>
        new(Rejections.Voided, $"A reset of the tab made page {number}, on which it stood, void.");

    public static Refusal NotFrozen() =>
        new(Rejections.NotFrozen, "The tab is not frozen, and the other has not asked to reset it.");

    public static Refusal ResetNeedsPeer() =>
        new(Rejections.NotReady, "A reset needs both sides linked and level.");

    public static Refusal ResetChanged() =>
        new(Rejections.ResetChanged, "What a reset would do has changed since it was shown; look at it again.");

    public static Refusal NoNumbersLeft() =>
        new(Rejections.OutOfBounds, "The tab has no page numbers left for a reset.");

    public static Refusal TooLarge() =>
        new(Rejections.OutOfBounds, "It does not fit on one page.");

    public static Refusal StaleHello() =>
        new(Rejections.StaleHello, "The Hello belongs to another link.");

    public static Refusal SecondHello() =>
        new(Rejections.StaleHello, "A link carries one Hello for each tab.");

    public static Refusal OldLink() =>
        new(Rejections.StaleHello, "The tab has moved on from this link.");

    public static Refusal StaleBasis(long number) =>
        new(Rejections.StaleBasis, $"Page {number} is new, but was written for another session.");

    public static Refusal WindowExceeded() =>
        new(Rejections.WindowExceeded, $"More than {PageBounds.WindowPages} pages came without a look at ours.");

    public static Refusal OwnPageUnwanted(long number) =>
        new(Rejections.Gap, $"Own page {number} came back, but the peer never said that it holds it.");
}
