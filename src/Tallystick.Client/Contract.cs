namespace Tallystick.Client;

/// <summary>Who a node is and where it can be reached. <c>GET /api/node</c></summary>
/// <param name="Name">What the node calls itself.</param>
/// <param name="Fingerprint">Eight groups of four, to be compared by people.</param>
/// <param name="Key">The compressed P-256 point in hexadecimal.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Listen">HOST:PORT on which peers are heard, or null.</param>
/// <param name="Web">The URL of this API on loopback, or null when it is off.</param>
/// <param name="DataFolder">Where the book is.</param>
/// <param name="Assets">What its tabs count, as code/scale; the first is the default.</param>
/// <param name="SignIn">
/// The link that opens this node's pages and signs a browser in, or null when they are off. Whoever has it can pay.
/// </param>
/// <param name="Relays">The relays at which others can call this node.</param>
/// <param name="Offline">Whether it calls nobody and nobody can call it, because it was started so.</param>
public sealed record NodeInfo(
    string Name,
    string Fingerprint,
    string Key,
    string Version,
    string? Listen,
    string? Web,
    string DataFolder,
    IReadOnlyList<string> Assets,
    string? SignIn = null,
    IReadOnlyList<RelayInfo>? Relays = null,
    bool Offline = false);

/// <summary>A relay at which a node registers.</summary>
/// <param name="Address">HOST:PORT.</param>
/// <param name="Connected">Whether the node can be called there now.</param>
/// <param name="Reach">The address to give to others: relay:HOST:PORT/FINGERPRINT.</param>
public sealed record RelayInfo(string Address, bool Connected, string Reach);

/// <summary>Asks to pay. <c>POST /api/payments</c></summary>
/// <param name="Amount">Decimal text, exact: <c>10</c>, <c>10.5</c>.</param>
/// <param name="Peer">The peer's name; may be null when there is only one peer.</param>
/// <param name="Asset">The asset's code or code/scale; null for the default.</param>
/// <param name="Memo">At most 256 bytes of UTF-8, or null.</param>
/// <param name="RequestId">A UUID; sending the same again has no further effect. Null: the node makes one.</param>
/// <param name="WaitMs">
/// Answer when delivered or refused, at the latest after so many milliseconds; 0: as soon as sent or queued.
/// </param>
public sealed record PayRequest(
    string Amount, string? Peer = null, string? Asset = null, string? Memo = null, string? RequestId = null,
        int WaitMs = 0);

/// <summary>Asks to pay many times in one call. <c>POST /api/payments/batch</c></summary>
/// <param name="Payments">
/// 1 to 1,000. Each stands alone, whatever becomes of the others, and each has a request id of its own.
/// </param>
public sealed record PayBatchRequest(IReadOnlyList<PayRequest> Payments);

/// <summary>What became of the payments of a batch.</summary>
/// <param name="Results">One for each payment, in the same order.</param>
public sealed record PayBatchResult(IReadOnlyList<PaymentResult> Results);

/// <summary>What became of one payment of a batch.</summary>
/// <param name="RequestId">The UUID that was given with it.</param>
/// <param name="State">One of <see cref="PaymentStates"/>; <c>refused</c> also for what was not understood.</param>
/// <param name="Reason">Why it waits or was refused, one sentence, or null.</param>
/// <param name="Refusal">The name of the refusal, or null.</param>
public sealed record PaymentResult(string RequestId, string State, string? Reason, string? Refusal);

/// <summary>The states of a payment, as text in <see cref="Payment.State"/>.</summary>
public static class PaymentStates
{
    /// <summary>Durable on this node, not yet signed: the peer is off or not ready.</summary>
    public const string Queued = "queued";

    /// <summary>On a signed durable page that the peer has not confirmed yet.</summary>
    public const string Sent = "sent";

    /// <summary>The peer confirmed that it stored the page.</summary>
    public const string Delivered = "delivered";

    /// <summary>Refused by a rule; nothing was written.</summary>
    public const string Refused = "refused";

