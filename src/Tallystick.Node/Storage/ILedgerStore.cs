using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage;

/// <summary>A tab as it was read from the store at start.</summary>
/// <param name="Terms">Keys and asset.</param>
/// <param name="Me">This node's party.</param>
/// <param name="Snapshot">Both folds and the freeze.</param>
/// <param name="Unseen">Own pages after the one that the peer has seen, oldest first.</param>
/// <param name="Waiting">Intents that wait, in the order in which they were asked.</param>
internal sealed record StoredTab(
    TabTerms Terms, Party Me, TabSnapshot Snapshot, ImmutableArray<SignedPage> Unseen, ImmutableArray<Intent> Waiting);

/// <summary>A tab's part of one transaction.</summary>
/// <param name="Tab">The tab; created when it is not known yet.</param>
/// <param name="Me">This node's party.</param>
/// <param name="Write">What changes. Every page has its signature by now.</param>
internal sealed record TabCommit(TabTerms Tab, Party Me, TabWrite Write);

/// <summary>A peer as it is kept.</summary>
/// <param name="Name">This node's name for it, unique without regard to case.</param>
/// <param name="Key">Its identity, or null until the first proof on a link to <paramref name="Address"/>.</param>
/// <param name="Address">HOST:PORT to dial, or null for a peer that only dials in.</param>
/// <param name="ClaimedName">What it calls itself, or null.</param>
/// <param name="Removed">True for a peer that was removed; its pages are kept.</param>
/// <param name="NameIsOurs">False while the name was taken from the peer's own claim or its address.</param>
internal sealed record StoredPeer(
    long Id, string Name, PublicKey? Key, string? Address, string? ClaimedName, bool Removed, bool NameIsOurs)
{
    /// <summary>Where the peer itself says that it can be dialled, separated by spaces, or null.</summary>
    public string? Told { get; init; }

    /// <summary>The invitation of this peer that this node took and the peer has not confirmed yet, or null.</summary>
    public PendingJoin? Joining { get; init; }

    /// <summary>Where to dial it, the person's own word first; none for a peer that only dials in.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. new[] { Address }.Concat(Told?.Split(' ') ?? []).OfType<string>().Distinct(StringComparer.Ordinal)];
}

/// <summary>An invitation that this node took.</summary>
/// <param name="Token">What it shows to the inviter until that accepts it.</param>
/// <param name="IsNew">Whether the inviter became a peer by it, and is none if it is refused.</param>
internal sealed record PendingJoin(InviteToken Token, bool IsNew);

/// <summary>What became of an invitation.</summary>
internal enum InviteState
{
    /// <summary>Nobody has used it.</summary>
    Open = 0,

    /// <summary>It made somebody a peer, and never will again.</summary>
    Used = 1,

    /// <summary>It was taken back.</summary>
    Revoked = 2,
}

/// <summary>An invitation of this node as it is kept: enough to tell it again, not enough to make it.</summary>
/// <param name="Digest">The hash of the token that a joiner has to show.</param>
/// <param name="CreatedMs">Unix milliseconds.</param>
/// <param name="ExpiresMs">Unix milliseconds.</param>
/// <param name="Asset">What the limit counts.</param>
/// <param name="Limit">The most that each of the two may owe the other.</param>
/// <param name="State">Open, used or revoked.</param>
/// <param name="UsedBy">Who used it, or null.</param>
/// <param name="EndedMs">When it was used or revoked, or null.</param>
internal sealed record StoredInvite(
    Hash Digest, long CreatedMs, long ExpiresMs, Asset Asset, CreditLimit Limit,
    InviteState State = InviteState.Open, PublicKey? UsedBy = null, long? EndedMs = null);

/// <summary>Where an intent stands and what it asked.</summary>
/// <param name="Tab">Its tab.</param>
/// <param name="RequestId">The intent.</param>
/// <param name="State">Its state.</param>
/// <param name="Lines">Its lines, read from the page when it is done.</param>
/// <param name="AskedMs">When it was asked; for an intent that is done, the page's time.</param>
internal sealed record StoredIntent(
    TabId Tab, RequestId RequestId, IntentState State, ImmutableArray<Line> Lines, long AskedMs);

/// <summary>A stored page and when this node stored it.</summary>
/// <param name="Sequence">Grows by one with every page stored on this node, in all tabs.</param>
/// <param name="StoredMs">Unix milliseconds.</param>
internal sealed record StoredPage(long Sequence, long StoredMs, SignedPage Page);

/// <summary>A settlement that was proposed, by its place in the book.</summary>
/// <param name="Tab">Its tab.</param>
/// <param name="Key">Its proposer and its first line.</param>
/// <param name="At">Where that line is stored.</param>
internal sealed record StoredSettlement(TabId Tab, ObjectKey Key, StoredPlace At);

