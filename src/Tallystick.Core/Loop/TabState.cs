using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>The current session of a tab: the one of the Hello that was signed last.</summary>
/// <param name="Link">The number of its link.</param>
/// <param name="Mine">The own Hello; its hash is the basis that new pages of the peer must name.</param>
/// <param name="Theirs">The peer's Hello once it came; its hash is the basis of own pages.</param>
/// <param name="Disputed">True when a head differs: nothing is written, judged or stored but the evidence.</param>
public sealed record Session(long Link, EncodedHello Mine, SignedHello? Theirs, bool Disputed)
{
    /// <summary>The reset that the peer has signed and sent in this session, or null.</summary>
    public SignedReset? Offer { get; init; }
}

/// <summary>Why a tab stops until its operator acts.</summary>
public enum TabStop
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>The peer acknowledged another page of this node's key: two instances, or an abandoned backup.</summary>
    SelfFork,

    /// <summary>Both agreed on line kinds that this program is too old for.</summary>
    UpgradeNeeded,
}

/// <summary>Everything that a tab's loop knows. Immutable; <see cref="TabLoop"/> makes the next one.</summary>
public sealed record TabState
{
    /// <summary>Keys and asset.</summary>
    public required TabTerms Terms { get; init; }

    /// <summary>The own party.</summary>
    public required Party Me { get; init; }

    /// <summary>This process's random id.</summary>
    public required Hash RunId { get; init; }

    /// <summary>The present view: own chain and every stored page of the peer.</summary>
    public required Fold Mine { get; init; }

    /// <summary>
    /// The peer's chain and the own chain up to what the peer has seen: the view of the peer's next page.
    /// </summary>
    public required Fold Theirs { get; init; }

    /// <summary>Why the tab is frozen, or null.</summary>
    public Freeze? Freeze { get; init; }

    /// <summary>Every reset of the tab, oldest first; each began another era.</summary>
    public ImmutableArray<AgreedReset> Resets { get; init; } = [];

    /// <summary>The reset that this node has signed and the peer has not, or null.</summary>
    public EncodedReset? Offer { get; init; }

    /// <summary>The first own page that the peer says is invalid, or null. Told anew in every session.</summary>
    public long? FaultedFrom { get; init; }

    /// <summary>The last offer of the peer that was told to the user.</summary>
    public Hash ToldOffer { get; init; }

    /// <summary>Own pages after the one that the peer has seen, oldest first.</summary>
    public ImmutableQueue<EncodedPage> Unseen { get; init; } = ImmutableQueue<EncodedPage>.Empty;

    /// <summary>How many pages are in <see cref="Unseen"/>.</summary>
    public int UnseenCount { get; init; }

    /// <summary>How many pages with lines are in <see cref="Unseen"/>: the flow control window.</summary>
    public int UnseenWithLines { get; init; }

    /// <summary>The peer's pages with lines that no own page has seen yet.</summary>
    public int OwedPages { get; init; }

    /// <summary>What was asked, is stored as waiting and is not on a page, in order.</summary>
    public IntentQueue Waiting { get; init; } = IntentQueue.Empty;

    /// <summary>
    /// What was asked after those and is not stored: it becomes a page, or is stored as waiting, soon.
    /// </summary>
    public IntentQueue Fresh { get; init; } = IntentQueue.Empty;

    /// <summary>The newest own page that is known to be durable.</summary>
    public long CommittedNumber { get; init; }

    /// <summary>
    /// How often own pages came back from the peer since the start, or were dropped to be asked again.
    /// </summary>
    public long Returned { get; init; }

    /// <summary>No other link up to this number ever carries this tab again.</summary>
    public long Floor { get; init; }

    /// <summary>The current session, or null.</summary>
    public Session? Session { get; init; }

    /// <summary>The hash of the peer's Hello that was stored last.</summary>
    public Hash StoredHello { get; init; }

    /// <summary>Why the tab stops until its operator acts.</summary>
    public TabStop Stop { get; init; }

    /// <summary>The other party.</summary>
    public Party Peer => Me.Other();

    /// <summary>The newest reset: its era and hash; 0 with the tab's id for none.</summary>
    public Head Era => Resets.IsEmpty ? Head.Empty(Terms.Id) : Resets[^1].Content.Head;

    /// <summary>What the store keeps of this state.</summary>
    public TabSnapshot Snapshot => new(Mine, Theirs, Freeze) { Resets = Resets, Offer = Offer };

    /// <summary>The number with which the present era of a chain begins.</summary>
    public long FirstOf(Party party) => Resets.IsEmpty ? 1 : Resets[^1].Reset.Of(party).First;

    /// <summary>The state of a tab as it is read back at start, or of a new one.</summary>
    /// <param name="terms">Keys and asset.</param>
    /// <param name="me">The own party.</param>
    /// <param name="runId">This process's random id.</param>
    /// <param name="snapshot">What was stored, or null for a new tab.</param>
    /// <param name="unseen">Own pages after the one that the peer has seen, oldest first.</param>
    /// <param name="waiting">Intents that wait, in order.</param>
    public static TabState Open(
        TabTerms terms,
        Party me,
        Hash runId,
        TabSnapshot? snapshot,
        ImmutableArray<EncodedPage> unseen,
        ImmutableArray<Intent> waiting)
    {
        snapshot ??= new TabSnapshot(Fold.Empty(terms.Id), Fold.Empty(terms.Id), null);
        var mine = snapshot.Mine;
        return new TabState
        {
            Terms = terms,
            Me = me,
            RunId = runId,
            Mine = mine,
            Theirs = snapshot.Theirs,
            Freeze = snapshot.Freeze,
            Resets = snapshot.Resets,
            Offer = snapshot.Offer,
            FaultedFrom = snapshot.Freeze is { ByMe: false } freeze
                ? freeze.Fault.Content.Fault.Page.Page.Number
                : null,
            Unseen = ImmutableQueue.CreateRange(unseen),
            UnseenCount = unseen.Length,
            UnseenWithLines = unseen.Count(page => !page.Page.IsReceipt),
            // Only whether any page is owed a receipt matters after a start; the count bounds the peer's next burst.
            OwedPages = mine.Of(me.Other()).LastPageWithLines > mine.Of(me).Seen.Number ? 1 : 0,
            Waiting = IntentQueue.Empty.Enqueue(waiting),
            CommittedNumber = mine.Of(me).Head.Number,
        };
    }
}
