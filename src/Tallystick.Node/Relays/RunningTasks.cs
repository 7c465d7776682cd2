using System.Collections.Concurrent;

namespace Tallystick.Node.Relays;

/// <summary>Tasks that nobody awaits until everything ends. Thread-safe.</summary>
internal sealed class RunningTasks
{
    private readonly ConcurrentDictionary<Task, bool> running = new();

    public void Add(Task task)
    {
        running[task] = true;
        _ = task.ContinueWith(
            done => running.TryRemove(done, out _),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits until none is left.</summary>
    public async Task EndAsync()
    {
        while (running.Keys.FirstOrDefault(task => !task.IsCompleted) is { } task)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
