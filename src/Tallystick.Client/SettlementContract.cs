namespace Tallystick.Client;

/// <summary>
/// Proposes that an amount was paid outside, or asks for what one laid out. <c>POST /api/settlements</c>
/// </summary>
/// <param name="Amount">Decimal text, exact: <c>20</c>, <c>20.5</c>.</param>
/// <param name="Peer">The peer's name; may be null when there is only one peer.</param>
/// <param name="Payer">
/// Who paid outside: <c>me</c> or <c>peer</c>. Null: whoever owes; at zero the answer is <c>which-payer</c>.
/// </param>
/// <param name="Method">
/// How it was paid, at most 128 bytes of UTF-8; null for none. <see cref="SettlementMethods.Ask"/> makes it an ask.
/// </param>
/// <param name="Reference">Where to find it, at most 128 bytes of UTF-8, or null.</param>
/// <param name="Asset">The asset's code or code/scale; null for the default.</param>
/// <param name="RequestId">A UUID; sending the same again has no further effect. Null: the node makes one.</param>
public sealed record SettleRequest(
    string Amount,
    string? Peer = null,
    string? Payer = null,
    string? Method = null,
    string? Reference = null,
    string? Asset = null,
    string? RequestId = null);

/// <summary>Who paid, as text in <see cref="SettleRequest.Payer"/>.</summary>
public static class SettlementPayers
{
    /// <summary>This node's person.</summary>
    public const string Me = "me";

    /// <summary>The peer.</summary>
    public const string Peer = "peer";
}

/// <summary>Methods that mean something to programs; any other text is for people.</summary>
public static class SettlementMethods
{
    /// <summary>The proposer laid the amount out for the other, who will owe it by accepting.</summary>
    public const string Ask = "ask";
}

/// <summary>Makes a new revision of an own settlement. <c>POST /api/settlements/{id}/modify</c></summary>
/// <param name="Amount">Decimal text, exact.</param>
/// <param name="Method">Null: as it was.</param>
/// <param name="Reference">Null: as it was.</param>
/// <param name="RequestId">A UUID; sending the same again has no further effect. Null: the node makes one.</param>
public sealed record ModifyRequest(
    string Amount, string? Method = null, string? Reference = null, string? RequestId = null);

/// <summary>
/// Accepts, disputes or books one revision. <c>POST /api/settlements/{id}/accept</c>, <c>/dispute</c>,
/// <c>/received</c>
/// </summary>
/// <param name="Revision">
/// The number of the revision that the person saw, from 1. If there is a newer one, nothing is written and the
/// refusal is <c>not-newest</c>, with the new amount in its sentence.
/// </param>
/// <param name="Reason">For a dispute: at most 256 bytes of UTF-8, or null.</param>
/// <param name="Twins">
/// What becomes of open settlements that look like the same money, when this books: one of
/// <see cref="TwinChoices"/>. Null: then it is refused as <c>has-twin</c>, and nothing is written.
/// </param>
/// <param name="RequestId">A UUID; sending the same again has no further effect. Null: the node makes one.</param>
public sealed record AnswerRequest(
    int Revision, string? Reason = null, string? Twins = null, string? RequestId = null);

/// <summary>What to do with open settlements that look like the one that is booked.</summary>
public static class TwinChoices
{
    /// <summary>It is other money: they stay open.</summary>
    public const string Keep = "keep";

    /// <summary>It is the same money: own ones are withdrawn, the peer's disputed, on the same page.</summary>
    public const string Close = "close";
}

/// <summary>Takes an own settlement back. <c>POST /api/settlements/{id}/withdraw</c></summary>
/// <param name="RequestId">A UUID; sending the same again has no further effect. Null: the node makes one.</param>
public sealed record WithdrawRequest(string? RequestId = null);

/// <summary>The states of a settlement, as text in <see cref="SettlementInfo.State"/>.</summary>
public static class SettlementStates
{
    /// <summary>Asked for here, not yet signed: the peer is off or not ready.</summary>
    public const string Queued = "queued";

    /// <summary>The newest revision is unanswered.</summary>
    public const string Proposed = "proposed";

    /// <summary>The newest revision was disputed.</summary>
    public const string Disputed = "disputed";

    /// <summary>The payer accepted the newest revision; the receiver has yet to say that the money came.</summary>
    public const string Agreed = "agreed";

    /// <summary>The receiver booked it. Never changes again.</summary>
    public const string Settled = "settled";

    /// <summary>Its proposer took it back.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>It was open when a reset of the frozen tab ended it.</summary>
    public const string Ended = "ended";

    /// <summary>Asked for while the peer was off, and refused or cancelled before it was signed.</summary>
    public const string Refused = "refused";
}

/// <summary>What may be done with a settlement now, as text in <see cref="SettlementInfo.Actions"/>.</summary>
public static class SettlementActions
{
    /// <summary>Make a new revision.</summary>
    public const string Modify = "modify";

    /// <summary>Take it back.</summary>
    public const string Withdraw = "withdraw";

    /// <summary>Say yes to the newest revision.</summary>
    public const string Accept = "accept";

    /// <summary>Say no to the newest revision, with a reason.</summary>
    public const string Dispute = "dispute";

    /// <summary>Say that the money came, and book it.</summary>
    public const string Received = "received";
}

