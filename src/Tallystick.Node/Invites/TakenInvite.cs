using Tallystick.Node.Peers;

namespace Tallystick.Node.Invites;

/// <summary>What came of taking an invitation.</summary>
/// <param name="Answer">The inviter as a peer, or why the invitation cannot be taken.</param>
/// <param name="Outcome">Ends with null when the inviter has accepted this node, else with the reason's name.</param>
/// <param name="IsUsed">False when the two are linked already: then it is not shown, and its limit not set.</param>
internal sealed record TakenInvite(BookAnswer Answer, Task<string?> Outcome, bool IsUsed);
