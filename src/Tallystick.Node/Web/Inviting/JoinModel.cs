using Tallystick.Client;

namespace Tallystick.Node.Web.Inviting;

/// <summary>The page that takes an invitation.</summary>
/// <param name="Joined">What came of it, or null.</param>
/// <param name="Link">What was pasted, when it was refused.</param>
/// <param name="Problem">Why it was refused, one sentence, or null.</param>
public sealed record JoinModel(JoinResult? Joined = null, string? Link = null, string? Problem = null);