    /// <summary>Taken back while it was queued.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>A payment of this node and where it stands.</summary>
/// <param name="Id">The short id that <c>cancel</c> takes: the last 8 hexadecimal digits of the request id.</param>
/// <param name="RequestId">The UUID.</param>
/// <param name="Peer">The receiver's name.</param>
/// <param name="Amount">Exact decimal text with the asset's decimals.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="State">One of <see cref="PaymentStates"/>.</param>
/// <param name="Reason">Why it waits or was refused, one sentence, or null.</param>
/// <param name="Refusal">The name of the broken rule, or null.</param>
/// <param name="WasOwing">True when this node already owed the peer before it paid.</param>
public sealed record Payment(
    string Id,
    string RequestId,
    string Peer,
    string Amount,
    string Asset,
    string? Memo,
    string State,
    string? Reason,
    string? Refusal,
    bool WasOwing);

/// <summary>One tab in numbers. <c>GET /api/balances</c></summary>
/// <param name="Peer">The peer's name.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Balance">By this node's own book: positive when the peer owes. Exact decimal text with sign.</param>
/// <param name="Queued">The sum of own payments that wait, as decimal text.</param>
/// <param name="CanPay">What may still be paid under the peer's limit, or null for no limit.</param>
/// <param name="PeerCanPay">What the peer may still pay under this node's limit, or null for no limit.</param>
/// <param name="MyLimit">The most the peer may owe, or null for none.</param>
/// <param name="PeerLimit">The most this node may owe, or null for none.</param>
/// <param name="WorstCase">The most this node may come to owe with what is on its way, signed decimal text.</param>
/// <param name="PeerWorstCase">
/// The most the peer may come to owe whatever is on its way, or null when unbounded.
/// </param>
/// <param name="Online">Whether the peer is connected.</param>
/// <param name="Frozen">Why the tab is frozen or has stopped, one sentence, or null.</param>
/// <param name="Opened">False until the peer's first page is here.</param>
public sealed record TabBalance(
    string Peer,
    string Asset,
    string Balance,
    string Queued,
    string? CanPay,
    string? PeerCanPay,
    string? MyLimit,
    string? PeerLimit,
    string WorstCase,
    string? PeerWorstCase,
    bool Online,
    string? Frozen,
    bool Opened);

/// <summary>All tabs and one total for each asset.</summary>
public sealed record Balances(IReadOnlyList<TabBalance> Tabs, IReadOnlyList<AssetTotal> Totals);

/// <summary>The sum of the balances in one asset.</summary>
public sealed record AssetTotal(string Asset, string Balance);

/// <summary>One thing that happened. <c>GET /api/history</c></summary>
/// <param name="Time">When this node stored it (or was asked), UTC.</param>
/// <param name="Peer">The peer's name.</param>
/// <param name="Kind">
/// pay, limit, propose, modify, withdraw, accept, dispute, received, hold, fulfil, release or version.
/// </param>
/// <param name="Mine">True when this node said it.</param>
/// <param name="Amount">Exact decimal text, or null.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Text">Memo, reason or reference, or null.</param>
/// <param name="State">For own entries one of <see cref="PaymentStates"/>; for the peer's <c>delivered</c>.</param>
/// <param name="Id">The short id of the request.</param>
/// <param name="Page">Page number in its author's chain, or null while there is none.</param>
/// <param name="Line">Index on the page, or null.</param>
/// <param name="Reason">Why it was refused, or null.</param>
/// <param name="Change">
/// What it adds to this node's balance, or will when it is written: exact decimal text with a minus or plus; null when
/// it adds nothing.
/// </param>
/// <param name="Settlement">The exact name of the settlement that it belongs to, or null.</param>
/// <param name="IsAsk">Whether that settlement asks for what its proposer laid out.</param>
public sealed record HistoryEntry(
    DateTimeOffset Time,
    string Peer,
    string Kind,
    bool Mine,
    string? Amount,
    string Asset,
    string? Text,
    string State,
    string Id,
    long? Page,
    int? Line,
    string? Reason,
    string? Change = null,
    string? Settlement = null,
    bool IsAsk = false);

/// <summary>A part of the history, newest last, and where the part before it begins.</summary>
/// <param name="Entries">Newest last.</param>
/// <param name="Before">Pass it to get older entries; null when there are none.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryEntry> Entries, string? Before);

/// <summary>A peer. <c>GET /api/peers</c></summary>
/// <param name="Name">This node's name for it.</param>
/// <param name="Fingerprint">Null until its key is known.</param>
/// <param name="Address">HOST:PORT that this node dials, or null.</param>
/// <param name="ClaimedName">What it calls itself, made harmless, or null.</param>
/// <param name="Online">Connected now.</param>
/// <param name="Trouble">Why it is not connected, one sentence, or null.</param>
/// <param name="NameIsClaim">Whether <paramref name="Name"/> is its own word, as nobody here has named it.</param>
/// <param name="NameWarning">With whom or what the name may be confused, one sentence, or null.</param>
public sealed record Peer(
    string Name,
    string? Fingerprint,
    string? Address,
    string? ClaimedName,
    bool Online,
    string? Trouble,
    bool NameIsClaim = false,
    string? NameWarning = null);

/// <summary>Somebody who knocked and is not trusted. Never a peer until accepted.</summary>
/// <param name="NameWarning">With whom or what the name may be confused, one sentence, or null.</param>
public sealed record Stranger(
    string Fingerprint, string ClaimedName, string Address, DateTimeOffset LastSeen, string? NameWarning = null);

/// <summary>Who is on the local network. <c>GET /api/peers/nearby</c></summary>
/// <param name="Looks">Whether this node looks at the local network at all.</param>
/// <param name="Nodes">Who was heard there. Everything of it is a claim until it is proven.</param>
public sealed record Nearby(bool Looks, IReadOnlyList<NearbyPeer> Nodes);

/// <summary>A node that was heard on the local network.</summary>
/// <param name="ClaimedName">What it calls itself, made harmless.</param>
/// <param name="Fingerprint">Of the key that it says to have.</param>
/// <param name="Address">HOST:PORT.</param>
/// <param name="Phrase">Four words that the other person sees, too, if it is they.</param>
/// <param name="Peer">The name of the peer with that key, or null when it is none yet.</param>
public sealed record NearbyPeer(string ClaimedName, string Fingerprint, string Address, string Phrase, string? Peer);

/// <summary>Peers and those who knocked.</summary>
public sealed record Peers(IReadOnlyList<Peer> Known, IReadOnlyList<Stranger> Strangers);

/// <summary>Adds a peer to dial. <c>POST /api/peers</c></summary>
public sealed record AddPeerRequest(string Name, string Address);

/// <summary>Trusts a stranger who knocked. <c>POST /api/peers/accept</c></summary>
/// <param name="Fingerprint">The fingerprint or a unique beginning of it.</param>
/// <param name="Name">A name for it, or null for the one it claims.</param>
public sealed record AcceptPeerRequest(string Fingerprint, string? Name = null);

/// <summary>Renames a peer. <c>PATCH /api/peers/{name}</c></summary>
public sealed record RenamePeerRequest(string Name);

/// <summary>Sets how much the peer may owe. <c>PUT /api/peers/{name}/limit</c></summary>
/// <param name="Limit">Decimal text, or <c>none</c>.</param>
/// <param name="Asset">The asset's code; null for the default.</param>
public sealed record LimitRequest(string Limit, string? Asset = null);

/// <summary>What came of setting a limit.</summary>
/// <param name="Limit">Decimal text, or null for none.</param>
/// <param name="State">One of <see cref="PaymentStates"/>.</param>
public sealed record LimitResult(string Peer, string Asset, string? Limit, string State, string? Reason);

/// <summary>What a reset of a frozen tab would do. <c>GET /api/peers/{name}/reset</c></summary>
/// <param name="Hash">Names exactly this reset: 64 hexadecimal digits, for <see cref="ResetRequest"/>.</param>
/// <param name="Era">How many resets the tab has had with it.</param>
/// <param name="Balance">Where both stand afterwards: positive when the peer owes. Signed decimal text.</param>
/// <param name="MyLimit">The most the peer may owe afterwards, or null for none.</param>
/// <param name="PeerLimit">The most this node may owe afterwards, or null for none.</param>
/// <param name="OpenHolds">How many open holds go on.</param>
/// <param name="VoidPages">How many own pages, which the peer never took, become void.</param>
/// <param name="VoidEntries">What was asked for on those pages. It ends refused and is not done again.</param>
/// <param name="EndedSettlements">How many open settlements end.</param>
/// <param name="AskedByMe">Whether this node has signed exactly this already.</param>
/// <param name="AskedByPeer">Whether the peer has: then a yes completes it.</param>
public sealed record ResetPreview(
    string Peer,
    string Asset,
    string Hash,
    int Era,
    string Balance,
    string? MyLimit,
    string? PeerLimit,
    int OpenHolds,
    int VoidPages,
    IReadOnlyList<VoidEntry> VoidEntries,
    int EndedSettlements,
    bool AskedByMe,
    bool AskedByPeer);

/// <summary>One line of a page that a reset makes void.</summary>
/// <param name="Id">The short id of the request.</param>
/// <param name="Kind">As in <see cref="HistoryEntry"/>.</param>
/// <param name="Amount">Exact decimal text, or null.</param>
/// <param name="Text">Memo, reason or reference, or null.</param>
public sealed record VoidEntry(string Id, string Kind, string? Amount, string? Text);

/// <summary>Says yes to a reset. <c>POST /api/peers/{name}/reset</c></summary>
/// <param name="Hash">The hash of what was shown; nothing else is signed.</param>
/// <param name="Asset">The asset's code; null for the default.</param>
public sealed record ResetRequest(string Hash, string? Asset = null);

/// <summary>What came of a yes.</summary>
/// <param name="State">One of <see cref="ResetStates"/>.</param>
/// <param name="Era">The era that it begins.</param>
/// <param name="Balance">The balance now, signed decimal text.</param>
public sealed record ResetResult(string Peer, string Asset, string State, int Era, string Balance);

/// <summary>How a reset stands.</summary>
public static class ResetStates
{
    /// <summary>Signed here and sent; the peer's person has to say yes too.</summary>
    public const string Asked = "asked";

