using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tallystick.Bench.Http;

/// <summary>One connection to a node's API that sends what was prepared and reads whole answers.</summary>
internal sealed class HttpCaller : IDisposable
{
    private const int HeadRoom = 16 * 1024;
    private readonly PreparedCall call;
    private readonly int batch;
    private byte[] buffer = new byte[HeadRoom];
    private int have;
    private long asked;

    /// <param name="target">The node's socket, or its HOST:PORT.</param>
    /// <param name="token">Its token.</param>
    /// <param name="batch">Payments in a call.</param>
    public HttpCaller(string target, string token, int batch)
    {
        EndPoint end = IPEndPoint.TryParse(target, out var tcp) ? tcp : new UnixDomainSocketEndPoint(target);
        Socket = new Socket(end.AddressFamily, SocketType.Stream, tcp is null ? ProtocolType.IP : ProtocolType.Tcp);
        if (tcp is not null)
            Socket.NoDelay = true;
        Socket.Connect(end);
        (call, this.batch) = (new PreparedCall(token, batch), batch);
    }

    /// <summary>Says when there is something to read.</summary>
    public Socket Socket { get; }

    /// <summary>Sends the next call.</summary>
    public void Ask()
    {
        asked = Stopwatch.GetTimestamp();
        Socket.Send(call.Next());
    }

    /// <summary>Reads what has come; the ticks since the call once its answer is whole, before that null.</summary>
    /// <exception cref="IOException">The answer is not that everything was paid.</exception>
    public long? Read()
    {
        if (have == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var got = Socket.Receive(buffer.AsSpan(have));
        if (got == 0)
            throw new IOException("The node hung up.");
        have += got;
        var answer = buffer.AsSpan(0, have);
        var body = answer.IndexOf("\r\n\r\n"u8) + 4;
        if (body < 4 || have < body + BodyLength(answer[..body]))
            return null;
        var took = Stopwatch.GetTimestamp() - asked;
        if (answer.Count("\"state\":\"sent\""u8) != batch)
            throw new IOException(Encoding.UTF8.GetString(answer));
        have = 0;
        return took;
    }

    public void Dispose() => Socket.Dispose();

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var digits = head[(head.IndexOf(name) + name.Length)..];
        return int.Parse(digits[..digits.IndexOf((byte)'\r')]);
    }
}