/// <summary>The place of a line in the order in which this node stored its pages.</summary>
internal readonly record struct StoredPlace(long Sequence, int Line)
{
    /// <summary>After everything.</summary>
    public static StoredPlace End => new(long.MaxValue, 0);
}

/// <summary>A line of a settlement and the page that carries it.</summary>
internal sealed record StoredLine(StoredPage Stored, int Index)
{
    public Page Page => Stored.Page.Page;

    public Line Line => Page.Lines[Index];

    public Ref At => new(Page.Number, Index);
}

/// <summary>
/// The book of one node. Appending is conditional on (tab, author, number), which is the lock; cutting the own
/// unacknowledged tail is the only other write to pages. A reset is appended once both chains end where it says, and
/// the next pages follow it with its first numbers; the pages before it stay. A commit that returns is durable; one
/// that throws left nothing.
/// </summary>
/// <remarks>Commits come from one thread; reads from any.</remarks>
internal interface ILedgerStore : IDisposable
{
    /// <summary>Every tab, with what the loops need to go on. Its cost does not grow with history.</summary>
    IReadOnlyList<StoredTab> LoadTabs();

    /// <summary>Writes all of it in one durable transaction, or throws and leaves nothing.</summary>
    void Commit(IReadOnlyList<TabCommit> commits);

    /// <summary>
    /// Pages of one author from number <paramref name="from"/> on, at most <paramref name="most"/>, in order.
    /// </summary>
    IReadOnlyList<StoredPage> ReadPages(TabId tab, Party author, long from, int most);

    /// <summary>The hash of a stored page, or null.</summary>
    Hash? FindPageHash(TabId tab, Party author, long number);

    /// <summary>Pages with lines of the given tabs, newest first, below <paramref name="beforeSequence"/>.</summary>
    IReadOnlyList<StoredPage> ReadNewestPages(IReadOnlyCollection<TabId> tabs, long beforeSequence, int most);

    /// <summary>
    /// The lowest sequence that was stored at that moment or later; one above the newest when there is none. Where the
    /// clock was turned back, one of those near it.
    /// </summary>
    long FindSequence(long storedMs);

    /// <summary>Settlements of the given tabs, newest proposal first, below <paramref name="before"/>.</summary>
    IReadOnlyList<StoredSettlement> ReadNewestSettlements(
        IReadOnlyCollection<TabId> tabs, StoredPlace before, int most);

    /// <summary>
    /// Settlements of any tab, newest first, whose proposal's request id ends in a number of that range.
    /// </summary>
    IReadOnlyList<StoredSettlement> FindSettlements(uint first, uint last, int most);

    /// <summary>The settlement that a stored line is about, or null.</summary>
    ObjectKey? FindSettlement(TabId tab, Party author, Ref line);

    /// <summary>
    /// The lines of a settlement as they were stored, oldest first: all of its proposer's, which are few by the rules,
    /// and the newest <paramref name="mostAnswers"/> of the other party's. Its cost does not grow with the book.
    /// </summary>
    IReadOnlyList<StoredLine> ReadSettlementLines(TabId tab, ObjectKey settlement, int mostAnswers);

    /// <summary>The intent with this id in any tab and any state, or null.</summary>
    StoredIntent? FindIntent(RequestId id);

    /// <summary>Intents of the given tabs that are waiting, refused or cancelled, newest first.</summary>
    IReadOnlyList<StoredIntent> ReadUnsignedIntents(IReadOnlyCollection<TabId> tabs, int most);

    /// <summary>The Hellos stored for a tab, by hash, for checking evidence; null when unknown.</summary>
    byte[]? FindHello(TabId tab, Hash basis);

    /// <summary>Every peer, removed ones too.</summary>
    IReadOnlyList<StoredPeer> LoadPeers();

    /// <summary>Adds (Id 0) or changes a peer durably; returns it with its id.</summary>
    StoredPeer SavePeer(StoredPeer peer);

    /// <summary>
    /// Does the same and marks <paramref name="used"/> as used, in one durable transaction.
    /// </summary>
    /// <exception cref="StoreConflictException">The invitation is not open any more; nothing was written.</exception>
    StoredPeer SavePeer(StoredPeer peer, StoredInvite used);

    /// <summary>Every invitation that is kept.</summary>
    IReadOnlyList<StoredInvite> LoadInvites();

    /// <summary>Adds an invitation, or changes one that is open, durably.</summary>
    void SaveInvite(StoredInvite invite);

    /// <summary>Forgets an invitation.</summary>
    void DropInvite(Hash digest);
}
