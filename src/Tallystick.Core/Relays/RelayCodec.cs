using System.Buffers;
using System.Buffers.Binary;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Relays;

/// <summary>Messages between a relay and those who registered there. Pure, so that every split can be tested.</summary>
/// <remarks>
/// <code>
/// length   2 bytes, big-endian: the bytes after it, so 1 + the body; 1 to 128
/// kind     1 byte
/// body      1 Challenge   version integer, nonce hash
///           2 Register    key of 33 bytes, signature of 64 bytes
///           3 Registered  empty
///           4 Call        number integer, fingerprint of 20 bytes
///           5 Placed      number integer, ticket hash
///           6 Declined    number integer, reason text of 1 to 64 of [a-z0-9-]
///           7 Incoming    ticket hash
///           8 Meet        hash of the word
///           9 Met         fingerprint of 20 bytes
///          10 Ping        empty
///          11 Pong        empty
///          12 Bye         reason text
/// </code>
/// </remarks>
public static class RelayCodec
{
    /// <summary>The bytes of the length.</summary>
    public const int HeaderBytes = 2;

    /// <summary>The largest length.</summary>
    public const int MaxMessageBytes = 128;

    private enum Kind : byte
    {
        Challenge = 1,
        Register = 2,
        Registered = 3,
        Call = 4,
        Placed = 5,
        Declined = 6,
        Incoming = 7,
        Meet = 8,
        Met = 9,
        Ping = 10,
        Pong = 11,
        Bye = 12,
    }

    /// <summary>Reads the first message of <paramref name="buffer"/> and moves the buffer behind it.</summary>
    /// <param name="buffer">What has arrived. Its memory may be reused as soon as this returns.</param>
    /// <param name="message">The message when complete.</param>
    /// <param name="refusal">Why when refused: always <c>bad-encoding</c>.</param>
    public static FrameReadResult TryRead(
        ref ReadOnlySequence<byte> buffer, out RelayMessage? message, out Refusal? refusal)
    {
        (message, refusal) = (null, null);
        if (buffer.Length < HeaderBytes)
            return FrameReadResult.NeedMore;
        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt16BigEndian(header);
        if (length is 0 or > MaxMessageBytes)
        {
            refusal = new Refusal(
                Rejections.BadEncoding, $"A message claims {length} bytes; 1 to {MaxMessageBytes} are allowed.");
            return FrameReadResult.Refused;
        }
        if (buffer.Length < HeaderBytes + length)
            return FrameReadResult.NeedMore;
        Span<byte> content = stackalloc byte[length];
        buffer.Slice(HeaderBytes, length).CopyTo(content);
        message = ReadBody((Kind)content[0], content[1..], out refusal);
        if (message is null)
            return FrameReadResult.Refused;
        buffer = buffer.Slice(HeaderBytes + length);
        return FrameReadResult.Complete;
    }

    /// <summary>The whole message in bytes, its length first.</summary>
    public static byte[] Write(RelayMessage message)
    {
        var writer = new CanonicalWriter(HeaderBytes + MaxMessageBytes);
        writer.Raw([0, 0]);
        writer.Byte((byte)KindOf(message));
        switch (message)
        {
            case ChallengeMessage challenge:
                writer.Integer(challenge.Version);
                writer.Hash(challenge.Nonce);
                break;
            case RegisterMessage register:
                writer.Key(register.Key);
                writer.Raw(register.Signature.Span);
                break;
            case CallMessage call:
                writer.Integer(call.Number);
                writer.Raw(call.Callee.ToArray());
                break;
            case PlacedMessage placed:
                writer.Integer(placed.Number);
                writer.Hash(placed.Ticket);
                break;
            case DeclinedMessage declined:
                writer.Integer(declined.Number);
                writer.Text(declined.Reason);
                break;
            case IncomingMessage incoming:
                writer.Hash(incoming.Ticket);
                break;
            case MeetMessage meet:
                writer.Hash(meet.Word);
                break;
            case MetMessage met:
                writer.Raw(met.Other.ToArray());
                break;
            case RelayByeMessage bye:
                writer.Text(bye.Reason);
                break;
            default:
                break;
        }
        var bytes = writer.Finish();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(bytes.Length - HeaderBytes));
        return bytes;
    }

    private static Kind KindOf(RelayMessage message) => message switch
    {
        ChallengeMessage => Kind.Challenge,
        RegisterMessage => Kind.Register,
        RegisteredMessage => Kind.Registered,
        CallMessage => Kind.Call,
        PlacedMessage => Kind.Placed,
        DeclinedMessage => Kind.Declined,
        IncomingMessage => Kind.Incoming,
        MeetMessage => Kind.Meet,
        MetMessage => Kind.Met,
        RelayPingMessage => Kind.Ping,
        RelayPongMessage => Kind.Pong,
        RelayByeMessage => Kind.Bye,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "It has no kind."),
    };

    private static RelayMessage? ReadBody(Kind kind, ReadOnlySpan<byte> body, out Refusal? refusal)
    {
        var reader = new CanonicalReader(body);
        RelayMessage? message = kind switch
        {
            Kind.Challenge => new ChallengeMessage(reader.SmallInteger(), reader.Hash()),
            Kind.Register => new RegisterMessage(reader.Key(), reader.Raw(SignedPage.SignatureSize).ToArray()),
            Kind.Registered => new RegisteredMessage(),
            Kind.Call => new CallMessage(reader.Integer(), ReadFingerprint(ref reader)),
            Kind.Placed => new PlacedMessage(reader.Integer(), reader.Hash()),
            Kind.Declined => new DeclinedMessage(reader.Integer(), WireName.Read(ref reader)),
            Kind.Incoming => new IncomingMessage(reader.Hash()),
            Kind.Meet => new MeetMessage(reader.Hash()),
            Kind.Met => new MetMessage(ReadFingerprint(ref reader)),
            Kind.Ping => new RelayPingMessage(),
            Kind.Pong => new RelayPongMessage(),
            Kind.Bye => new RelayByeMessage(WireName.Read(ref reader)),
            _ => null,
        };
        refusal = message is null
            ? new Refusal(Rejections.BadEncoding, $"A message has the unknown kind {(byte)kind}.")
            : reader.Finish("message");
        return refusal is null ? message : null;
    }

    private static Fingerprint ReadFingerprint(ref CanonicalReader reader)
    {
        var bytes = reader.Raw(Fingerprint.Size);
        return bytes.IsEmpty ? default : Fingerprint.FromBytes(bytes);
    }
}
