using Tallystick.Core.Identity;

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
