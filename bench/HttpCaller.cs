using System.Net.Sockets;
using System.Text;

namespace Tallystick.Bench;

/// <summary>
/// One connection to a node's API that sends what was prepared and reads whole answers, as load generators do: a full
/// client would take from the node it measures the processor that they share.
/// </summary>
internal sealed class HttpCaller : IDisposable
{
    private const int HeadRoom = 16 * 1024;
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] Length = "Content-Length: "u8.ToArray();
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private byte[] buffer = new byte[HeadRoom];

    /// <summary>Connects to a node's socket.</summary>
    public static async Task<HttpCaller> ConnectAsync(string socketPath)
    {
        var caller = new HttpCaller();
        await caller.socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
        return caller;
    }

    /// <summary>The bytes of a request.</summary>
    public static byte[] Request(string path, string token, ReadOnlySpan<byte> body) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"),
        .. body,
    ];

    /// <summary>Sends a request and reads its answer.</summary>
    /// <exception cref="IOException">The answer is not 200.</exception>
    public async Task<ReadOnlyMemory<byte>> CallAsync(ReadOnlyMemory<byte> request)
    {
        for (var rest = request; rest.Length > 0; rest = rest[await socket.SendAsync(rest)..])
        {
        }
        var (have, body, end) = (0, -1, int.MaxValue);
        while (have < end)
        {
            if (have == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var got = await socket.ReceiveAsync(buffer.AsMemory(have));
            if (got == 0)
                throw new IOException("The node hung up.");
            have += got;
            if (body < 0 && (body = buffer.AsSpan(0, have).IndexOf(EndOfHead) + EndOfHead.Length) >= EndOfHead.Length)
                end = body + BodyLength(buffer.AsSpan(0, body));
            else if (body < EndOfHead.Length)
                body = -1;
        }
        return buffer.AsSpan().StartsWith("HTTP/1.1 200"u8)
            ? buffer.AsMemory(body, end - body)
            : throw new IOException(Encoding.UTF8.GetString(buffer, 0, have));
    }

    public void Dispose() => socket.Dispose();

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        var digits = head[(head.IndexOf(Length) + Length.Length)..];
        return int.Parse(digits[..digits.IndexOf((byte)'\r')]);
    }
}