    /// <summary>Signed by both; the tab goes on.</summary>
    public const string Done = "done";
}

/// <summary>The proof of one tab. <c>GET /api/verify</c></summary>
/// <param name="Matches">Both halves were re-checked and every claim holds.</param>
/// <param name="Line">The proof, or what is wrong, in one line.</param>
/// <param name="MyPages">Pages of this node that were checked.</param>
/// <param name="PeerPages">Pages of the peer that were checked.</param>
/// <param name="Signatures">Signatures that were checked.</param>
/// <param name="Balance">The recomputed balance, signed decimal text.</param>
public sealed record TabProof(
    string Peer, string Asset, bool Matches, string Line, long MyPages, long PeerPages, long Signatures,
        string Balance);

/// <summary>The proofs of all tabs.</summary>
public sealed record Proofs(bool Matches, IReadOnlyList<TabProof> Tabs);

/// <summary>Something to tell the person at once. WebSocket <c>/api/events</c>, one JSON text message each.</summary>
/// <param name="Kind">One of <see cref="NoticeKinds"/>.</param>
/// <param name="Peer">The peer's name, or the stranger's claimed name.</param>
/// <param name="Amount">Exact decimal text, or null.</param>
/// <param name="Asset">The asset's code, or null.</param>
/// <param name="Text">Memo, reason or fingerprint, or null.</param>
/// <param name="Id">The short id of the request, or null.</param>
/// <param name="Settlement">How a settlement stands after what happened to it, or null.</param>
/// <param name="Sequence">
/// One more than the notice before it; never goes back, not even when the node starts again. A gap means that this
/// listener fell behind. Connect with <c>?after=</c> it to hear what came since.
/// </param>
public sealed record Notice(
    string Kind,
    string Peer,
    string? Amount,
    string? Asset,
    string? Text,
    string? Id,
    SettlementInfo? Settlement = null,
    long Sequence = 0);

/// <summary>The kinds of <see cref="Notice"/>.</summary>
public static class NoticeKinds
{
    /// <summary>A peer is connected and ready.</summary>
    public const string Connected = "connected";

