namespace Tallystick.Core.Tabs;

/// <summary>Every reason to refuse, one line each. docs/PROTOCOL.md explains them in the same order.</summary>
public static class Rejections
{
    // Not attributable, or not final: drop, close the link, no lasting effect.
    public static readonly Rejection BadSignature = Drop("bad-signature");
    public static readonly Rejection BadEncoding = Drop("bad-encoding");
    public static readonly Rejection WrongTab = Drop("wrong-tab");
    public static readonly Rejection StaleHello = Drop("stale-hello");
    public static readonly Rejection StaleBasis = Drop("stale-basis");
    public static readonly Rejection SecondInstance = Drop("second-instance");
    public static readonly Rejection WindowExceeded = Drop("window-exceeded");
    public static readonly Rejection Gap = Drop("gap");
    public static readonly Rejection SeenAhead = Drop("seen-ahead");
    public static readonly Rejection SameKey = Drop("same-key");

    // The author's own signature proves it: not stored, answered with a Fault, the tab freezes.
    public static readonly Rejection Fork = Fault("fork");
    public static readonly Rejection SeenRegress = Fault("seen-regress");
    public static readonly Rejection SeenMismatch = Fault("seen-mismatch");
    public static readonly Rejection EmptyReceipt = Fault("empty-receipt");
    public static readonly Rejection WrongTotals = Fault("wrong-totals");
    public static readonly Rejection WrongDigest = Fault("wrong-digest");
    public static readonly Rejection UnknownKind = Fault("unknown-kind");
    public static readonly Rejection OutOfBounds = Fault("out-of-bounds");
    public static readonly Rejection TotalOverflow = Fault("total-overflow");
    public static readonly Rejection TooManyOpen = Fault("too-many-open");
    public static readonly Rejection TooManyRevisions = Fault("too-many-revisions");
    public static readonly Rejection OverLimit = Fault("over-limit");
    public static readonly Rejection HoldNeedsLimit = Fault("hold-needs-limit");
    public static readonly Rejection UnknownRef = Fault("unknown-ref");
    public static readonly Rejection NotYours = Fault("not-yours");
    public static readonly Rejection Closed = Fault("closed");
    public static readonly Rejection NotNewest = Fault("not-newest");
    public static readonly Rejection NoChange = Fault("no-change");
    public static readonly Rejection NotReceiver = Fault("not-receiver");
    public static readonly Rejection AlreadyAnswered = Fault("already-answered");
    public static readonly Rejection BadPreimage = Fault("bad-preimage");

    // Agreed by both, but this software is older than the tab.
    public static readonly Rejection UpgradeNeeded = new("upgrade-needed", RejectionClass.Stall);

    // Local: only intents are refused so.
    public static readonly Rejection RequestIdReused = Intent("request-id-reused");
    public static readonly Rejection Expired = Intent("expired");
    public static readonly Rejection Frozen = Intent("frozen");
    public static readonly Rejection NotReady = Intent("not-ready");
    public static readonly Rejection SelfFork = Intent("self-fork");
    public static readonly Rejection Voided = Intent("voided");
    public static readonly Rejection NotFrozen = Intent("not-frozen");
    public static readonly Rejection ResetChanged = Intent("reset-changed");
    public static readonly Rejection TooManyWaiting = Intent("too-many-waiting");

    private static Rejection Drop(string name) => new(name, RejectionClass.Drop);

    private static Rejection Fault(string name) => new(name, RejectionClass.Fault);

    private static Rejection Intent(string name) => new(name, RejectionClass.Intent);
}
