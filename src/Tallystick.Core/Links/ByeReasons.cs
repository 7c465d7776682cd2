namespace Tallystick.Core.Links;

/// <summary>Why a link was closed on purpose, where no rejection's name says it.</summary>
public static class ByeReasons
{
    /// <summary>The other side does not trust this key yet; trying again later is welcome.</summary>
    public const string NotYetAccepted = "not-yet-accepted";

    /// <summary>Another link to the same peer is used instead.</summary>
    public const string Replaced = "replaced";

    /// <summary>The node stops.</summary>
    public const string Leaving = "leaving";

    /// <summary>A limit on connections or on unsent bytes was reached.</summary>
    public const string TooMany = "too-many";

    /// <summary>The node met an error of its own while it handled a frame.</summary>
    public const string Failed = "failed";

    /// <summary>Nothing was heard for 30 s, and a ping was not answered within 5 s.</summary>
    public const string Silent = "silent";

    /// <summary>The invitation is none of this node's, or its link was changed.</summary>
    public const string InviteUnknown = "invite-unknown";

    /// <summary>Somebody else has used the invitation.</summary>
    public const string InviteUsed = "invite-used";

    /// <summary>The invitation's time is over.</summary>
    public const string InviteExpired = "invite-expired";

    /// <summary>The inviter has taken the invitation back.</summary>
    public const string InviteRevoked = "invite-revoked";

    /// <summary>Whether asking again with the same invitation is of no use.</summary>
    public static bool EndsInvitation(string reason) =>
        reason is InviteUnknown or InviteUsed or InviteExpired or InviteRevoked;
}
