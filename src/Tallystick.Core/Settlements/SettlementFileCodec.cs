using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Settlements;

/// <summary>A settlement's file as bytes.</summary>
/// <remarks>
/// <code>
/// "tab-settlement/1"   16 bytes
/// key0, key1           33 bytes each
/// asset                text (code, 1 to 12), integer (scale)
/// origin               one byte: 0 or 1, the party that saved it; 2 a server that held both keys
/// proposer             party
/// page, line           integers: the line that proposed the settlement
/// pages                integer (how many, at most 4,096), each: bytes, then a signature of 64 bytes
/// </code>
/// </remarks>
public static class SettlementFileCodec
{
    private const int MinPageBytes = 1 + SignedPage.SignatureSize;

    /// <summary>The first bytes of every such file.</summary>
    public static ReadOnlySpan<byte> Tag => "tab-settlement/1"u8;

    /// <summary>The bytes of the file.</summary>
    public static byte[] Encode(SettlementFile file)
    {
        var writer = new CanonicalWriter(1024);
        writer.Raw(Tag);
        writer.Key(file.Key0);
        writer.Key(file.Key1);
        writer.Text(file.Asset.Code);
        writer.Integer(file.Asset.Scale);
        writer.Byte((byte)file.Origin);
        writer.Flag(file.Settlement.Creator == Party.One);
        writer.Integer(file.Settlement.Ref.Page);
        writer.Integer(file.Settlement.Ref.Line);
        writer.Integer(file.Pages.Length);
        foreach (var page in file.Pages)
        {
            writer.Bytes(page.Content.Bytes.Span);
            writer.Raw(page.Signature.Span);
        }
        return writer.Finish();
    }

    /// <summary>Reads a file. Nothing is checked but its form and that of its pages.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out SettlementFile? file,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        file = null;
        var reader = new CanonicalReader(bytes);
        reader.Tag(Tag);
        var (key0, key1) = (reader.Key(), reader.Key());
        var (code, scale) = (reader.Text(1, Asset.MaxCodeLength), reader.SmallInteger());
        var origin = reader.Byte();
        var proposer = reader.Party();
        var at = new Ref(reader.Integer(), reader.SmallInteger());
        var pages = ReadPages(ref reader, out refusal);
        if (!Asset.TryCreate(code, scale, out var asset))
            reader.Fail("its asset is none");
        if (origin > (byte)SettlementFileOrigin.BothKeys)
            reader.Fail("its origin is unknown");
        refusal ??= reader.Finish("file");
        if (refusal is not null)
            return false;
        file = new SettlementFile
        {
            Key0 = key0,
            Key1 = key1,
            Asset = asset!,
            Origin = (SettlementFileOrigin)origin,
            Settlement = new ObjectKey(proposer, at),
            Pages = pages,
        };
        return true;
    }

    private static ImmutableArray<SignedPage> ReadPages(ref CanonicalReader reader, out Refusal? refusal)
    {
        refusal = null;
        var count = reader.Count(MinPageBytes);
        if (count > SettlementFile.MaxPages)
            reader.Fail("it has too many pages");
        var pages = ImmutableArray.CreateBuilder<SignedPage>();
        while (pages.Count < count && reader.Problem is null && refusal is null)
        {
            var content = reader.Bytes().ToArray();
            var signature = reader.Raw(SignedPage.SignatureSize).ToArray();
            if (reader.Problem is null && PageCodec.TryDecode(content, out var page, out refusal))
                pages.Add(new SignedPage(page, signature));
        }
        return pages.ToImmutable();
    }
}
