using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tallystick.Client;

/// <summary>Reads one answer of HTTP/1.1 off a socket, and nothing that is not exactly one.</summary>
/// <remarks>
/// The answer has to say where it ends, by its length or in chunks: what lasts until the connection closes looks the
/// same when it is whole and when it broke off.
/// </remarks>
internal sealed class AnswerReader(Socket socket)
{
    /// <summary>Of all lines before a body and after it; a node's have some hundred bytes.</summary>
    public const int MaxHeadBytes = 16 * 1024;

    /// <summary>Four times the largest file that a settlement may have.</summary>
    public const int MaxBodyBytes = 256 * 1024 * 1024;

    private readonly byte[] buffer = new byte[MaxHeadBytes];
    private int start;
    private int end;
    private int headBytes;

    /// <summary>Reads it. What comes after its end is left unread.</summary>
    /// <exception cref="HttpRequestException">It broke off, is too long or is no answer.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    public (HttpStatusCode Status, byte[] Body) Read()
    {
        int status;
        Framing framing;
        do
        {
            status = StatusOf(ReadHeadLine());
            framing = ReadFields();
        }
        // Something to know in the meantime; the answer comes after it.
        while (status is > 101 and < 200 or 100);
        var body = new MemoryStream();
        if (status is 204 or 304)
            return ((HttpStatusCode)status, []);
        if (framing.IsChunked)
            ReadChunks(body);
        else
            Copy(framing.Length ?? throw Invalid("does not say where it ends"), body);
        return ((HttpStatusCode)status, body.ToArray());
    }

    private static int StatusOf(ReadOnlySpan<byte> line)
    {
        var isStatus = line.Length >= 12
            && line.StartsWith("HTTP/1.1 "u8)
            && (line.Length == 12 || line[12] == ' ');
        var status = isStatus ? NumberOf(line[9..12], 10) : 0;
        // Nobody asked to go on in another protocol.
        return status is >= 100 and < 600 and not 101 ? status : throw Invalid("has no status");
    }

    private Framing ReadFields()
    {
        var (length, isChunked) = ((int?)null, false);
        while (true)
        {
            var line = ReadHeadLine();
            if (line.Length == 0)
                break;
            var colon = line.IndexOf((byte)':');
            // A line that begins with a space would go on with the one before, which nobody does any more.
            if (colon <= 0 || line[..colon].IndexOfAny((byte)' ', (byte)'\t') >= 0)
                throw Invalid("has a field without a name");
            var name = line[..colon];
            var value = Trimmed(line[(colon + 1)..]);
            if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
                length = length is null ? NumberOf(value, 10) : throw Invalid("states two lengths");
            else if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8))
                isChunked = !isChunked && Ascii.EqualsIgnoreCase(value, "chunked"u8)
                    ? true
                    : throw Invalid("is encoded in a way that nobody asked for");
        }
        return isChunked && length is not null ? throw Invalid("states two ends") : new Framing(length, isChunked);
    }

    private void ReadChunks(MemoryStream body)
    {
        while (true)
        {
            var line = ReadLine();
            var extension = line.IndexOf((byte)';');
            var size = NumberOf(Trimmed(extension < 0 ? line : line[..extension]), 16);
            if (size == 0)
                break;
            Copy(size, body);
            if (ReadLine().Length > 0)
                throw Invalid("has a chunk of another length than it states");
        }
        while (ReadHeadLine().Length > 0)
        {
            // Fields after the body say nothing that is needed.
        }
    }

    private void Copy(int count, MemoryStream body)
    {
        if (count > MaxBodyBytes - body.Length)
            throw TooLong();
        while (count > 0)
        {
            if (start == end)
                Receive();
            var part = Math.Min(count, end - start);
            body.Write(buffer, start, part);
            start += part;
            count -= part;
        }
    }

    private ReadOnlySpan<byte> ReadHeadLine()
    {
        var line = ReadLine();
        headBytes += line.Length + 2;
        return headBytes <= MaxHeadBytes ? line : throw TooLong();
    }

    /// <summary>The next line without its end; valid until the next is read.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        int length;
        while ((length = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
            Receive();
        var line = buffer.AsSpan(start, length);
        start += length + 2;
        foreach (var character in line)
        {
            if (character is < (byte)' ' and not (byte)'\t' or 0x7F)
                throw Invalid("has a control character");
        }
        return line;
    }

    private void Receive()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
            throw TooLong();
        var count = socket.Receive(buffer.AsSpan(end));
        end += count > 0 ? count : throw new HttpRequestException(
            HttpRequestError.ResponseEnded, "The connection ended before the answer did.");
    }

    private static int NumberOf(ReadOnlySpan<byte> digits, int radix)
    {
        var number = 0;
        foreach (var character in digits)
        {
            var digit = character switch
            {
                >= (byte)'0' and <= (byte)'9' => character - '0',
                >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
                _ => radix,
            };
            number = digit < radix ? number * radix + digit : throw Invalid("states no length");
            if (number > MaxBodyBytes)
                throw TooLong();
        }
        return digits.Length > 0 ? number : throw Invalid("states no length");
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> text) => text[Ascii.Trim(text)];

    private static HttpRequestException Invalid(string what) =>
        new(HttpRequestError.InvalidResponse, $"What the node answered {what}.");

    private static HttpRequestException TooLong() =>
        new(HttpRequestError.ConfigurationLimitExceeded, "What the node answered is longer than any answer.");

    /// <summary>How the end of a body is found.</summary>
    private readonly record struct Framing(int? Length, bool IsChunked);
}
