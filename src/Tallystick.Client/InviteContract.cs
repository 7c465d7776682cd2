namespace Tallystick.Client;

/// <summary>Makes an invitation, good for one person, once. <c>POST /api/invites</c></summary>
/// <param name="Limit">The most that each of the two may owe the other, decimal text; null or none: any amount.</param>
/// <param name="Asset">The asset's code or code/scale, which the limit counts; null for the default.</param>
/// <param name="Expires">How long it is good: <c>30m</c>, <c>12h</c>, <c>1d</c>, up to 30 days; null: 1 day.</param>
public sealed record InviteRequest(string? Limit = null, string? Asset = null, string? Expires = null);

/// <summary>A new invitation. Its link is told here and never again.</summary>
/// <param name="Link">What the other person is sent. Whoever has it first becomes a peer.</param>
/// <param name="Addresses">HOST:PORT each: where the link says that this node is.</param>
/// <param name="OnlyHere">Whether all of these lead back to the computer that dials them.</param>
public sealed record NewInvitation(
    string Link, IReadOnlyList<string> Addresses, bool OnlyHere, Invitation Invitation);

/// <summary>An invitation and what became of it. <c>GET /api/invites/{id}</c></summary>
/// <param name="Id">8 hexadecimal digits. It is no secret.</param>
/// <param name="State">One of <see cref="InviteStates"/>.</param>
/// <param name="Limit">The most that each of the two may owe the other, decimal text, or null for any amount.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Created">UTC.</param>
/// <param name="Expires">UTC, by this node's clock.</param>
/// <param name="Peer">Who used it, by the name of now, or null.</param>
/// <param name="Phrase">Four words that both people see, or null while nobody has used it.</param>
public sealed record Invitation(
    string Id,
    string State,
    string? Limit,
    string Asset,
    DateTimeOffset Created,
    DateTimeOffset Expires,
    string? Peer,
    string? Phrase);

/// <summary>The invitations of a node, newest first. <c>GET /api/invites</c></summary>
public sealed record Invitations(IReadOnlyList<Invitation> All);

/// <summary>How an invitation stands, as text in <see cref="Invitation.State"/>.</summary>
public static class InviteStates
{
    /// <summary>It waits for somebody.</summary>
    public const string Open = "open";

    /// <summary>It made somebody a peer.</summary>
    public const string Used = "used";

    /// <summary>Its time is over.</summary>
    public const string Expired = "expired";

    /// <summary>It was taken back.</summary>
    public const string Revoked = "revoked";
}

/// <summary>Takes somebody's invitation. <c>POST /api/join</c></summary>
/// <param name="Link">The whole link, from <c>tallystick://</c> on.</param>
/// <param name="Name">What the inviter is to be called here, or null for what it calls itself.</param>
/// <param name="WaitMs">
/// Answer when the inviter has answered, at the latest after so many milliseconds, up to 10 minutes.
/// </param>
public sealed record JoinRequest(string Link, string? Name = null, int WaitMs = 0);

/// <summary>What came of taking an invitation. A refusal is an error answer whose name says why.</summary>
/// <param name="Peer">The inviter's name here.</param>
/// <param name="State">One of <see cref="JoinStates"/>.</param>
/// <param name="Fingerprint">The inviter's, by which it is pinned.</param>
/// <param name="Phrase">Four words that both people see.</param>
/// <param name="Limit">
/// The most that the inviter may owe this node, decimal text, or null for any amount; once the invitation is used, both
/// ways.
/// </param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Reason">Why it waits, or that it was not used since the two are linked already; or null.</param>
public sealed record JoinResult(
    string Peer, string State, string Fingerprint, string Phrase, string? Limit, string Asset, string? Reason);

/// <summary>How taking an invitation stands.</summary>
public static class JoinStates
{
    /// <summary>Both are peers.</summary>
    public const string Joined = "joined";

    /// <summary>The inviter has not been reached. The node goes on trying by itself.</summary>
    public const string Waiting = "waiting";
}
