using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Ledgers;

/// <summary>A tab as readers see it: an immutable picture of what is durable. Swapped, never changed.</summary>
/// <param name="Terms">Keys and asset.</param>
/// <param name="Me">This node's party.</param>
/// <param name="Snapshot">Both folds and the freeze.</param>
/// <param name="Ready">Whether a wish becomes a page at once: there is a session and both chains are level.</param>
/// <param name="WaitingCount">How many intents wait.</param>
/// <param name="WaitingUnits">The sum of the payments that wait.</param>
/// <param name="Exposure">The most the peer may come to owe whatever is on its way, in units, or null when unbounded.</param>
/// <param name="Trouble">Why the tab does not go on, one sentence, or null.</param>
internal sealed record TabView(
    TabTerms Terms,
    Party Me,
    TabSnapshot Snapshot,
    bool Ready,
    int WaitingCount,
    long WaitingUnits,
    long? Exposure,
    string? Trouble)
{
    /// <summary>The peer's identity.</summary>
    public PublicKey PeerKey => Terms.KeyOf(Me.Other());

    /// <summary>By this node's own book, in units: positive when the peer owes.</summary>
    public long Balance => Snapshot.Mine.DebtOf(Me.Other());

    /// <summary>The newest own page that the peer has confirmed.</summary>
    public long SeenByPeer => Snapshot.Mine.Of(Me.Other()).Seen.Number;
}

/// <summary>Where a wish stands after it was made durable.</summary>
/// <param name="State">Waiting, done, refused or cancelled.</param>
/// <param name="Delivered">Done, and the peer has confirmed the page.</param>
/// <param name="Repeated">True when the same wish had been made before; nothing was done again.</param>
internal sealed record IntentOutcome(IntentState State, bool Delivered, bool Repeated);

/// <summary>Something durable that happened on a tab.</summary>
internal abstract record LedgerEvent(TabId Tab);

/// <summary>Pages were stored; <paramref name="Author"/> wrote them. Their lines are what happened.</summary>
internal sealed record PagesStored(
    TabId Tab, Party Author, System.Collections.Immutable.ImmutableArray<Tallystick.Core.Pages.SignedPage> Pages)
    : LedgerEvent(Tab);

/// <summary>Intents that had been waiting were written, refused or cancelled.</summary>
internal sealed record IntentChanged(TabId Tab, IntentChange Change) : LedgerEvent(Tab);

/// <summary>The peer confirmed own pages up to <paramref name="Number"/>.</summary>
internal sealed record Confirmed(TabId Tab, long Number) : LedgerEvent(Tab);

/// <summary>The tab became ready to write, or stopped being so.</summary>
internal sealed record ReadyChanged(TabId Tab, bool Ready) : LedgerEvent(Tab);

/// <summary>The tab was frozen.</summary>
internal sealed record TabFrozen(TabId Tab, Freeze Freeze) : LedgerEvent(Tab);
