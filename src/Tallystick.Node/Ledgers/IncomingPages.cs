namespace Tallystick.Node.Ledgers;

/// <summary>
/// The pages and Faults of one link that are not durable, dropped or judged yet. Their signatures are verified side by
/// side; the tabs get them in the order in which they came. Only the reader of the link takes room and adds.
/// </summary>
#pragma warning disable CA1001 // The semaphore never makes a handle; there is nothing to dispose.
internal sealed class IncomingPages
#pragma warning restore CA1001
{
    /// <summary>
    /// At 128 KiB each this, and not the inboxes, bounds the memory that a peer can fill. It is deeper than the window
    /// of a tab, so that an honest peer waits here only while it gives back what this node lost.
    /// </summary>
    public const int MaxInHand = 128;

    private readonly SemaphoreSlim room = new(MaxInHand);
    private Task last = Task.CompletedTask;
    private int underWay;

    /// <summary>Completes when everything that was added has been handed on.</summary>
    public Task HandedOn => last;

    /// <summary>Whether nothing has been added behind the page that is being handed on.</summary>
    public bool IsLast => Volatile.Read(ref underWay) == 1;

    /// <summary>Waits until one more may be in hand.</summary>
    public Task TakeRoomAsync(CancellationToken ct) => room.WaitAsync(ct);

    /// <summary>One less is in hand.</summary>
    public void MakeRoom() => room.Release();

    /// <summary>Adds a page behind all others.</summary>
    /// <param name="handOn">Waits for its signature and hands it on; must not throw.</param>
    public void Add(Func<ValueTask> handOn)
    {
        Interlocked.Increment(ref underWay);
        last = HandOnAsync(last, handOn);
    }

    private async Task HandOnAsync(Task before, Func<ValueTask> handOn)
    {
        await before;
        await handOn();
        Interlocked.Decrement(ref underWay);
    }
}
