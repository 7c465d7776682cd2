using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Sync;

/// <summary>A Hello as bytes, without its signature.</summary>
/// <remarks>
/// <code>
/// "tab-hello/1"   11 bytes
/// tab             hash
/// asset           text (the code), integer (the scale)
/// author          0 or 1, one byte
/// mine            head, below 2^53
/// held            head, below 2^53
/// era             head, below 2^53: the newest reset that the author applied; 0 with the tab's id for none
/// nonces          hash (dialler's), hash (listener's)
/// certificates    hash (dialler's), hash (listener's)
/// runId           hash
/// foldVersion     integer, below 2^31
/// </code>
/// </remarks>
public static class HelloCodec
{
    private static ReadOnlySpan<byte> Tag => "tab-hello/1"u8;

    /// <summary>The bytes of the Hello and their hash.</summary>
    public static EncodedHello Encode(Hello hello)
    {
        var writer = new CanonicalWriter(512);
        writer.Raw(Tag);
        writer.Hash(hello.Tab.Hash);
        writer.Text(hello.Asset.Code);
        writer.Integer(hello.Asset.Scale);
        writer.Byte((byte)hello.Author);
        writer.Head(hello.Mine);
        writer.Head(hello.Held);
        writer.Head(hello.Era);
        writer.Hash(hello.Link.DiallerNonce);
        writer.Hash(hello.Link.ListenerNonce);
        writer.Hash(hello.Link.DiallerCertificate);
        writer.Hash(hello.Link.ListenerCertificate);
        writer.Hash(hello.RunId);
        writer.Integer(hello.FoldVersion);
        var bytes = writer.Finish();
        return new EncodedHello(hello, bytes, Hash.Of(bytes));
    }

    /// <summary>Reads a Hello. The memory is kept, not copied: the caller must not change it any more.</summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out EncodedHello? hello,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        hello = null;
        var reader = new CanonicalReader(bytes.Span);
        reader.Tag(Tag);
        var content = new Hello
        {
            Tab = new TabId(reader.Hash()),
            Asset = ReadAsset(ref reader),
            Author = reader.Party(),
            Mine = ReadHead(ref reader),
            Held = ReadHead(ref reader),
            Era = ReadHead(ref reader),
            Link = new LinkBinding(reader.Hash(), reader.Hash(), reader.Hash(), reader.Hash()),
            RunId = reader.Hash(),
            FoldVersion = reader.SmallInteger(),
        };
        // A disputed page 0 would be asked for and shown, and there is none.
        if (IsNoHead(content.Mine, content.Tab) || IsNoHead(content.Held, content.Tab))
            reader.Fail("a head of no page has another hash than the tab's id");
        refusal = reader.Finish("hello");
        if (refusal is null)
            hello = new EncodedHello(content, bytes, Hash.Of(bytes.Span));
        return hello is not null;
    }

    private static bool IsNoHead(Head head, TabId tab) => head.Number == 0 && head.Hash != tab.Hash;

    private static Asset ReadAsset(ref CanonicalReader reader)
    {
        var code = reader.Text(1, Asset.MaxCodeLength);
        if (Asset.TryCreate(code, reader.SmallInteger(), out var asset))
            return asset;
        reader.Fail("its asset is not a code of 1 to 12 letters, digits or dots and a scale of 0 to 9");
        return Asset.Credits;
    }

    private static Head ReadHead(ref CanonicalReader reader)
    {
        var head = reader.Head();
        if (head.Number >= PageBounds.NumberLimit)
            reader.Fail("a page number is not below 2^53");
        return head;
    }
}
