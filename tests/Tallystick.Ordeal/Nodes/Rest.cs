namespace Tallystick.Ordeal.Nodes;

/// <summary>
/// Counts the calls to a node that are under way, and can hold new ones back: between a kill and a restore nobody may
/// still be about to note an answer.
/// </summary>
internal sealed class Rest
{
    private readonly Lock gate = new();
    private int underWay;
    private TaskCompletionSource? resting;
    private TaskCompletionSource? quiet;

    public async Task<T> DuringAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            Task? wait;
            lock (gate)
            {
                wait = resting?.Task;
                if (wait is null)
                    underWay++;
            }
            if (wait is null)
                break;
            await wait;
        }
        try
        {
            return await call();
        }
        finally
        {
            lock (gate)
            {
                if (--underWay == 0)
                    quiet?.TrySetResult();
            }
        }
    }

    /// <summary>From now on no call begins; completes when none is under way.</summary>
    public Task BeginAsync()
    {
        lock (gate)
        {
            resting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (underWay == 0)
                quiet.SetResult();
            return quiet.Task;
        }
    }

    public void End()
    {
        lock (gate)
        {
            resting?.SetResult();
            resting = null;
        }
    }
}
