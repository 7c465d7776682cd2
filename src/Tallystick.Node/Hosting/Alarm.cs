using System.Threading.Tasks.Sources;

namespace Tallystick.Node.Hosting;

/// <summary>
/// Wakes one waiting loop. Whoever rings may lend the loop its own thread, which saves the time that another thread
/// needs to wake up. Ringing before the wait, or several times, wakes once.
/// </summary>
internal sealed class Alarm : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> source;
    private bool waiting;
    private bool rung;

    /// <summary>Waits for a ring. True if the loop goes on with a thread that is lent.</summary>
    /// <remarks>Whoever has a lent thread gives it back soon: by waiting again, or by yielding.</remarks>
    public ValueTask<bool> WaitAsync()
    {
        lock (gate)
        {
            if (rung)
            {
                rung = false;
                return new ValueTask<bool>(false);
            }
            source.Reset();
            waiting = true;
            return new ValueTask<bool>(this, source.Version);
        }
    }

    /// <summary>
    /// Wakes the loop. Without a thread that is lent it runs behind whatever the process has to do already, so that
    /// what is asked meanwhile shares its turn.
    /// </summary>
    /// <param name="lend">Whether the loop may run on this thread until it waits or yields.</param>
    public void Ring(bool lend = false)
    {
        lock (gate)
        {
            if (!waiting)
            {
                rung = true;
                return;
            }
            waiting = false;
        }
        if (lend)
            source.SetResult(true);
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => source.SetResult(false);

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        // The loop looks at everything that was brought until now.
        lock (gate)
            rung = false;
        return source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
