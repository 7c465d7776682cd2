using Tallystick.Client;

namespace Tallystick.Node.Web.Inviting;

/// <summary>The page that invites.</summary>
/// <param name="Made">The invitation that was just made, whose link is shown this once; or null.</param>
/// <param name="Invitations">All of them, newest first.</param>
/// <param name="Assets">What a limit can count.</param>
public sealed record InviteModel(NewInvitation? Made, Invitations Invitations, IReadOnlyList<string> Assets)
{
    public string? Limit { get; init; }

    public string? Expires { get; init; }

    /// <summary>Why none was made, one sentence, or null.</summary>
    public string? Problem { get; init; }
}
