using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;

namespace Tallystick.Core.Invites;

/// <summary>
/// What one person sends another so that their nodes become peers: where the inviter is, by which key it is known, and
/// a secret that makes whoever has it the inviter's peer, once.
/// </summary>
/// <param name="Inviter">The key that the joiner pins, and the only one to which the secret is told.</param>
/// <param name="Name">What the inviter calls itself: 1 to 64 bytes of UTF-8. A claim.</param>
/// <param name="Asset">What <paramref name="Limit"/> counts.</param>
/// <param name="Limit">The most that each of the two may owe the other.</param>
/// <param name="ExpiresSeconds">When it ends, in Unix seconds, by the inviter's clock.</param>
/// <param name="Secret">16 random bytes.</param>
/// <param name="Addresses">1 to 8 places to try, each HOST:PORT of at most 262 bytes.</param>
public sealed record InviteLink(
    PublicKey Inviter,
    string Name,
    Asset Asset,
    CreditLimit Limit,
    long ExpiresSeconds,
    UInt128 Secret,
    ImmutableArray<string> Addresses)
{
    /// <summary>What every link begins with.</summary>
    public const string Scheme = "tallystick://";

    /// <summary>The most addresses of a link.</summary>
    public const int MaxAddresses = 8;

    /// <summary>The longest address: the longest DNS name in brackets, and a port.</summary>
    public const int MaxAddressBytes = 262;

    /// <summary>
    /// What the joiner says in place of the secret. It is a hash over the whole link, so that a link of which anything
    /// was changed is none that the inviter knows.
    /// </summary>
    public InviteToken Token => new(InviteLinkCodec.HashOf(this));

    /// <summary>Reads a link; otherwise says in one sentence what is wrong.</summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out InviteLink? link, [NotNullWhen(false)] out string? problem)
    {
        link = InviteLinkCodec.Read(text?.Trim() ?? string.Empty, out problem);
        return link is not null;
    }

    /// <summary>The link as people send it.</summary>
    public override string ToString() => InviteLinkCodec.Write(this);
}
