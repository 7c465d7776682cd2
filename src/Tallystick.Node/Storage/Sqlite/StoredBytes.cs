using System.Collections.Immutable;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Turns stored bytes back into records. What cannot be read was damaged after it was stored.</summary>
internal static class StoredBytes
{
    public static EncodedPage Page(byte[] bytes) =>
        PageCodec.TryDecode(bytes, out var page, out var refusal) ? page : throw Damaged(refusal);

    public static SignedFault Fault(byte[] bytes, byte[] signature) =>
        FaultCodec.TryDecode(bytes, out var fault, out var refusal)
            ? new SignedFault(fault, signature)
            : throw Damaged(refusal);

    public static EncodedReset Reset(byte[] bytes) =>
        ResetCodec.TryDecode(bytes, out var reset, out var refusal) ? reset : throw Damaged(refusal);

    /// <summary>The lines of an intent, one after another in the form that they take on a page.</summary>
    public static byte[] Of(ImmutableArray<Line> lines)
    {
        var writer = new CanonicalWriter(lines.Sum(LineCodec.EncodedSize));
        foreach (var line in lines)
            LineCodec.Write(writer, line);
        return writer.Finish();
    }

    public static ImmutableArray<Line> Lines(byte[] bytes)
    {
        var reader = new CanonicalReader(bytes);
        var lines = ImmutableArray.CreateBuilder<Line>();
        while (reader.Remaining > 0 && reader.Problem is null)
            lines.Add(LineCodec.Read(ref reader));
        return reader.Finish("intent") is { } refusal ? throw Damaged(refusal) : lines.ToImmutable();
    }

    private static InvalidDataException Damaged(Refusal refusal) => new(refusal.Text);
}
