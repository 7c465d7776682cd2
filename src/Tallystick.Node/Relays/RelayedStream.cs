using System.Buffers;
using System.Net.Sockets;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>
/// A stream from its call to its end: waits for both nodes, then passes bytes on and knows nothing of them.
/// </summary>
internal sealed class RelayedStream(
    RelayRoute route, RelayAccount caller, RelayAccount callee, RelayLimits limits, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Socket?[] ends = new Socket?[2];
    private long movedMs = Clock.NowMs(time);
    private bool isOver;

    public RelayRoute Route => route;

    /// <summary>When it was called.</summary>
    public long CalledMs { get; } = Clock.NowMs(time);

    /// <summary>Whether it counts for the callee, who has joined it. Guarded by the table.</summary>
    public bool IsAnswered { get; set; }

    public RelayAccount Caller => caller;

    public RelayAccount Callee => callee;

    /// <summary>Both have come.</summary>
    public bool IsJoined
    {
        get
        {
            lock (gate)
                return ends is [not null, not null];
        }
    }

    /// <summary>Whether nobody came in time, or nothing has moved for too long.</summary>
    public bool IsIdle(long nowMs) =>
        nowMs - Interlocked.Read(ref movedMs) > (IsJoined ? limits.StreamIdleTime : limits.JoinTime).TotalMilliseconds;

    /// <summary>Takes one end, and the socket with it; false when it is taken or the stream is over.</summary>
    /// <param name="isWhole">True for the second of the two, who is to run it.</param>
    public bool TryJoin(Socket socket, bool isCaller, out bool isWhole)
    {
        isWhole = false;
        lock (gate)
        {
            ref var end = ref ends[isCaller ? 0 : 1];
            if (isOver || end is not null)
                return false;
            end = socket;
            isWhole = ends is [not null, not null];
            return true;
        }
    }

    /// <summary>Passes bytes on both ways until both ends have closed, one breaks, or it is disposed.</summary>
    public async Task RunAsync()
    {
        Interlocked.Exchange(ref movedMs, Clock.NowMs(time));
        await Task.WhenAll(
            CopyAsync(ends[0]!, ends[1]!, caller.Bytes), CopyAsync(ends[1]!, ends[0]!, callee.Bytes));
    }

    /// <summary>Ends it for both.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isOver)
                return;
            isOver = true;
        }
        stop.Cancel();
        foreach (var end in ends)
            end?.Dispose();
        stop.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to, Pace pace)
    {
        try
        {
            while (await PassOnAsync(from, to, pace, stop.Token))
                Interlocked.Exchange(ref movedMs, Clock.NowMs(time));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            Dispose();
        }
    }

    private async Task<bool> PassOnAsync(
        Socket from, Socket to, Pace pace, CancellationToken cancellation)
    {
        // While nothing comes, no buffer is held.
        await from.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(limits.BufferBytes);
        try
        {
            var read = await from.ReceiveAsync(buffer.AsMemory(0, limits.BufferBytes), SocketFlags.None, cancellation);
            if (read == 0)
                return false;
            await pace.TakeAsync(read, cancellation);
            for (var rest = buffer.AsMemory(0, read); !rest.IsEmpty;)
                rest = rest[await to.SendAsync(rest, SocketFlags.None, cancellation)..];
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
