using System.Buffers.Binary;
using System.Collections.Immutable;
using Tallystick.Core.Invites;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Sync;

/// <summary>The kinds of frames and their bodies, writing and reading side by side.</summary>
/// <remarks>
/// <code>
///  1 Greeting    as GreetingCodec says
///  2 Proof       64 bytes, the signature over LinkProof's hash
///  3 Chosen      empty
///  4 Bye         text, 1 to 64 of [a-z0-9-]
///  5 Ping        8 bytes
///  6 Pong        the 8 bytes of the Ping
///  7 Hello       as HelloCodec says, then its signature of 64 bytes
///  8 Page        as PageCodec says, then its signature of 64 bytes
///  9 AskPage     tab hash, author byte, number integer
/// 10 Fault       as FaultCodec says, then its signature of 64 bytes
/// 11 ResetOffer  as ResetCodec says, then the sender's signature of 64 bytes
/// 12 Reset       as ResetCodec says, then the signatures of party 0 and of party 1, 64 bytes each
/// 13 Redeem      the token's hash
/// 14 Addresses   as AddressText says
/// </code>
/// </remarks>
internal static class FrameBody
{
    private const int SignatureSize = SignedPage.SignatureSize;
    private const int SmallFrameBytes = 128;

    private enum Kind : byte
    {
        Greeting = 1,
        Proof = 2,
        Chosen = 3,
        Bye = 4,
        Ping = 5,
        Pong = 6,
        Hello = 7,
        Page = 8,
        AskPage = 9,
        Fault = 10,
        ResetOffer = 11,
        Reset = 12,
        Redeem = 13,
        Addresses = 14,
    }

    /// <summary>The frame with its length and kind.</summary>
    public static byte[] Write(Frame frame) => frame switch
    {
        GreetingFrame greeting => Join(Kind.Greeting, GreetingCodec.Encode(greeting.Greeting), default),
        ProofFrame proof => Join(Kind.Proof, default, proof.Signature.Span),
        ChosenFrame => Join(Kind.Chosen, default, default),
        ByeFrame bye => Join(Kind.Bye, Text(bye.Reason), default),
        PingFrame ping => Join(Kind.Ping, Token(ping.Token), default),
        PongFrame pong => Join(Kind.Pong, Token(pong.Token), default),
        HelloFrame { Hello: var hello } => Join(Kind.Hello, hello.Content.Bytes.Span, hello.Signature.Span),
        PageFrame { Page: var page } => Join(Kind.Page, page.Content.Bytes.Span, page.Signature.Span),
        AskPageFrame ask => Join(Kind.AskPage, Question(ask), default),
        FaultFrame { Fault: var fault } => Join(Kind.Fault, fault.Content.Bytes.Span, fault.Signature.Span),
        ResetOfferFrame { Offer: var offer } =>
            Join(Kind.ResetOffer, offer.Content.Bytes.Span, offer.Signature.Span),
        ResetFrame { Reset: var agreed } => Join(
            Kind.Reset,
            agreed.Content.Bytes.Span,
            [.. agreed.SignatureOfZero.Span, .. agreed.SignatureOfOne.Span]),
        RedeemFrame { Token.Value: var token } => Join(Kind.Redeem, token.ToArray(), default),
        AddressesFrame { Addresses: var addresses } => Join(Kind.Addresses, List(addresses), default),
        _ => throw new ArgumentOutOfRangeException(nameof(frame), frame.GetType().Name, "This frame has no kind."),
    };

