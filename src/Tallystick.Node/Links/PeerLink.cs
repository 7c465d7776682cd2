using System.IO.Pipelines;
using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Core.Links;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Links;

/// <summary>A proven link to a trusted peer. Thread-safe.</summary>
#pragma warning disable CA1001 // The source has no timer and is cancelled late by anyone; there is nothing to dispose.
internal sealed class PeerLink
#pragma warning restore CA1001
{
    private static readonly byte[] Chosen = FrameCodec.Write(new ChosenFrame());
    private readonly Stream stream;
    private readonly FrameReader reader;
    private readonly LinkLimits limits;
    private readonly TimeProvider time;
    private readonly OutgoingFrames outgoing;
    private readonly CancellationTokenSource stop = new();
    private TaskCompletionSource mayRead = NewGate();
    private string? closeReason;
    private long heardMs;
    private volatile bool handling;
    private int openPings;

    internal PeerLink(Stream stream, FrameReader reader, LinkLimits limits, TimeProvider time)
    {
        (this.stream, this.reader, this.limits, this.time) = (stream, reader, limits, time);
        outgoing = new OutgoingFrames(limits);
        heardMs = Clock.NowMs(time);
    }

    /// <summary>Grows with every link that this node dials or accepts.</summary>
    public required long Number { get; init; }

    /// <summary>Both nonces and both certificates' hashes.</summary>
    public required LinkBinding Binding { get; init; }

    /// <summary>What the peer said first; its key is proven, its name is a claim.</summary>
    public required Greeting PeerGreeting { get; init; }

    /// <summary>Whether this node dialled.</summary>
    public required bool IDialled { get; init; }

    /// <summary>The other end; the relay's when it is relayed.</summary>
    public required IPEndPoint Remote { get; init; }

    /// <summary>Whether it runs through a relay.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>The peer's identity.</summary>
    public PublicKey PeerKey => PeerGreeting.Key;

    /// <summary>Whether more has come behind the frame that is being handled.</summary>
    public bool HasMore => reader.HasMore;

    /// <summary>Why it was closed, or null while it is open.</summary>
    public string? CloseReason => Volatile.Read(ref closeReason);

    /// <summary>When something last came, or now while the peer waits for this node.</summary>
    internal long HeardMs => handling ? Clock.NowMs(time) : Interlocked.Read(ref heardMs);

    /// <summary>
    /// Queues whole frames; never waits. False when the link is closing; a peer that does not read until the queue
    /// is full is closed.
    /// </summary>
    public bool TrySend(ReadOnlyMemory<byte> frameBytes)
    {
        var queued = TryQueue(frameBytes);
        SendQueued();
        return queued;
    }

    /// <summary>Like <see cref="TrySend"/>, but it goes out with the next <see cref="SendQueued"/>.</summary>
    public bool TryQueue(ReadOnlyMemory<byte> frameBytes)
    {
        if (outgoing.TryAdd(frameBytes, out var overflowed))
            return true;
        if (overflowed)
            Abandon(ByeReasons.TooMany);
        return false;
    }

    /// <summary>Sends what is queued, on this thread as far as the network takes it at once.</summary>
    public void SendQueued() => outgoing.Send();

    /// <summary>Queues whole frames once there is room, for long resends; false when the link closes first.</summary>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> frameBytes, CancellationToken cancellation = default) =>
        outgoing.AddAsync(frameBytes, cancellation);

    /// <summary>Closes the link: what is queued is still sent, then the reason. No further frame is read.</summary>
    public void Close(string reason)
    {
        if (Interlocked.CompareExchange(ref closeReason, reason, null) is not null)
            return;
        outgoing.Complete(FrameCodec.Write(new ByeFrame(reason)));
        Stop();
    }

    internal void SendChosen() => TrySend(Chosen);

    internal void Ping(ulong token)
    {
        Interlocked.Increment(ref openPings);
        TrySend(FrameCodec.Write(new PingFrame(token)));
    }

    internal void AllowReading() => Volatile.Read(ref mayRead).TrySetResult();

    /// <summary>Reads and writes until the link ends; returns why, and whether the other side said so.</summary>
    /// <param name="onFrame">Frames for the ledger.</param>
    /// <param name="onChosen">The peer chose this link; reading goes on when the hub allows it.</param>
    /// <param name="onPong">An answer to a ping.</param>
    internal async Task<(string Reason, bool ByOther)> RunAsync(
        Func<PeerLink, Frame, ValueTask> onFrame, Func<ValueTask> onChosen, Func<ulong, ValueTask> onPong)
    {
        var pipe = PipeWriter.Create(
            stream, new StreamPipeWriterOptions(minimumBufferSize: limits.WriteBytes, leaveOpen: true));
        var writing = WriteAsync(pipe);
        var byOther = false;
        try
        {
            await ReadAsync(onFrame, onChosen, onPong);
        }
        catch (LinkRefusedException refused)
        {
            byOther = refused.ByOther && CloseReason is null;
            if (byOther)
                Abandon(refused.Reason);
            else
                Close(refused.Reason);
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            Abandon(LinkEnds.Lost);
        }
        catch
        {
            Close(LinkEnds.Lost);
            throw;
        }
        finally
        {
            await Task.WhenAny(writing, Task.Delay(limits.FarewellTime, time));
        }
        return (CloseReason ?? LinkEnds.Lost, byOther);
    }

    private async Task ReadAsync(
        Func<PeerLink, Frame, ValueTask> onFrame, Func<ValueTask> onChosen, Func<ulong, ValueTask> onPong)
    {
        await mayRead.Task.WaitAsync(stop.Token);
        while (CloseReason is null)
        {
            var frame = await reader.ReadAsync(FrameCodec.MaxFrameBytes, stop.Token);
            Interlocked.Exchange(ref heardMs, Clock.NowMs(time));
            switch (frame)
            {
                case null:
                    throw new LinkRefusedException(LinkEnds.Lost, byOther: true);
                case ByeFrame bye:
                    throw new LinkRefusedException(bye.Reason, byOther: true);
                case GreetingFrame or ProofFrame or RedeemFrame:
                    throw new LinkRefusedException(Rejections.BadEncoding.Name);
                case PingFrame ping:
                    TrySend(FrameCodec.Write(new PongFrame(ping.Token)));
                    break;
                case PongFrame pong when Volatile.Read(ref openPings) > 0:
                    Interlocked.Decrement(ref openPings);
                    await onPong(pong.Token);
                    break;
                case PongFrame:
                    break;
                case ChosenFrame:
                    var gate = NewGate();
                    Volatile.Write(ref mayRead, gate);
                    await onChosen();
                    await gate.Task.WaitAsync(stop.Token);
                    break;
                default:
                    await HandleAsync(onFrame, frame);
                    break;
            }
        }
    }

    private async ValueTask HandleAsync(Func<PeerLink, Frame, ValueTask> onFrame, Frame frame)
    {
        handling = true;
        try
        {
            await onFrame(this, frame);
        }
        finally
        {
            Interlocked.Exchange(ref heardMs, Clock.NowMs(time));
            handling = false;
        }
    }

    private async Task WriteAsync(PipeWriter pipe)
    {
        try
        {
            await outgoing.WriteAllAsync(pipe, CancellationToken.None);
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            Abandon(LinkEnds.Lost);
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    /// <summary>Closes without a Bye: the other side is gone or does not listen.</summary>
    private void Abandon(string reason)
    {
        Interlocked.CompareExchange(ref closeReason, reason, null);
        outgoing.Complete(default);
        Stop();
    }

    // Not on the caller's time: what waits for the token goes on elsewhere.
    private void Stop() => _ = stop.CancelAsync();

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
