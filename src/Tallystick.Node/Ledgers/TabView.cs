using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Ledgers;

/// <summary>A tab as readers see it: an immutable picture of what is durable. Swapped, never changed.</summary>
/// <param name="State">The loop's state when everything in it was durable.</param>
/// <param name="Bug">The broken invariant that stopped the loop, or null.</param>
internal sealed record TabView(TabState State, string? Bug = null)
{
    /// <summary>Keys and asset.</summary>
    public TabTerms Terms => State.Terms;

    /// <summary>This node's party.</summary>
    public Party Me => State.Me;

    /// <summary>Both folds and the freeze.</summary>
    public TabSnapshot Snapshot => State.Snapshot;

    /// <summary>Whether a wish becomes a page at once: there is a session and both chains are level.</summary>
    public bool Ready => Bug is null && State.IsReady();

    /// <summary>How many intents wait.</summary>
    public int WaitingCount => State.Waiting.Count;

    /// <summary>The sum of the payments that wait, in units.</summary>
    public long WaitingUnits => State.Waiting
        .SelectMany(intent => intent.Lines)
        .OfType<PayLine>()
        .Sum(pay => pay.Amount.Units);

    /// <summary>The most the peer may come to owe whatever is on its way, in units, or null when unbounded.</summary>
    public long? Exposure => Core.Tabs.Exposure.ToPeer(State.Mine, State.Theirs, State.Unseen, Me);

    /// <summary>Why the tab does not go on, one sentence, or null.</summary>
    public string? Trouble => Bug ?? State.Stop switch
    {
        TabStop.SelfFork =>
            "The peer has acknowledged entries that this book lacks: another copy of this node wrote them, "
            + "or an old backup came back. Nothing more is written here.",
        TabStop.UpgradeNeeded =>
            "Both sides agreed on entries that this version of the program does not know. Update it.",
        _ => null,
    };

    /// <summary>The peer's identity.</summary>
    public PublicKey PeerKey => Terms.KeyOf(Me.Other());

    /// <summary>By this node's own book, in units: positive when the peer owes.</summary>
    public long Balance => State.Mine.DebtOf(Me.Other());

    /// <summary>The newest own page that the peer has confirmed.</summary>
    public long SeenByPeer => State.Mine.Of(Me.Other()).Seen.Number;
}

/// <summary>Where a wish stands after it was made durable.</summary>
/// <param name="State">Waiting, done, refused or cancelled.</param>
/// <param name="Delivered">Done, and the peer has confirmed the page.</param>
/// <param name="Repeated">True when the same wish had been made before; nothing was done again.</param>
internal readonly record struct IntentOutcome(IntentState State, bool Delivered, bool Repeated);

/// <summary>Something durable that happened on a tab.</summary>
internal abstract record LedgerEvent(TabId Tab);

/// <summary>Pages were stored; <paramref name="Author"/> wrote them. Their lines are what happened.</summary>
internal sealed record PagesStored(TabId Tab, Party Author, ImmutableArray<EncodedPage> Pages) : LedgerEvent(Tab);

/// <summary>An intent was queued, or one that had been queued was written, refused or cancelled.</summary>
/// <param name="Tab">Its tab.</param>
/// <param name="RequestId">The intent.</param>
/// <param name="State">Its state from now on.</param>
/// <param name="WasWaiting">True when it had been queued before.</param>
internal sealed record IntentChanged(TabId Tab, RequestId RequestId, IntentState State, bool WasWaiting)
    : LedgerEvent(Tab);

/// <summary>The peer confirmed own pages up to <paramref name="Number"/>.</summary>
internal sealed record Confirmed(TabId Tab, long Number) : LedgerEvent(Tab);

/// <summary>The tab became ready to write, or stopped being so.</summary>
internal sealed record ReadyChanged(TabId Tab, bool Ready) : LedgerEvent(Tab);

/// <summary>The tab was frozen.</summary>
internal sealed record TabFrozen(TabId Tab, Freeze Freeze) : LedgerEvent(Tab);

/// <summary>The peer has signed a reset and asks this node's user to.</summary>
internal sealed record ResetAskedFor(TabId Tab, EncodedReset Offer) : LedgerEvent(Tab);

/// <summary>The tab was reset; <paramref name="VoidPages"/> own pages became void.</summary>
internal sealed record TabReset(TabId Tab, EncodedReset Reset, int VoidPages) : LedgerEvent(Tab);

/// <summary>The tab stopped; <see cref="TabView.Trouble"/> says why.</summary>
internal sealed record TabStopped(TabId Tab) : LedgerEvent(Tab);
