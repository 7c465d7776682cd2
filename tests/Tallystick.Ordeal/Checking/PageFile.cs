using System.Security.Cryptography;

namespace Tallystick.Ordeal.Checking;

/// <summary>A page as its bytes say it, by the table in docs/PROTOCOL.md.</summary>
internal sealed record PageFile(
    byte[] Tab,
    int Author,
    long Number,
    byte[] Previous,
    long Seen,
    byte[] SeenHash,
    byte[] Basis,
    IReadOnlyList<LineFile> Lines,
    long Given,
    long Taken,
    long Held,
    long HeldPeer,
    byte[] Digest,
    byte[] Hash)
{
    private const int MaxLines = 1024;

    public static PageFile Read(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        if (!reader.Take(10).AsSpan().SequenceEqual("tab-page/1"u8))
            throw new BadBytesException("no page's tag");
        var tab = reader.Hash();
        var author = reader.Take(1)[0];
        if (author > 1)
            throw new BadBytesException($"author {author}");
        var (number, previous) = (reader.Integer(), reader.Hash());
        var (seen, seenHash) = (reader.Integer(), reader.Hash());
        var basis = reader.Hash();
        _ = reader.Integer();
        var count = reader.Integer();
        if (count > MaxLines)
            throw new BadBytesException($"{count} lines");
        var lines = new List<LineFile>();
        for (var i = 0; i < count; i++)
            lines.Add(LineFile.Read(reader.Integer(), reader.Counted()));
        var page = new PageFile(
            tab, author, number, previous, seen, seenHash, basis, lines, reader.Integer(), reader.Integer(),
            reader.Integer(), reader.Integer(), reader.Hash(), SHA256.HashData(bytes));
        return reader.AtEnd ? page : throw new BadBytesException("bytes after the page's end");
    }
}

/// <summary>A line: a payment, a limit (null for none), or a kind that this checker cannot judge.</summary>
internal sealed record LineFile(long Kind, Guid Request, long Amount, long? Limit, string Memo)
{
    public const long Pay = 1;
    public const long Cap = 2;

    public static LineFile Read(long kind, byte[] body)
    {
        var reader = new ByteReader(body);
        var request = new Guid(reader.Take(16), bigEndian: true);
        var line = kind switch
        {
            Pay => new LineFile(kind, request, reader.Integer(), Limit: null, reader.Text()),
            Cap => new LineFile(kind, request, 0, reader.Integer() is > 0 and var more ? more - 1 : null, string.Empty),
            _ => throw new BadBytesException($"a line of kind {kind}, which this checker does not know"),
        };
        return reader.AtEnd ? line : throw new BadBytesException("bytes after the line's end");
    }
}
