using System.Buffers;
using System.Text.Json.Nodes;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Vectors;

/// <summary>Bytes that no implementation may take, with the name under which they are refused.</summary>
internal static class RefusedVectors
{
    // Offsets into a receipt: tag 10, tab 32, author 1, number 1, previous 32, seen 2 + 32, basis 32, time 6, lines 1.
    private const int AuthorAt = 42;
    private const int NumberAt = 43;
    private const int LinesAt = 148;

    public static JsonArray All() =>
    [
        Page("empty", []),
        Page("another tag", [.. "tab-page/2"u8, .. Receipt[10..]]),
        Page("one byte short", Receipt[..^1]),
        Page("one byte more", [.. Receipt, 0]),
        Page("author 2", With(Receipt, AuthorAt, 2)),
        Page("number not in its shortest form", [.. Receipt[..NumberAt], 0x82, 0x00, .. Receipt[(NumberAt + 1)..]]),
        Page("number of 10 bytes", [.. Receipt[..NumberAt], .. TenBytes, .. Receipt[(NumberAt + 1)..]]),
        Page("more lines than bytes", With(Receipt, LinesAt, 127)),
        Page("memo is not UTF-8", WithLine(1, [.. Id, 1, 1, 0xff])),
        Page("memo with an encoded surrogate", WithLine(1, [.. Id, 1, 3, 0xed, 0xa0, 0x80])),
        Page("line without a whole request id", WithLine(1, Id[..15])),
        Page("pay without memo", WithLine(1, [.. Id, 1])),
        Page("pay with a byte more", WithLine(1, [.. Id, 1, 0, 0])),
        Page("propose with flag 2", WithLine(3, [.. Id, 2, 1, 0, 0])),
        Page("hold with more locks than bytes", WithLine(9, [.. Id, 1, 2, 0, 0])),
        Hello("hello one byte short", Samples.Hello.Bytes.ToArray()[..^1]),
        Hello("hello with another tag", [.. "tab-hello/2"u8, .. Samples.Hello.Bytes.ToArray()[11..]]),
        Frame("frame of length 0", [0, 0, 0, 0]),
        Frame("frame that claims 4 GB", [0xff, 0xff, 0xff, 0xff]),
        Frame("frame of an unknown kind", [0, 0, 0, 1, 99]),
        Frame("an HTTP request", [.. "GET / HTTP/1.1\r\n\r\n"u8]),
        Frame("chosen with a body", [0, 0, 0, 2, 3, 0]),
        Frame("bye with capitals", [0, 0, 0, 3, 4, 1, 0x41]),
    ];

    private static byte[] Receipt { get; } = PageCodec.Encode(Samples.Page()).Bytes.ToArray();

    private static byte[] Id { get; } = Samples.Request.ToArray();

    private static byte[] TenBytes { get; } = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];

    private static byte[] WithLine(byte kind, byte[] body) =>
        [.. Receipt[..LinesAt], 1, kind, (byte)body.Length, .. body, .. Receipt[(LinesAt + 1)..]];

    private static byte[] With(byte[] bytes, int at, byte value) => [.. bytes[..at], value, .. bytes[(at + 1)..]];

    private static JsonObject Page(string name, byte[] bytes)
    {
        PageCodec.TryDecode(bytes, out _, out var refusal);
        return Entry(name, "page", bytes, refusal);
    }

    private static JsonObject Hello(string name, byte[] bytes)
    {
        HelloCodec.TryDecode(bytes, out _, out var refusal);
        return Entry(name, "hello", bytes, refusal);
    }

    private static JsonObject Frame(string name, byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        FrameCodec.TryRead(ref buffer, FrameCodec.MaxFrameBytes, out _, out var refusal);
        return Entry(name, "frame", bytes, refusal);
    }

    private static JsonObject Entry(string name, string record, byte[] bytes, Refusal? refusal) => new JsonObject
    {
        ["name"] = name,
        ["record"] = record,
        ["bytes"] = Convert.ToHexStringLower(bytes),
        ["rejection"] = refusal?.Why.Name ?? throw new InvalidOperationException($"Not refused: {name}"),
    };
}
