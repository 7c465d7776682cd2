using System.IO.Pipelines;
using Tallystick.Core.Sync;

namespace Tallystick.Node.Links;

/// <summary>Takes whole frames from a pipe.</summary>
internal sealed class FrameReader(PipeReader pipe)
{
    /// <summary>Whether more has come behind the frame that was read last.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The next frame, or null at the end of the stream.</summary>
    /// <exception cref="LinkRefusedException">What came is no frame, or one larger than allowed.</exception>
    public async ValueTask<Frame?> ReadAsync(int maxFrameBytes, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var buffer = read.Buffer;
            var result = FrameCodec.TryRead(ref buffer, maxFrameBytes, out var frame, out var refusal);
            if (result == FrameReadResult.Complete)
            {
                HasMore = !buffer.IsEmpty;
                pipe.AdvanceTo(buffer.Start);
                return frame;
            }
            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (result == FrameReadResult.Refused)
                throw new LinkRefusedException(refusal!.Why.Name);
            if (read.IsCompleted)
                return null;
        }
    }
}
