using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>Something that happens to a tab. Signatures are verified before an input is made.</summary>
public abstract record TabInput;

/// <summary>The user asks. The request ids were looked up, and are new on this node.</summary>
/// <param name="Intents">What is asked, in order; each stands alone.</param>
/// <param name="Returned">
/// <see cref="TabState.Returned"/> of the durable state before they were looked up: pages that came back since may
/// carry them.
/// </param>
public sealed record Ask(ImmutableArray<Intent> Intents, long Returned) : TabInput
{
    /// <summary>Asks for one thing.</summary>
    public Ask(Intent intent, long returned)
        : this([intent], returned)
    {
    }
}

/// <summary>The user takes an intent back.</summary>
public sealed record Cancel(RequestId RequestId) : TabInput;

/// <summary>A link became the peer's current one: say Hello on it.</summary>
/// <param name="Link">Its number.</param>
/// <param name="HighestLink">The highest link number given out so far on this node.</param>
/// <param name="Binding">What makes the link different from every other.</param>
public sealed record LinkCurrent(long Link, long HighestLink, LinkBinding Binding) : TabInput;

/// <summary>A link is gone.</summary>
public sealed record LinkGone(long Link) : TabInput;

/// <summary>The peer's Hello for this tab came on the peer's current link.</summary>
/// <param name="Link">The link's number.</param>
/// <param name="HighestLink">The highest link number given out so far on this node.</param>
/// <param name="Binding">The link's nonces and certificates.</param>
/// <param name="Hello">The hello.</param>
/// <param name="OwnAtHeld">The stored hash of the own page that the peer says it holds, or null.</param>
/// <param name="PeerAtMine">The stored hash of the peer's page that the peer says is its newest, or null.</param>
public sealed record HelloCame(
    long Link, long HighestLink, LinkBinding Binding, SignedHello Hello, Hash? OwnAtHeld, Hash? PeerAtMine) : TabInput;

/// <summary>A page of either party came.</summary>
/// <param name="Link">The link's number.</param>
/// <param name="Page">The page.</param>
/// <param name="StoredAt">The hash of the stored page with its number, or null.</param>
public sealed record PageCame(long Link, SignedPage Page, Hash? StoredAt) : TabInput;

/// <summary>The peer asks for one page.</summary>
public sealed record PageAsked(long Link, Party Author, long Number) : TabInput;

/// <summary>The peer says that an own page is invalid.</summary>
public sealed record FaultCame(long Link, SignedFault Fault) : TabInput;

/// <summary>The user says yes to a reset.</summary>
/// <param name="Shown">The hash of the reset that was shown; nothing else is signed.</param>
public sealed record ConfirmReset(Hash Shown) : TabInput;

/// <summary>The peer has signed a reset and asks this node to sign it too.</summary>
public sealed record ResetOffered(long Link, SignedReset Offer) : TabInput;

/// <summary>A reset with both signatures came.</summary>
/// <param name="Link">The link's number.</param>
/// <param name="Agreed">The reset.</param>
/// <param name="OwnAtKept">The stored hash of the own page that the reset keeps as the last, or null.</param>
public sealed record ResetCame(long Link, AgreedReset Agreed, Hash? OwnAtKept) : TabInput;

/// <summary>Own pages up to this number are durable.</summary>
public sealed record Committed(long Number) : TabInput;

/// <summary>No more input is waiting, or enough of it was taken: write what is due.</summary>
/// <param name="NowMs">Unix milliseconds.</param>
public sealed record Turn(long NowMs) : TabInput;
