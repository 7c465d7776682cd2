using Tallystick.Core.Identity;

namespace Tallystick.Core.Links;

/// <summary>Something that happened to the links between this node and one peer.</summary>
/// <param name="NowMs">The time in milliseconds on any clock that never goes back.</param>
/// <param name="HighestNumber">The highest link number that this node has given out so far, to any peer.</param>
public abstract record LinkInput(long NowMs, long HighestNumber);

/// <summary>This node began to dial the peer; the link has its number from now on.</summary>
public sealed record DialStarted(long NowMs, long HighestNumber, long Number) : LinkInput(NowMs, HighestNumber);

/// <summary>Both sides have proven and accepted each other. Nothing is read until an effect says so.</summary>
public sealed record LinkProven(long NowMs, long HighestNumber, long Number, bool IDialled, Hash RunId)
    : LinkInput(NowMs, HighestNumber);

/// <summary><c>chosen</c> arrived. Nothing more is read from the link until an effect says so.</summary>
public sealed record ChosenHeard(long NowMs, long HighestNumber, long Number) : LinkInput(NowMs, HighestNumber);

/// <summary>A pong arrived.</summary>
public sealed record PongHeard(long NowMs, long HighestNumber, long Number, ulong Token)
    : LinkInput(NowMs, HighestNumber);

/// <summary>Anything at all arrived.</summary>
public sealed record LinkHeard(long NowMs, long HighestNumber, long Number) : LinkInput(NowMs, HighestNumber);

/// <summary>The link is gone, or the dial failed. Not said of links that an effect closed.</summary>
public sealed record LinkClosed(long NowMs, long HighestNumber, long Number) : LinkInput(NowMs, HighestNumber);

/// <summary>Nothing happened but time.</summary>
public sealed record TimePassed(long NowMs, long HighestNumber) : LinkInput(NowMs, HighestNumber);
