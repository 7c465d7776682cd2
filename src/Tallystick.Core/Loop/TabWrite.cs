using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>A page to append. An own new page has no signature yet: Node signs it before the commit.</summary>
/// <param name="Content">The page.</param>
/// <param name="Signature">Its signature, or empty when it is to be signed.</param>
public sealed record PageToStore(EncodedPage Content, ReadOnlyMemory<byte> Signature)
{
    /// <summary>
    /// An own page that this book had lost and the peer gave back. It proves what became of its wishes, whatever the
    /// book says of them; a new page may carry only wishes that are not done.
    /// </summary>
    public bool IsReturned { get; init; }
}

/// <summary>A change of an intent.</summary>
/// <param name="RequestId">The intent.</param>
/// <param name="State">Its state from now on.</param>
/// <param name="Intent">The whole intent, because its lines are on no page.</param>
public sealed record IntentChange(RequestId RequestId, IntentState State, Intent? Intent);

/// <summary>Why a tab is frozen, and the evidence.</summary>
/// <param name="Fault">The Fault that was sent or received.</param>
/// <param name="ByMe">True when this node judged the other's page invalid.</param>
public sealed record Freeze(SignedFault Fault, bool ByMe);

/// <summary>
/// Everything that one step changes in the store, for one transaction. Only the differences between
/// <see cref="Before"/> and <see cref="After"/> need to be written.
/// </summary>
public sealed record TabWrite
{
    /// <summary>The tab as it was stored.</summary>
    public required TabSnapshot Before { get; init; }

    /// <summary>The tab as it is to be stored.</summary>
    public required TabSnapshot After { get; init; }

    /// <summary>
    /// Drop own pages with a higher number before anything is appended (a self-fork or a reset), or null.
    /// </summary>
    public long? TruncateOwnAfter { get; init; }

    /// <summary>
    /// A reset to append after that cut and before the pages, or null: both chains go on with its first numbers, after
    /// its hash. Its own signature is made before the commit.
    /// </summary>
    public AgreedReset? Reset { get; init; }

    /// <summary>
    /// Pages to append, in order. Each must be the next of its author, or the whole transaction fails.
    /// </summary>
    public ImmutableArray<PageToStore> Pages { get; init; } = [];

    /// <summary>
    /// Intents that wait from now on, or were refused or cancelled, in order. What is done stands on one of
    /// <see cref="Pages"/>, and nowhere else.
    /// </summary>
    public ImmutableArray<IntentChange> Intents { get; init; } = [];

    /// <summary>
    /// The other party's Hello that a page of this write names as its basis, when it is not stored yet.
    /// </summary>
    public SignedHello? Hello { get; init; }
}

/// <summary>The part of a tab's state that is read back at start.</summary>
/// <param name="Mine">The fold of the present view: own chain and every stored page of the peer.</param>
/// <param name="Theirs">The fold of the peer's chain and the own chain up to what the peer has seen.</param>
/// <param name="Freeze">Why the tab is frozen, or null.</param>
public sealed record TabSnapshot(Fold Mine, Fold Theirs, Freeze? Freeze)
{
    /// <summary>Every reset of the tab, oldest first.</summary>
    public ImmutableArray<AgreedReset> Resets { get; init; } = [];

    /// <summary>The reset that this node has signed and the peer has not, or null.</summary>
    public EncodedReset? Offer { get; init; }
}
