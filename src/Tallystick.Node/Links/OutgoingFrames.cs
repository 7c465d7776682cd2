using System.Buffers;
using System.IO.Pipelines;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Links;

/// <summary>
/// What waits to be sent on one link, bounded in bytes. One writer gathers what has come together since its last write,
/// so that many small frames cost one write. Thread-safe.
/// </summary>
internal sealed class OutgoingFrames(LinkLimits limits)
{
    private readonly Lock gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> frames = new();
    private readonly Alarm alarm = new();
    private TaskCompletionSource? roomIsMade;
    private long queuedBytes;
    private bool completed;

    /// <summary>
    /// Queues a frame for the next <see cref="Send"/>; false when there is no room or the link is closing.
    /// </summary>
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

    /// <summary>Wakes the writer, on this thread until the network takes no more.</summary>
    public void Send() => alarm.Ring(lend: true);

    /// <summary>Sends a frame as soon as there is room; false when the link closes first.</summary>
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
                    break;
                }
                roomIsMade ??= NewSignal();
                room = roomIsMade.Task;
            }
            await room.WaitAsync(cancellation);
        }
        alarm.Ring();
        return true;
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
            Wake(ref roomIsMade);
        }
        alarm.Ring();
    }

    /// <summary>Writes until <see cref="Complete"/> was called and everything is out, or the stream fails.</summary>
    public async Task WriteAllAsync(PipeWriter pipe, CancellationToken cancellation)
    {
        while (true)
        {
            var isLent = await alarm.WaitAsync();
            bool isEnd;
            for (var isFirst = true; HasFrames(out isEnd); isFirst = false)
            {
                if (isLent && !isFirst)
                {
                    await Task.Yield();
                    isLent = false;
                }
                var gathered = Gather(pipe);
                await pipe.FlushAsync(cancellation);
                lock (gate)
                {
                    queuedBytes -= gathered;
                    Wake(ref roomIsMade);
                }
            }
            if (isEnd)
                return;
        }
    }

    private bool HasFrames(out bool isEnd)
    {
        lock (gate)
        {
            isEnd = completed && frames.Count == 0;
            return frames.Count > 0;
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
    }

    private static void Wake(ref TaskCompletionSource? signal)
    {
        signal?.TrySetResult();
        signal = null;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
