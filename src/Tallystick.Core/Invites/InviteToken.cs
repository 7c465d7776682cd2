using Tallystick.Core.Identity;

namespace Tallystick.Core.Invites;

/// <summary>What a joiner shows the inviter: whoever knows it has the link. A secret until it is used.</summary>
public readonly record struct InviteToken(Hash Value)
{
    /// <summary>What the inviter keeps: it tells a token again, and nobody who reads it can make the token.</summary>
    public Hash Digest => Hash.Of(Value.ToArray());

    /// <summary>Nothing of the secret, so that none gets into a log.</summary>
    public override string ToString() => "a token";
}
