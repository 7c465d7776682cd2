using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Pages;

/// <summary>A line as bytes: kind, length, body. A body is a 16-byte request id and then the kind's fields.</summary>
/// <remarks>
/// <code>
/// kind      fields after the request id (see CanonicalWriter for their forms)
/// Pay       amount integer, memo text
/// Limit     integer: 0 for none, else units + 1
/// Propose   payerIsMe flag, amount integer, method text, reference text
/// Modify    settlement ref, amount integer, method text, reference text
/// Withdraw  settlement ref
/// Accept    revision ref
/// Dispute   revision ref, reason text
/// Received  revision ref
/// Hold      amount integer, number of locks integer, each lock hash, data bytes, notAfter integer (Unix ms)
/// Fulfil    hold ref, number of preimages integer, each preimage 32 bytes
/// Release   hold ref, reason text
/// Version   version integer
/// ref       page integer, line integer
/// </code>
/// The number of a kind tells from which version of the tab it may be used: version = 1 + kind / 64.
/// </remarks>
public static class LineCodec
{
    /// <summary>The fewest bytes of a line: kind, length and an empty body of an unknown kind.</summary>
    internal const int MinLineBytes = 2;

    private const int KindsPerVersion = 64;

    /// <summary>The version of the tab from which a kind may be used.</summary>
    public static int VersionOfKind(int kind) => 1 + kind / KindsPerVersion;

    /// <summary>The number of a line's kind.</summary>
    public static int KindOf(Line line) => line switch
    {
        PayLine => (int)LineKind.Pay,
        LimitLine => (int)LineKind.Limit,
        ProposeLine => (int)LineKind.Propose,
        ModifyLine => (int)LineKind.Modify,
        WithdrawLine => (int)LineKind.Withdraw,
        AcceptLine => (int)LineKind.Accept,
        DisputeLine => (int)LineKind.Dispute,
        ReceivedLine => (int)LineKind.Received,
        HoldLine => (int)LineKind.Hold,
        FulfilLine => (int)LineKind.Fulfil,
        ReleaseLine => (int)LineKind.Release,
        VersionLine => (int)LineKind.Version,
        UnknownLine unknown => unknown.Kind,
        OutOfBoundsLine beyond => beyond.Kind,
        _ => throw new ArgumentOutOfRangeException(nameof(line), line.GetType().Name, "This line has no kind."),
    };

    /// <summary>The bytes that a line takes on a page, kind and length included.</summary>
    public static int EncodedSize(Line line) =>
        CanonicalWriter.SizeOfInteger(KindOf(line)) + CanonicalWriter.SizeOfBytes(LineBody.SizeOf(line));

    /// <summary>One line in bytes of its own.</summary>
    public static byte[] Encode(Line line)
    {
        var writer = new CanonicalWriter(EncodedSize(line));
        Write(writer, line);
        return writer.Finish();
    }

    /// <summary>Reads bytes that hold exactly one line.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Line? line, [NotNullWhen(false)] out Refusal? refusal)
    {
        var reader = new CanonicalReader(bytes);
        line = Read(ref reader);
        refusal = reader.Finish("line");
        line = refusal is null ? line : null;
        return line is not null;
    }

    /// <summary>Writes one line.</summary>
    public static void Write(CanonicalWriter writer, Line line)
    {
        writer.Integer(KindOf(line));
        writer.Integer(LineBody.SizeOf(line));
        LineBody.Write(writer, line);
    }

    /// <summary>Reads one line; an unknown kind and a value beyond its bounds are kept as bytes.</summary>
    public static Line Read(ref CanonicalReader reader) => Read(ref reader, known: null);

    /// <summary>Reads one line; a payment that reads just like a known one is that, not another object.</summary>
    internal static Line Read(ref CanonicalReader reader, Line? known)
    {
        var kind = reader.SmallInteger();
        var bytes = reader.Bytes();
        if (kind is < (int)LineKind.Pay or > (int)LineKind.Version)
            return new UnknownLine(default, kind, ImmutableArray.Create(bytes));

        var body = new CanonicalReader(bytes);
        var id = body.RequestId();
        var line = LineBody.Read(ref body, (LineKind)kind, id, known);
        if (body.Problem is not null || body.Remaining > 0)
            reader.Fail($"in a {(LineKind)kind} line, {body.Problem ?? "bytes follow its end"}");
        return line ?? new OutOfBoundsLine(id, kind, ImmutableArray.Create(bytes));
    }
}