/// <summary>A settlement and how it stands.</summary>
/// <param name="Id">
/// What people type: 8 hexadecimal digits, the same on both sides, and from the second revision on its number after a
/// point, as in <c>3f2a81c0.2</c>. So an answer names the revision that was shown.
/// </param>
/// <param name="Key">Names it exactly on this node, for programs; null while it is queued.</param>
/// <param name="Peer">The other's name.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="IsAsk">True when its proposer asks for what was laid out.</param>
/// <param name="Mine">True when this node proposed it.</param>
/// <param name="Paying">True when this node's person is the payer outside.</param>
/// <param name="Amount">Of the newest revision, or of the one that was booked. Exact decimal text.</param>
/// <param name="Method">How it was paid, or null.</param>
/// <param name="Reference">Where to find it, or null.</param>
/// <param name="Revision">The number of the revision whose amount this is, from 1; 0 while it is queued.</param>
/// <param name="State">One of <see cref="SettlementStates"/>.</param>
/// <param name="Title">What it says, a sentence's beginning: <c>bob pays you 20.00 credits by cash</c>.</param>
/// <param name="Standing">How it stands, one sentence.</param>
/// <param name="Seen">False while the peer has not confirmed this node's newest entry on it.</param>
/// <param name="SafeToTransfer">True for the payer of an agreed one whose acceptance the receiver has seen.</param>
/// <param name="Actions">Those of <see cref="SettlementActions"/> that are possible now, and no others.</param>
/// <param name="Time">When this node stored the proposal (or was asked), UTC.</param>
public sealed record SettlementInfo(
    string Id,
    string? Key,
    string Peer,
    string Asset,
    bool IsAsk,
    bool Mine,
    bool Paying,
    string Amount,
    string? Method,
    string? Reference,
    int Revision,
    string State,
    string Title,
    string Standing,
    bool Seen,
    bool SafeToTransfer,
    IReadOnlyList<string> Actions,
    DateTimeOffset Time);

/// <summary>A part of the settlements, newest proposal first. <c>GET /api/settlements</c></summary>
/// <param name="Settlements">Newest first; those that are queued come before all others.</param>
/// <param name="Before">Pass it to get older ones; null when there are none.</param>
public sealed record SettlementList(IReadOnlyList<SettlementInfo> Settlements, string? Before);

/// <summary>A settlement with all that was said of it. <c>GET /api/settlements/{id}</c></summary>
/// <param name="Settlement">How it stands.</param>
/// <param name="Trail">Every revision and answer, oldest first.</param>
/// <param name="LeftOut">True when it has more answers than are shown; the newest are.</param>
/// <param name="BalanceBefore">
/// Where this node stands with the peer without the amount, signed decimal text: on the page that booked it, or now.
/// </param>
/// <param name="BalanceAfter">The same with the amount; what it would be while it is open.</param>
/// <param name="Twins">Ids of other open settlements that look like the same money.</param>
/// <param name="Queued">What was asked for here and waits for the peer, oldest first.</param>
public sealed record SettlementDetail(
    SettlementInfo Settlement,
    IReadOnlyList<SettlementStep> Trail,
    bool LeftOut,
    string BalanceBefore,
    string BalanceAfter,
    IReadOnlyList<string> Twins,
    IReadOnlyList<SettlementWish> Queued);

/// <summary>One thing that was said of a settlement.</summary>
/// <param name="Time">When this node stored it, UTC.</param>
/// <param name="Mine">True when this node said it.</param>
/// <param name="Kind">propose, modify, withdraw, accept, dispute or received.</param>
/// <param name="Revision">The number of the revision that it makes or names; 0 for withdraw.</param>
/// <param name="Amount">Of that revision, exact decimal text, or null.</param>
/// <param name="Text">Method and reference, or a dispute's reason, or null.</param>
/// <param name="Seen">For own ones whether the peer has confirmed it; true for the peer's.</param>
/// <param name="Page">Page number in its author's chain.</param>
/// <param name="Line">Index on the page.</param>
/// <param name="Hash">The page's SHA-256 in hexadecimal.</param>
/// <param name="Signature">Its author's signature over the hash: r and s in hexadecimal.</param>
public sealed record SettlementStep(
    DateTimeOffset Time,
    bool Mine,
    string Kind,
    int Revision,
    string? Amount,
    string? Text,
    bool Seen,
    long Page,
    int Line,
    string Hash,
    string Signature);

/// <summary>Something about a settlement that was asked for here and is not signed yet.</summary>
/// <param name="Kind">As in <see cref="SettlementStep.Kind"/>.</param>
/// <param name="Amount">Exact decimal text, or null.</param>
/// <param name="Id">The short id that <c>cancel</c> takes.</param>
public sealed record SettlementWish(string Kind, string? Amount, string Id);

/// <summary>What came of something that was asked.</summary>
/// <param name="Settlement">How it stands now.</param>
/// <param name="Wish">Where the wish stands: one of <see cref="PaymentStates"/>.</param>
/// <param name="Reason">Why it waits, one sentence, or null.</param>
public sealed record SettlementResult(SettlementInfo Settlement, string Wish, string? Reason);

/// <summary>What came of asking several people for their shares. Made by the program, not by a node.</summary>
/// <param name="Share">What each was asked for, exact decimal text.</param>
/// <param name="Left">What does not divide and stays with the one who asks, exact decimal text.</param>
/// <param name="Asks">One for each who was asked, in the order in which they were named.</param>
public sealed record SplitResult(string Share, string Left, IReadOnlyList<SettlementResult> Asks);

/// <summary>What a settlement's file proves. Made by the program that checks it, which needs no node.</summary>
/// <param name="Holds">Every signature, link, total and answer in it is right.</param>
/// <param name="Lines">What it proves, or the first thing that is wrong, in lines for people.</param>
public sealed record FileProof(bool Holds, IReadOnlyList<string> Lines);

/// <summary>Where a settlement was saved.</summary>
/// <param name="Id">The settlement.</param>
/// <param name="File">The file's full path.</param>
/// <param name="Bytes">Its length.</param>
public sealed record SavedSettlement(string Id, string File, long Bytes);
