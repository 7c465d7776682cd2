namespace Tallystick.Node.Hosting;

/// <summary>
/// Notices when a node that was busy has next to nothing to do any more, and has something done then, once. A busy node
/// never waits for it, and a quiet one does it no second time.
/// </summary>
internal sealed class QuietTime : IDisposable
{
    /// <summary>How often it looks; so long must be quiet.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The part of one processor from which on a node is busy. A thousand idle peers that all came in the same quarter
    /// of a minute, and so are pinged in the same, take a tenth for as long.
    /// </summary>
    public const double BusyLoad = 0.15;

    private readonly Func<TimeSpan> used;
    private readonly Action rest;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private TimeSpan usedBefore;
    private long lookedAt;

    // A start is work, too.
    private bool wasBusy = true;

    /// <param name="used">The processor time that was used so far.</param>
    /// <param name="rest">What is done; it must not throw. What it uses itself is not counted as work.</param>
    /// <param name="time">The clock.</param>
    public QuietTime(Func<TimeSpan> used, Action rest, TimeProvider time)
    {
        (this.used, this.rest, this.time) = (used, rest, time);
        (usedBefore, lookedAt) = (used(), time.GetTimestamp());
        timer = time.CreateTimer(_ => LookNow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    public void Dispose() => timer.Dispose();

    private void LookNow()
    {
        var passed = time.GetElapsedTime(lookedAt);
        var isBusy = used() - usedBefore >= passed * BusyLoad;
        if (wasBusy && !isBusy)
            rest();
        wasBusy = isBusy;
        (usedBefore, lookedAt) = (used(), time.GetTimestamp());
        Arm();
    }

    private void Arm() => timer.Change(Look, Timeout.InfiniteTimeSpan);
}
