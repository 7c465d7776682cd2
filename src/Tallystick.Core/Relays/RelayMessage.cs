using Tallystick.Core.Identity;

namespace Tallystick.Core.Relays;

/// <summary>What a relay and a node that registered there say to each other, outside of the streams.</summary>
public abstract record RelayMessage;

/// <summary>The relay's first word: what the other side has to sign.</summary>
/// <param name="Version">The relay protocol, 1.</param>
/// <param name="Nonce">32 random bytes.</param>
public sealed record ChallengeMessage(int Version, Hash Nonce) : RelayMessage;

/// <summary>Proves a key to the relay.</summary>
/// <param name="Key">The identity.</param>
/// <param name="Signature">64 bytes over <see cref="RelayProof"/>'s hash.</param>
public sealed record RegisterMessage(PublicKey Key, ReadOnlyMemory<byte> Signature) : RelayMessage;

/// <summary>The key is proven, and the node can be called.</summary>
public sealed record RegisteredMessage : RelayMessage;

/// <summary>Asks for a stream to another node.</summary>
/// <param name="Number">The caller's number of this call, which the answer carries.</param>
/// <param name="Callee">Whom.</param>
public sealed record CallMessage(long Number, Fingerprint Callee) : RelayMessage;

/// <summary>The other was told; the ticket opens the caller's end of the stream.</summary>
public sealed record PlacedMessage(long Number, Hash Ticket) : RelayMessage;

/// <summary>There will be no stream.</summary>
/// <param name="Number">The number of the call.</param>
/// <param name="Reason">One of <see cref="RelayReasons"/>.</param>
public sealed record DeclinedMessage(long Number, string Reason) : RelayMessage;

/// <summary>Somebody calls; the ticket opens the callee's end of the stream.</summary>
public sealed record IncomingMessage(Hash Ticket) : RelayMessage;

/// <summary>Asks to be told of everybody who names the same word.</summary>
/// <param name="Word">The hash of the word, see <see cref="RelayProof.HashOfWord"/>.</param>
public sealed record MeetMessage(Hash Word) : RelayMessage;

/// <summary>Somebody who named the same word.</summary>
public sealed record MetMessage(Fingerprint Other) : RelayMessage;

/// <summary>Are you there?</summary>
public sealed record RelayPingMessage : RelayMessage;

/// <summary>The answer to a ping.</summary>
public sealed record RelayPongMessage : RelayMessage;

/// <summary>The last word.</summary>
/// <param name="Reason">One of <see cref="RelayReasons"/>.</param>
public sealed record RelayByeMessage(string Reason) : RelayMessage;
