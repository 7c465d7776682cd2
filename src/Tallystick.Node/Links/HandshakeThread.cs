using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Tallystick.Node.Links;

/// <summary>
/// One thread on which the bytes of the unproven are worked on, so that they can never have more than that of the
/// processors, and nothing of the threads on which links and the ledger run.
/// </summary>
internal sealed class HandshakeThread : IDisposable
{
    // Each unproven connection has at most one entry at a time, so their number bounds it.
    private readonly BlockingCollection<Action> work = new(new ConcurrentQueue<Action>());

    public HandshakeThread() =>
        new Thread(Run) { IsBackground = true, Name = "handshakes" }.Start();

    /// <summary>What follows the await runs on the thread, until it waits for something else.</summary>
    public Switch SwitchTo() => new(this);

    /// <summary>Ends the thread when it has nothing left to do.</summary>
    public void Dispose() => work.CompleteAdding();

    private void Run()
    {
        foreach (var next in work.GetConsumingEnumerable())
            next();
        work.Dispose();
    }

    /// <summary>An await that goes on elsewhere.</summary>
    internal readonly struct Switch(HandshakeThread thread) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Switch GetAwaiter() => this;

        public void GetResult()
        {
            // There is no result.
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            try
            {
                thread.work.Add(continuation);
            }
            catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
            {
                // The thread has ended; whoever is late ends as well, somewhere else.
                ThreadPool.UnsafeQueueUserWorkItem(static last => last(), continuation, preferLocal: false);
            }
        }
    }
}
