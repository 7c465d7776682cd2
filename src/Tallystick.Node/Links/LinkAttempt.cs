using Tallystick.Core.Identity;
using Tallystick.Core.Invites;

namespace Tallystick.Node.Links;

/// <summary>One link from its number to its end. Its state belongs to the hub's loop.</summary>
#pragma warning disable CA1001 // The source has no timer and is cancelled late by anyone; there is nothing to dispose.
internal sealed class LinkAttempt(long number, DialPlan? plan)
#pragma warning restore CA1001
{
    public long Number { get; } = number;

    /// <summary>What was dialled, or null for a link that was accepted.</summary>
    public DialPlan? Plan { get; } = plan;

    public bool IDialled => Plan is not null;

    /// <summary>The address of the plan that answered the dial, or null.</summary>
    public string? Answered { get; set; }

    /// <summary>Whether it runs through a relay: then the other end of the socket is nowhere near the peer.</summary>
    public bool IsRelayed { get; set; }

    /// <summary>What is shown to the peer, and the key that may see it; or null.</summary>
    public (InviteToken Token, PublicKey Inviter)? Invitation { get; } =
        plan is { Token: { } token, Key: { } inviter } ? (token, inviter) : null;

    /// <summary>Ends the handshake.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Whose choice of links it takes part in: the key expected there, later the proven one.</summary>
    public PublicKey? Peer { get; set; } = plan?.Key;

    /// <summary>The key that was proven, trusted or not.</summary>
    public PublicKey? Found { get; set; }

    /// <summary>The link once it is proven and accepted.</summary>
    public PeerLink? Link { get; set; }

    /// <summary>When it became current, or null.</summary>
    public long? CurrentSinceMs { get; set; }
}
