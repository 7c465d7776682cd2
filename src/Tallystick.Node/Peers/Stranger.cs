using Tallystick.Core.Identity;

namespace Tallystick.Node.Peers;

/// <summary>Somebody who proved a key on a link that this node did not ask for. Not a peer.</summary>
/// <param name="Key">The proven key.</param>
/// <param name="ClaimedName">What it calls itself, made harmless.</param>
/// <param name="Address">Where the link came from.</param>
/// <param name="LastSeen">When it knocked last.</param>
internal sealed record Stranger(PublicKey Key, string ClaimedName, string Address, DateTimeOffset LastSeen)
{
    /// <summary>What the person compares.</summary>
    public Fingerprint Fingerprint { get; } = Fingerprint.Of(Key);
}
