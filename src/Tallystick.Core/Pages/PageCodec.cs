using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Tallystick.Core.Identity;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Pages;

/// <summary>A page as bytes, without its signature.</summary>
/// <remarks>
/// <code>
/// "tab-page/1"        10 bytes
/// tab                 hash
/// author              0 or 1, one byte
/// number              integer
/// previous            hash
/// seen                head
/// basis               hash
/// time                integer, Unix milliseconds
/// lines               integer (how many), each line as LineCodec says
/// given, taken, held, heldPeer   four integers
/// stateDigest         hash
/// </code>
/// Decoding refuses only what has not this shape. A page of this shape that is beyond a bound is decoded, because
/// it can be attributed and answered with a Fault: <see cref="PageForm"/> finds those.
/// </remarks>
public static class PageCodec
{
    /// <summary>The largest page that is read at all. Between the bound and this it can be faulted.</summary>
    public const int MaxReadableBytes = PageBounds.MaxPageBytes + 4096;

    private static ReadOnlySpan<byte> Tag => "tab-page/1"u8;

    /// <summary>The bytes of the page and their hash.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static EncodedPage Encode(Page page)
    {
        var writer = new CanonicalWriter(EncodedSize(page));
        writer.Raw(Tag);
        writer.Hash(page.Tab.Hash);
        writer.Byte((byte)page.Author);
        writer.Integer(page.Number);
        writer.Hash(page.Previous);
        writer.Head(page.Seen);
        writer.Hash(page.Basis);
        writer.Integer(page.TimeMs);
        writer.Integer(page.Lines.Length);
        foreach (var line in page.Lines)
            LineCodec.Write(writer, line);
        writer.Integer(page.Totals.Given);
        writer.Integer(page.Totals.Taken);
        writer.Integer(page.Totals.Held);
        writer.Integer(page.Totals.HeldPeer);
        writer.Hash(page.StateDigest);
        var bytes = writer.Finish();
        return new EncodedPage(page, bytes, Hash.Of(bytes));
    }

    /// <summary>Reads a page. The memory is kept, not copied: the caller must not change it any more.</summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out EncodedPage? page,
        [NotNullWhen(false)] out Refusal? refusal) => TryDecode(bytes, [], out page, out refusal);

    /// <summary>
    /// Reads a page whose lines may be known already: a payment that reads just like the known line at its place is
    /// that line, not another object. What is known never changes what is read.
    /// </summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes,
        ReadOnlySpan<Line> known,
        [NotNullWhen(true)] out EncodedPage? page,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        page = null;
        var reader = new CanonicalReader(bytes.Span);
        if (bytes.Length > MaxReadableBytes)
            reader.Fail($"it is longer than {MaxReadableBytes} bytes");
        reader.Tag(Tag);
        var content = new Page
        {
            Tab = new TabId(reader.Hash()),
            Author = reader.Party(),
            Number = reader.Integer(),
            Previous = reader.Hash(),
            Seen = reader.Head(),
            Basis = reader.Hash(),
            TimeMs = reader.Integer(),
            Lines = ReadLines(ref reader, known),
            Totals = new Totals(reader.Integer(), reader.Integer(), reader.Integer(), reader.Integer()),
            StateDigest = reader.Hash(),
        };
        refusal = reader.Finish("page");
        if (refusal is null)
            page = new EncodedPage(content, bytes, Hash.Of(bytes.Span));
        return page is not null;
    }

    /// <summary>The bytes that a page takes if it has these lines and the largest possible numbers elsewhere.</summary>
    /// <param name="lineCount">How many lines.</param>
    /// <param name="lineBytes">The sum of their <see cref="LineCodec.EncodedSize"/>.</param>
    public static int LargestSize(int lineCount, int lineBytes) =>
        Tag.Length + 5 * Hash.Size + 1 + 7 * 9 + CanonicalWriter.SizeOfInteger(lineCount) + lineBytes;

    private static int EncodedSize(Page page)
    {
        var size = Tag.Length + 5 * Hash.Size + 1
            + CanonicalWriter.SizeOfInteger(page.Number)
            + CanonicalWriter.SizeOfInteger(page.Seen.Number)
            + CanonicalWriter.SizeOfInteger(page.TimeMs)
            + CanonicalWriter.SizeOfInteger(page.Lines.Length)
            + CanonicalWriter.SizeOfInteger(page.Totals.Given)
            + CanonicalWriter.SizeOfInteger(page.Totals.Taken)
            + CanonicalWriter.SizeOfInteger(page.Totals.Held)
            + CanonicalWriter.SizeOfInteger(page.Totals.HeldPeer);
        foreach (var line in page.Lines)
            size += LineCodec.EncodedSize(line);
        return size;
    }

    private static ImmutableArray<Line> ReadLines(ref CanonicalReader reader, ReadOnlySpan<Line> known)
    {
        var count = reader.Count(LineCodec.MinLineBytes);
        if (count == 0)
            return [];
        var lines = new Line[count];
        for (var i = 0; i < count && reader.Problem is null; i++)
            lines[i] = LineCodec.Read(ref reader, i < known.Length ? known[i] : null);
        return ImmutableCollectionsMarshal.AsImmutableArray(lines);
    }
}
