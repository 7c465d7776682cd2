using System.IO.Pipelines;
using Tallystick.Core.Relays;
using Tallystick.Core.Sync;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>
/// Messages over the encrypted connection between a node and a relay. One reads; writing is thread-safe.
/// </summary>
internal sealed class RelayChannel(Stream stream) : IDisposable
{
    private const int BufferBytes = 512;

    private readonly SemaphoreSlim writing = new(1);

    // An idle connection holds no buffer to read into.
    private readonly PipeReader pipe = PipeReader.Create(
        stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true, useZeroByteReads: true));

    public async Task SendAsync(RelayMessage message, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            await stream.WriteAsync(RelayCodec.Write(message), cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The next message.</summary>
    /// <exception cref="LinkRefusedException">
    /// What came is no message, the other side said goodbye, or the connection has ended.
    /// </exception>
    public async ValueTask<RelayMessage> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var buffer = read.Buffer;
            var result = RelayCodec.TryRead(ref buffer, out var message, out _);
            pipe.AdvanceTo(buffer.Start, result == FrameReadResult.Complete ? buffer.Start : buffer.End);
            if (result == FrameReadResult.Refused)
                throw new LinkRefusedException(RelayReasons.BadEncoding);
            if (message is RelayByeMessage bye)
                throw new LinkRefusedException(bye.Reason, byOther: true);
            if (message is not null)
                return message;
            if (read.IsCompleted)
                throw new LinkRefusedException(LinkEnds.Lost, byOther: true);
        }
    }

    /// <summary>The next message, which must be of one kind.</summary>
    /// <exception cref="LinkRefusedException">It is not, or there is none.</exception>
    public async Task<T> ExpectAsync<T>(CancellationToken cancellation)
        where T : RelayMessage =>
        await ReadAsync(cancellation) as T ?? throw new LinkRefusedException(RelayReasons.BadEncoding);

    public void Dispose() => writing.Dispose();
}
