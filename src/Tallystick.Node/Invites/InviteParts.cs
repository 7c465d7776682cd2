namespace Tallystick.Node.Invites;

/// <summary>A node's invitations.</summary>
/// <param name="Book">Its own, as they are kept.</param>
/// <param name="Own">Where they are made and redeemed.</param>
/// <param name="Taken">Where those of others are taken.</param>
internal sealed record InviteParts(InviteBook Book, InviteDesk Own, JoinDesk Taken);