    /// <summary>A peer left.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>The peer paid this node.</summary>
    public const string Paid = "paid";

    /// <summary>The peer confirmed that it stored a payment of this node that had been queued.</summary>
    public const string Delivered = "delivered";

    /// <summary>A queued payment was refused.</summary>
    public const string Refused = "refused";

    /// <summary>The peer changed how much this node may owe.</summary>
    public const string Limit = "limit";

    /// <summary>The peer proposed a settlement, or asks for something.</summary>
    public const string Proposed = "proposed";

    /// <summary>The peer modified its settlement; Amount is the new one.</summary>
    public const string Modified = "modified";

    /// <summary>The peer took its settlement back.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The peer, who pays, accepted a settlement of this node.</summary>
    public const string Agreed = "agreed";

    /// <summary>The peer, who is to receive the money, has seen that this node agreed: it is safe to pay.</summary>
    public const string Seen = "seen";

    /// <summary>The peer disputes a settlement of this node; Text is the reason.</summary>
    public const string Disputed = "disputed";

    /// <summary>The peer booked a settlement: the amount was paid.</summary>
    public const string Settled = "settled";

    /// <summary>This node itself said something about a settlement, in whatever program of its person.</summary>
    public const string Settlement = "settlement";

    /// <summary>Somebody used an invitation; Text is the four-word phrase, Id the invitation's.</summary>
    public const string Joined = "joined";

    /// <summary>A stranger knocked; Text is the fingerprint.</summary>
    public const string Knock = "knock";

    /// <summary>This node dialled a peer that has not accepted it yet; Text is this node's own fingerprint.</summary>
    public const string NotYetAccepted = "not-yet-accepted";

    /// <summary>A tab was frozen; Text says why.</summary>
    public const string Frozen = "frozen";

    /// <summary>The peer has signed a reset of the frozen tab and asks this node's person to.</summary>
    public const string ResetAsked = "reset-asked";

    /// <summary>The tab was reset and goes on; Amount is the balance, signed.</summary>
    public const string Reset = "reset";

    /// <summary>What came after the given sequence number is not all there any more: read what counts anew.</summary>
    public const string Missed = "missed";

    /// <summary>Something else the person should know; Text is the sentence.</summary>
    public const string Trouble = "trouble";
}

/// <summary>An error answer, as problem+json (RFC 9457) with the name of the refusal.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Status">
/// The HTTP status: 400 bad input, 404 unknown, 409 refused by a rule, 401 without the token.
/// </param>
/// <param name="Detail">One sentence that says what to do.</param>
/// <param name="Refusal">
/// The rule's name, or <c>bad-amount</c>, <c>unknown-peer</c>, <c>which-peer</c>, <c>oneself</c>, …
/// </param>
public sealed record Problem(string Title, int Status, string Detail, string Refusal);
