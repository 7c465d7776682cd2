using System.Net.Security;
using System.Net.Sockets;
using Tallystick.Core.Identity;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Bench.Limit;

/// <summary>
/// Frames of known size over mutual TLS 1.3. One thread reads and verifies while another commits and writes.
/// </summary>
internal sealed class LimitLink : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly Socket socket;
    private readonly SslStream stream;
    private readonly LinkTls tls;
    private readonly PeerVerifier other;
    private readonly object gate = new();
    private List<byte[]> came = [];
    private List<byte[]> made = [];
    private Exception? ended;

    private LimitLink(Socket socket, SslStream stream, LinkTls tls, PeerVerifier other) =>
        (this.socket, this.stream, this.tls, this.other) = (socket, stream, tls, other);

    /// <summary>Shakes hands, and tells one another keys and two numbers.</summary>
    public static async Task<(LimitLink Link, int PageSize, int Window)> OpenAsync(
        Socket socket, bool isPayer, NodeIdentity identity, int pageSize, int window)
    {
        socket.NoDelay = true;
        var ownTls = new LinkTls(TimeProvider.System);
        var network = new NetworkStream(socket, ownsSocket: true);
        var (encrypted, _) = await ownTls.AuthenticateAsync(network, isPayer, CancellationToken.None);
        byte[] telling =
        [
            .. identity.Key.ToArray(), .. BitConverter.GetBytes(pageSize), .. BitConverter.GetBytes(window),
        ];
        await encrypted.WriteAsync(telling);
        var said = new byte[PublicKey.Size + 2 * sizeof(int)];
        await encrypted.ReadExactlyAsync(said);
        PublicKey.TryCreate(said.AsSpan(..PublicKey.Size), out var key);
        var link = new LimitLink(socket, encrypted, ownTls, PeerVerifier.Create(key)!);
        return (
            link,
            BitConverter.ToInt32(said.AsSpan(PublicKey.Size)),
            BitConverter.ToInt32(said.AsSpan(PublicKey.Size + sizeof(int))));
    }

    /// <summary>Begins to read frames of this size on a thread of its own.</summary>
    public void Listen(int frameSize) => new Thread(() => Read(frameSize)) { IsBackground = true }.Start();

    /// <summary>The next frame, verified, read on this thread; null when the other end has gone.</summary>
    public byte[]? Receive(int frameSize)
    {
        var frame = new byte[frameSize];
        if (stream.ReadAtLeast(frame, frameSize, throwOnEndOfStream: false) < frameSize)
            return null;
        LimitFrame.Verify(other, frame);
        return frame;
    }

    /// <summary>What came, verified, and what was made here; waits a while for either. Null when it ended.</summary>
    public (List<byte[]> Came, List<byte[]> Made)? Take()
    {
        lock (gate)
        {
            if (came.Count == 0 && made.Count == 0 && ended is null)
                Monitor.Wait(gate, LongestWait);
            if (ended is not null)
                return null;
            var taken = (came, made);
            (came, made) = ([], []);
            return taken;
        }
    }

    /// <summary>A signed frame is ready to be committed and sent.</summary>
    public void Add(byte[] frame)
    {
        lock (gate)
        {
            made.Add(frame);
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Sends frames with as few writes as they fit.</summary>
    public void Send(IReadOnlyCollection<byte[]> frames) => stream.Write(frames.SelectMany(frame => frame).ToArray());

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
        tls.Dispose();
        other.Dispose();
    }

    private void Read(int frameSize)
    {
        try
        {
            while (true)
            {
                var frame = Receive(frameSize) ?? throw new IOException("The other end has gone.");
                lock (gate)
                {
                    came.Add(frame);
                    Monitor.Pulse(gate);
                }
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            lock (gate)
            {
                ended = end;
                Monitor.Pulse(gate);
            }
        }
    }
}
