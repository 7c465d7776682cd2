using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Tallystick.Node.Links;

/// <summary>
/// The bytes of a connection that this node accepted. The first record is read before TLS begins, and everything that
/// comes before the proof is worked on by the thread for handshakes; afterwards it is a mere socket.
/// </summary>
internal sealed class CallerStream(Socket socket, HandshakeThread thread) : Stream
{
    /// <summary>
    /// A first record is some hundred bytes, or nearly 2,000 with a key exchange that resists quantum computers.
    /// </summary>
    private const int MaxFirstRecordBytes = 4_096;

    private const int HeaderBytes = 5;
    private const byte HandshakeRecord = 22;
    private const byte ClientHello = 1;
    private readonly NetworkStream inner = new(socket, ownsSocket: true);
    private ReadOnlyMemory<byte> first;

    /// <summary>Whether the other side has proven its key.</summary>
    public bool IsProven { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Waits for the whole first record. Until then a connection has no buffer but what has come, and whoever says
    /// something else than TLS, or claims a record that is too large, is known by the first bytes.
    /// </summary>
    /// <exception cref="AuthenticationException">It is no beginning of TLS.</exception>
    public async Task ReadFirstRecordAsync(CancellationToken cancellation)
    {
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
        var header = new byte[HeaderBytes + 1];
        await ReadOrRefuseAsync(header, 0, cancellation);
        var length = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3));
        if (header[1] != 3 || length is < 2 or > MaxFirstRecordBytes || header[HeaderBytes] != ClientHello)
            throw NoTls();
        var record = new byte[HeaderBytes + length];
        header.CopyTo(record, 0);
        await ReadOrRefuseAsync(record, header.Length, cancellation);
        first = record;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (first.IsEmpty)
            return IsProven ? inner.ReadAsync(buffer, cancellationToken) : ReadUnprovenAsync(buffer, cancellationToken);
        var count = Math.Min(buffer.Length, first.Length);
        first[..count].CopyTo(buffer);
        first = first[count..];
        return ValueTask.FromResult(count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // A socket keeps nothing back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadUnprovenAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await inner.ReadAsync(buffer, cancellation);
        await thread.SwitchTo();
        return read;
    }

    private async Task ReadOrRefuseAsync(byte[] buffer, int from, CancellationToken cancellation)
    {
        while (from < buffer.Length)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(from), SocketFlags.None, cancellation);
            if (read == 0 || buffer[0] != HandshakeRecord)
                throw NoTls();
            from += read;
        }
    }

    private static AuthenticationException NoTls() => new("What came is no beginning of TLS.");
}
