namespace Tallystick.Core.Links;

/// <summary>What is to be done with a link, in the order given.</summary>
/// <param name="Number">The link.</param>
public abstract record LinkEffect(long Number);

/// <summary>Close it, whether it is proven or still dialled; say why. It is never used again.</summary>
public sealed record CloseLink(long Number, string Reason) : LinkEffect(Number);

/// <summary>Send <c>chosen</c>.</summary>
public sealed record SendChosen(long Number) : LinkEffect(Number);

/// <summary>It is the peer's current link from now on: sessions begin here.</summary>
public sealed record MakeCurrent(long Number) : LinkEffect(Number);

/// <summary>Send a ping.</summary>
public sealed record SendPing(long Number, ulong Token) : LinkEffect(Number);

/// <summary>It may be read: reading rests after a proof and after every <c>chosen</c> until this is said.</summary>
public sealed record ReadLink(long Number) : LinkEffect(Number);
