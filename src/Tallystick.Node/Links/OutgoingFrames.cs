using System.Buffers;
using System.IO.Pipelines;

namespace Tallystick.Node.Links;

/// <summary>
/// What waits to be sent on one link, bounded in bytes. One writer gathers what has come together since its last write,
/// so that many small frames cost one write. Thread-safe.
/// </summary>
internal sealed class OutgoingFrames(LinkLimits limits)
{
    private readonly Lock gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> frames = new();
    private TaskCompletionSource? writerSleeps;
    private TaskCompletionSource? roomIsMade;
    private long queuedBytes;
    private bool completed;

    /// <summary>Queues a frame; false when there is no room or the link is closing.</summary>
    public bool TryAdd(ReadOnlyMemory<byte> frame, out bool overflowed)
    {
        lock (gate)
        {
            overflowed = !completed && queuedBytes + frame.Length > limits.QueuedBytes;
            if (completed || overflowed)
                return false;
            Add(frame);
            return true;
        }
    }

    /// <summary>Queues a frame as soon as there is room; false when the link closes first.</summary>
    public async ValueTask<bool> AddAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        while (true)
        {
            Task room;
            lock (gate)
            {
                if (completed)
                    return false;
                if (queuedBytes == 0 || queuedBytes + frame.Length <= limits.QueuedBytesBeforeWaiting)
                {
                    Add(frame);
                    return true;
                }
                roomIsMade ??= NewSignal();
                room = roomIsMade.Task;
            }
            await room.WaitAsync(cancellation);
        }
    }

    /// <summary>Takes no more frames; what is queued, and <paramref name="last"/>, is still written.</summary>
    public void Complete(ReadOnlyMemory<byte> last)
    {
        lock (gate)
        {
            if (completed)
                return;
            if (!last.IsEmpty)
                Add(last);
            completed = true;
            Wake(ref writerSleeps);
            Wake(ref roomIsMade);
        }
    }

    /// <summary>Writes until <see cref="Complete"/> was called and everything is out, or the stream fails.</summary>
    public async Task WriteAllAsync(PipeWriter pipe, CancellationToken cancellation)
    {
        while (await NextAsync(cancellation))
        {
            var gathered = Gather(pipe);
            await pipe.FlushAsync(cancellation);
            lock (gate)
            {
                queuedBytes -= gathered;
                Wake(ref roomIsMade);
            }
        }
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task more;
            lock (gate)
            {
                if (frames.Count > 0)
                    return true;
                if (completed)
                    return false;
                writerSleeps = NewSignal();
                more = writerSleeps.Task;
            }
            await more.WaitAsync(cancellation);
        }
    }

    private int Gather(PipeWriter pipe)
    {
        var gathered = 0;
        while (gathered < limits.WriteBytes)
        {
            ReadOnlyMemory<byte> frame;
            lock (gate)
            {
                if (!frames.TryDequeue(out frame))
                    break;
            }
            pipe.Write(frame.Span);
            gathered += frame.Length;
        }
        return gathered;
    }

    private void Add(ReadOnlyMemory<byte> frame)
    {
        frames.Enqueue(frame);
        queuedBytes += frame.Length;
        Wake(ref writerSleeps);
    }

    private static void Wake(ref TaskCompletionSource? signal)
    {
        signal?.TrySetResult();
        signal = null;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
