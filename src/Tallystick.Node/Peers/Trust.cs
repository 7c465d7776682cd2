namespace Tallystick.Node.Peers;

/// <summary>What the book says of a key that was proven on a link.</summary>
internal enum Trust
{
    /// <summary>A peer.</summary>
    Peer,

    /// <summary>Not a peer; noted as a stranger who knocked.</summary>
    NotYetAccepted,

    /// <summary>A pinned address showed another key.</summary>
    OtherKey,

    /// <summary>This node itself.</summary>
    Oneself,
}

/// <summary>The verdict, and what the person is told when the key was pinned, knocked first or is refused.</summary>
/// <param name="Trust">Whether the link may go on.</param>
/// <param name="Peer">The peer, when it is one.</param>
/// <param name="Pinned">True when this link made the key a peer.</param>
/// <param name="FirstKnock">The stranger, when it is new.</param>
/// <param name="Trouble">One sentence for the person, or null.</param>
internal sealed record TrustVerdict(
    Trust Trust,
    Storage.StoredPeer? Peer = null,
    bool Pinned = false,
    Stranger? FirstKnock = null,
    string? Trouble = null);
