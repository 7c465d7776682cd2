using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Sync;

/// <summary>A Fault as bytes, without its own signature.</summary>
/// <remarks>
/// <code>
/// "tab-fault/1"   11 bytes
/// tab             hash
/// author          0 or 1, one byte: who says so
/// page            bytes, the page of the other party
/// page signature  64 bytes
/// rejection       text, 1 to 64 of [a-z0-9-]
/// </code>
/// </remarks>
public static class FaultCodec
{
    /// <summary>What a Fault adds to the page that it carries, at most.</summary>
    internal const int MaxOverheadBytes = 256;

    private static ReadOnlySpan<byte> Tag => "tab-fault/1"u8;

    /// <summary>The bytes of the Fault and their hash.</summary>
    public static EncodedFault Encode(Fault fault)
    {
        var page = fault.Page.Content.Bytes;
        var writer = new CanonicalWriter(page.Length + MaxOverheadBytes);
        writer.Raw(Tag);
        writer.Hash(fault.Tab.Hash);
        writer.Byte((byte)fault.Author);
        writer.Bytes(page.Span);
        writer.Raw(fault.Page.Signature.Span);
        writer.Text(fault.Rejection);
        var bytes = writer.Finish();
        return new EncodedFault(fault, bytes, Hash.Of(bytes));
    }

    /// <summary>Reads a Fault. The memory is kept, not copied: the caller must not change it any more.</summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out EncodedFault? fault,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        fault = null;
        var reader = new CanonicalReader(bytes.Span);
        reader.Tag(Tag);
        var tab = new TabId(reader.Hash());
        var author = reader.Party();
        var pageLength = reader.Bytes().Length;
        var pageStart = bytes.Length - reader.Remaining - pageLength;
        var signature = reader.Raw(SignedPage.SignatureSize);
        var rejection = WireName.Read(ref reader);
        refusal = reader.Finish("fault");
        if (refusal is not null
            || !PageCodec.TryDecode(bytes.Slice(pageStart, pageLength), out var page, out refusal))
        {
            return false;
        }
        var content = new Fault(tab, author, new SignedPage(page, signature.ToArray()), rejection);
        fault = new EncodedFault(content, bytes, Hash.Of(bytes.Span));
        return true;
    }
}
