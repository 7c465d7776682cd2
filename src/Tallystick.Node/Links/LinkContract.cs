using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Core.Sync;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Links;

/// <summary>Whether a proven key is one of this node's peers.</summary>
internal enum TrustDecision
{
    /// <summary>A stranger: told so, closed, free to knock again.</summary>
    NotYetAccepted,

    /// <summary>A peer.</summary>
    Trusted,
}

/// <summary>A peer to dial.</summary>
/// <param name="Address">
/// As <see cref="PeerAddress"/> writes it; by it the peer is known here, and it is tried first.
/// </param>
/// <param name="Key">The key that must be proven there, or null while none is pinned.</param>
internal sealed record DialTarget(string Address, PublicKey? Key)
{
    /// <summary>
    /// Where else the peer may be. Without a key any of them could pin its own, so then only those are used that name
    /// the same fingerprint as the address.
    /// </summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Those of the addresses that only the peer itself says.</summary>
    public IReadOnlyCollection<string> Told { get; init; } = [];

    /// <summary>What is shown to the peer once it has proven its key, so that it accepts this node; or null.</summary>
    public InviteToken? Token { get; init; }
}

/// <summary>Something about a link that a person should hear of.</summary>
internal abstract record LinkNotice;

/// <summary>The node at an address does not trust this one yet. It is asked again every few seconds.</summary>
internal sealed record NotAcceptedThere(string Address, PublicKey Key) : LinkNotice;

/// <summary>A peer has a live link to another process with this node's key: this one is the copy.</summary>
internal sealed record SecondInstanceHere(PublicKey Peer) : LinkNotice;

/// <summary>A second process with a peer's key was refused.</summary>
internal sealed record SecondInstanceThere(PublicKey Peer) : LinkNotice;

/// <summary>Another key than the pinned one was proven at an address. It was not trusted.</summary>
internal sealed record WrongKeyThere(string Address, PublicKey Expected, PublicKey Found) : LinkNotice;

/// <summary>A peer refused the invitation that this node showed, for good.</summary>
internal sealed record InviteRefused(PublicKey Inviter, InviteToken Token, string Reason) : LinkNotice;

/// <summary>The address leads back to this node.</summary>
internal sealed record OneselfThere(string Address) : LinkNotice;

/// <summary>
/// What a <see cref="LinkHub"/> asks and tells. All but <see cref="OnFrame"/> are called one at a time from the hub's
/// loop and must return soon; <see cref="OnFrame"/> is called in order for each link, and waiting in it holds back
/// the peer.
/// </summary>
internal sealed record LinkCallbacks
{
    /// <summary>
    /// Asked on both sides when the other's proof has verified: its greeting, the address that this node dialled
    /// (null when the other dialled) and where it comes from. A key may be pinned to a dialled address here.
    /// </summary>
    public required Func<Greeting, string?, IPEndPoint, TrustDecision> Trust { get; init; }

    /// <summary>
    /// Asked before <see cref="Trust"/> when a dialler shows an invitation: its greeting, proven, the token and where
    /// it comes from. Null when it is a peer from now on, else the name of the reason. Called on the link's own task.
    /// </summary>
    public Func<Greeting, InviteToken, IPAddress, Task<string?>> Redeem { get; init; } =
        (_, _, _) => Task.FromResult<string?>(ByeReasons.InviteUnknown);

    /// <summary>The link is the peer's current link from now on; its frames follow.</summary>
    public required Action<PeerLink> OnCurrent { get; init; }

    /// <summary>A link that had been current is so no more, and why. A frame in hand may still be finishing.</summary>
    public required Action<PeerLink, string> OnGone { get; init; }

    /// <summary>A Hello, page, question for a page or Fault from a trusted peer.</summary>
    public required Func<PeerLink, Frame, ValueTask> OnFrame { get; init; }

    /// <summary>A dial failed: the address and why, in words.</summary>
    public Action<string, string> OnDialFailed { get; init; } = (_, _) => { };

    /// <summary>Something that a person should hear of.</summary>
    public Action<LinkNotice> OnNotice { get; init; } = _ => { };

    /// <summary>A relay is there (null), or why it is not.</summary>
    public Action<PeerAddress, string?> OnRelay { get; init; } = (_, _) => { };

    /// <summary>Somebody who named the same word to a relay: where they are called. It proves nothing.</summary>
    public Action<PeerAddress> OnMet { get; init; } = _ => { };

    /// <summary>A callback threw; the hub goes on.</summary>
    public Action<Exception> OnError { get; init; } = _ => { };
}

/// <summary>Who this node is on its links.</summary>
/// <param name="Identity">The key.</param>
/// <param name="Name">What it calls itself: 1 to 64 bytes of UTF-8.</param>
/// <param name="Listen">Where peers are heard, with port 0 for a free one; null for nowhere.</param>
internal sealed record LinkHubOptions(NodeIdentity Identity, string Name, IPEndPoint? Listen)
{
    public LinkLimits Limits { get; init; } = new();

    /// <summary>Where this node registers so that it can be called there.</summary>
    public IReadOnlyList<PeerAddress> Relays { get; init; } = [];

    /// <summary>Whether this node calls its peers; else it only waits for them.</summary>
    public bool Dials { get; init; } = true;

    /// <summary>A word that it names to its relays, or null; see <see cref="LinkCallbacks.OnMet"/>.</summary>
    public string? Word { get; init; }

    /// <summary>Random for every start of the process.</summary>
    public Hash RunId { get; init; } = RandomHash.Next();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
