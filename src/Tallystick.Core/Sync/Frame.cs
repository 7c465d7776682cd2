using System.Collections.Immutable;
using Tallystick.Core.Invites;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Sync;

/// <summary>One message on a link. On the wire: length (4 bytes, big-endian), kind (1 byte), body.</summary>
public abstract record Frame;

/// <summary>The first frame each way.</summary>
public sealed record GreetingFrame(Greeting Greeting) : Frame;

/// <summary>The second frame each way: a signature under tag <c>tab-link/1</c>; see <c>LinkProof</c>.</summary>
public sealed record ProofFrame(ReadOnlyMemory<byte> Signature) : Frame;

/// <summary>The party with the smaller key takes this link; its Hellos follow.</summary>
public sealed record ChosenFrame : Frame;

/// <summary>The last frame before a close on purpose: why, by name.</summary>
/// <param name="Reason">
/// A rejection's name, or <c>not-yet-accepted</c>, <c>replaced</c>, <c>leaving</c>, <c>too-many</c>.
/// </param>
public sealed record ByeFrame(string Reason) : Frame;

/// <summary>Are you there?</summary>
public sealed record PingFrame(ulong Token) : Frame;

/// <summary>I am here.</summary>
public sealed record PongFrame(ulong Token) : Frame;

/// <summary>A Hello for one tab.</summary>
public sealed record HelloFrame(SignedHello Hello) : Frame;

/// <summary>A page of either party.</summary>
public sealed record PageFrame(SignedPage Page) : Frame;

/// <summary>Asks for one page, to see the evidence behind a differing head.</summary>
public sealed record AskPageFrame(TabId Tab, Party Author, long Number) : Frame;

/// <summary>A signed Fault.</summary>
public sealed record FaultFrame(SignedFault Fault) : Frame;

/// <summary>A Reset that its sender has signed, for the other to sign too.</summary>
public sealed record ResetOfferFrame(SignedReset Offer) : Frame;

/// <summary>A Reset that both have signed.</summary>
public sealed record ResetFrame(AgreedReset Reset) : Frame;

/// <summary>Said by a dialler before its proof, to a listener that has proven the key of an invitation.</summary>
public sealed record RedeemFrame(InviteToken Token) : Frame;

/// <summary>Where its sender can be dialled from now on, in place of what it said before: at most 8.</summary>
public sealed record AddressesFrame(ImmutableArray<string> Addresses) : Frame;
