using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>What a user asked for: durable, unsigned, for one page as a whole or not at all.</summary>
/// <param name="RequestId">The wish; unique on the node.</param>
/// <param name="Lines">One line, or a group that belongs together; each carries <paramref name="RequestId"/>.</param>
/// <param name="AskedMs">When it was asked, Unix milliseconds.</param>
/// <param name="ExpiresMs">When it is refused as <c>expired</c> if still waiting, Unix milliseconds, or null.</param>
public sealed record Intent(RequestId RequestId, ImmutableArray<Line> Lines, long AskedMs, long? ExpiresMs);

/// <summary>How an intent stands.</summary>
public abstract record IntentState;

/// <summary>Queued: durable, not yet signed; can still be cancelled.</summary>
public sealed record IntentWaiting : IntentState;

/// <summary>On a durable page of the own chain.</summary>
public sealed record IntentDone(Ref FirstLine) : IntentState;

/// <summary>Refused by a rule; nothing was signed.</summary>
public sealed record IntentRefused(Refusal Refusal) : IntentState;

/// <summary>Taken back while it was waiting.</summary>
public sealed record IntentCancelled : IntentState;
