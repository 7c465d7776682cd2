using System.Net;
using System.Net.Sockets;

namespace Tallystick.Bench.Http;

/// <summary>One connection to a node's API that sends what was prepared and reads whole answers.</summary>
internal abstract class HttpCaller : IDisposable
{
    private byte[] buffer = new byte[16 * 1024];
    private int have;

    /// <param name="target">The node's socket, or its HOST:PORT.</param>
    protected HttpCaller(string target)
    {
        EndPoint end = IPEndPoint.TryParse(target, out var tcp) ? tcp : new UnixDomainSocketEndPoint(target);
        Socket = new Socket(end.AddressFamily, SocketType.Stream, tcp is null ? ProtocolType.IP : ProtocolType.Tcp);
        if (tcp is not null)
            Socket.NoDelay = true;
        Socket.Connect(end);
    }

    /// <summary>Says when there is something to read.</summary>
    public Socket Socket { get; }

    /// <summary>Sends the next calls, all at once.</summary>
    public abstract void Ask(int calls);

    /// <summary>Reads what has come.</summary>
    /// <param name="latencies">Is told of each call how long it took.</param>
    /// <returns>The calls of which the answer is whole.</returns>
    /// <exception cref="IOException">Not everything was paid, or the node hung up.</exception>
    public int Read(Latencies latencies)
    {
        if (have == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var got = Socket.Receive(buffer.AsSpan(have));
        if (got == 0)
            throw new IOException("The node hung up.");
        have += got;
        var used = Understand(buffer.AsSpan(0, have), latencies, out var answered);
        buffer.AsSpan(used, have - used).CopyTo(buffer);
        have -= used;
        return answered;
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>Takes whole answers, or parts of them, from the front of what has come.</summary>
    /// <returns>The bytes taken.</returns>
    protected abstract int Understand(ReadOnlySpan<byte> come, Latencies latencies, out int answered);
}