    /// <summary>The frame, or null and why not.</summary>
    public static Frame? Read(byte kind, ReadOnlyMemory<byte> body, out Refusal? refusal) => (Kind)kind switch
    {
        Kind.Greeting => GreetingCodec.TryDecode(body, out var greeting, out refusal)
            ? new GreetingFrame(greeting)
            : null,
        Kind.Proof => ReadProof(body, out refusal),
        Kind.Chosen or Kind.Bye or Kind.Ping or Kind.Pong or Kind.AskPage or Kind.Redeem or Kind.Addresses =>
            ReadSmall((Kind)kind, body.Span, out refusal),
        Kind.Hello => SplitSignature(ref body, out var signature, out refusal)
            && HelloCodec.TryDecode(body, out var hello, out refusal)
                ? new HelloFrame(new SignedHello(hello, signature))
                : null,
        Kind.Page => SplitSignature(ref body, out var signature, out refusal)
            && PageCodec.TryDecode(body, out var page, out refusal)
                ? new PageFrame(new SignedPage(page, signature))
                : null,
        Kind.Fault => SplitSignature(ref body, out var signature, out refusal)
            && FaultCodec.TryDecode(body, out var fault, out refusal)
                ? new FaultFrame(new SignedFault(fault, signature))
                : null,
        Kind.ResetOffer => SplitSignature(ref body, out var signature, out refusal)
            && ResetCodec.TryDecode(body, out var offer, out refusal)
                ? new ResetOfferFrame(new SignedReset(offer, signature))
                : null,
        Kind.Reset => SplitSignature(ref body, out var ofOne, out refusal)
            && SplitSignature(ref body, out var ofZero, out refusal)
            && ResetCodec.TryDecode(body, out var reset, out refusal)
                ? new ResetFrame(new AgreedReset(reset, ofZero, ofOne))
                : null,
        _ => Refuse($"A frame has the unknown kind {kind}.", out refusal),
    };

    private static byte[] Join(Kind kind, ReadOnlySpan<byte> record, ReadOnlySpan<byte> signature)
    {
        var frame = new byte[FrameCodec.HeaderBytes + 1 + record.Length + signature.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - FrameCodec.HeaderBytes);
        frame[FrameCodec.HeaderBytes] = (byte)kind;
        var body = frame.AsSpan(FrameCodec.HeaderBytes + 1);
        record.CopyTo(body);
        signature.CopyTo(body[record.Length..]);
        return frame;
    }

    private static byte[] Text(string text)
    {
        var writer = new CanonicalWriter(SmallFrameBytes);
        writer.Text(text);
        return writer.Finish();
    }

    private static byte[] Token(ulong token)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, token);
        return bytes;
    }

    private static byte[] Question(AskPageFrame ask)
    {
        var writer = new CanonicalWriter(SmallFrameBytes);
        writer.Hash(ask.Tab.Hash);
        writer.Byte((byte)ask.Author);
        writer.Integer(ask.Number);
        return writer.Finish();
    }

    private static byte[] List(ImmutableArray<string> addresses)
    {
        var writer = new CanonicalWriter(SmallFrameBytes);
        AddressText.WriteList(writer, addresses);
        return writer.Finish();
    }

    private static Frame? ReadSmall(Kind kind, ReadOnlySpan<byte> body, out Refusal? refusal)
    {
        var reader = new CanonicalReader(body);
        Frame frame = kind switch
        {
            Kind.Bye => new ByeFrame(WireName.Read(ref reader)),
            Kind.Ping => new PingFrame(reader.Token()),
            Kind.Pong => new PongFrame(reader.Token()),
            Kind.AskPage => new AskPageFrame(new TabId(reader.Hash()), reader.Party(), reader.Integer()),
            Kind.Redeem => new RedeemFrame(new InviteToken(reader.Hash())),
            Kind.Addresses => new AddressesFrame(AddressText.ReadList(ref reader, atLeast: 0)),
            _ => new ChosenFrame(),
        };
        refusal = reader.Finish("frame");
        return refusal is null ? frame : null;
    }

    private static ProofFrame? ReadProof(ReadOnlyMemory<byte> body, out Refusal? refusal)
    {
        if (SplitSignature(ref body, out var signature, out refusal) && body.IsEmpty)
            return new ProofFrame(signature);
        refusal ??= new Refusal(Rejections.BadEncoding, $"A proof is {SignatureSize} bytes.");
        return null;
    }

    private static bool SplitSignature(
        ref ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> signature, out Refusal? refusal)
    {
        if (body.Length < SignatureSize)
        {
            signature = default;
            Refuse($"A signed frame is shorter than its signature of {SignatureSize} bytes.", out refusal);
            return false;
        }
        (signature, refusal) = (body[^SignatureSize..], null);
        body = body[..^SignatureSize];
        return true;
    }

    private static Frame? Refuse(string text, out Refusal? refusal)
    {
        refusal = new Refusal(Rejections.BadEncoding, text);
        return null;
    }
}
