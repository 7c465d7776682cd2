using System.Net;

namespace Tallystick.Node.Links;

/// <summary>
/// Who may begin TLS now. A handshake costs this node about as much as fifty payments, and anybody can begin one, so
/// only so many begin in a second. Those who wait take turns by address: whoever calls often waits for himself.
/// Thread-safe.
/// </summary>
internal sealed class HandshakeTurns : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly RateAllowance allowance;
    private readonly ITimer timer;

    // Addresses in the order of their turns; no longer than there are unproven connections.
    private readonly LinkedList<AddressQueue> order = new();
    private readonly Dictionary<IPAddress, AddressQueue> queues = [];
    private bool timerRuns;

    public HandshakeTurns(LinkLimits limits, TimeProvider time)
    {
        this.time = time;
        allowance = new RateAllowance(limits.HandshakesPerSecond, limits.HandshakesAtOnce, Clock.NowMs(time));
        timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wait.</summary>
    public int WaitingCount
    {
        get
        {
            lock (gate)
                return order.Sum(queue => queue.Waiting.Count);
        }
    }

    /// <summary>Waits for a turn.</summary>
    public async Task WaitAsync(IPAddress caller, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AddressQueue queue;
        lock (gate)
        {
            if (order.Count == 0 && allowance.TryTake(Clock.NowMs(time)))
                return;
            if (!queues.TryGetValue(caller, out queue!))
            {
                queue = queues[caller] = new AddressQueue(caller);
                order.AddLast(queue);
            }
            queue.Waiting.AddLast(turn);
            RunTimer();
        }
        await using var registration = cancellation.Register(() => GiveUp(queue, turn, cancellation));
        await turn.Task;
    }

    public void Dispose() => timer.Dispose();

    private void Tick()
    {
        lock (gate)
        {
            timerRuns = false;
            while (order.First is { } first && allowance.TryTake(Clock.NowMs(time)))
            {
                var queue = first.Value;
                var turn = queue.Waiting.First!.Value;
                queue.Waiting.RemoveFirst();
                order.RemoveFirst();
                if (queue.Waiting.Count > 0)
                    order.AddLast(first);
                else
                    queues.Remove(queue.Caller);
                turn.TrySetResult();
            }
            RunTimer();
        }
    }

    private void RunTimer()
    {
        if (timerRuns || order.Count == 0)
            return;
        timerRuns = true;
        var wait = allowance.Wait(Clock.NowMs(time));
        timer.Change(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait,
            Timeout.InfiniteTimeSpan);
    }

    private void GiveUp(AddressQueue queue, TaskCompletionSource turn, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!turn.TrySetCanceled(cancellation))
                return;
            queue.Waiting.Remove(turn);
            if (queue.Waiting.Count > 0)
                return;
            order.Remove(queue);
            queues.Remove(queue.Caller);
        }
    }

    private sealed class AddressQueue(IPAddress caller)
    {
        public IPAddress Caller { get; } = caller;

        public LinkedList<TaskCompletionSource> Waiting { get; } = new();
    }
}
