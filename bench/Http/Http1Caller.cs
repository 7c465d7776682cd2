using System.Diagnostics;
using System.Text;

namespace Tallystick.Bench.Http;

/// <summary>Speaks HTTP/1.1: one call after the other.</summary>
internal sealed class Http1Caller : HttpCaller
{
    private readonly PreparedCall call;
    private readonly byte[] request;
    private readonly int headLength;
    private long asked;

    /// <param name="target">The node's socket, or its HOST:PORT.</param>
    /// <param name="token">Its token.</param>
    /// <param name="call">What is asked.</param>
    public Http1Caller(string target, string token, PreparedCall call)
        : base(target)
    {
        this.call = call;
        var head = Encoding.ASCII.GetBytes(
            $"POST {call.Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {call.Length}\r\n\r\n");
        headLength = head.Length;
        request = [.. head, .. new byte[call.Length]];
    }

    public override void Ask(int calls)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(calls, 1);
        call.Next().CopyTo(request.AsSpan(headLength));
        asked = Stopwatch.GetTimestamp();
        Socket.Send(request);
    }

    protected override int Understand(ReadOnlySpan<byte> come, Latencies latencies, out int answered)
    {
        answered = 0;
        var body = come.IndexOf("\r\n\r\n"u8) + 4;
        if (body < 4 || come.Length < body + BodyLength(come[..body]))
            return 0;
        latencies.Add(Stopwatch.GetTimestamp() - asked);
        call.Check(come);
        answered = 1;
        return come.Length;
    }

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var digits = head[(head.IndexOf(name) + name.Length)..];
        return int.Parse(digits[..digits.IndexOf((byte)'\r')]);
    }
}
