using Tallystick.Node.Hosting;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// Lets wishes that are asked one by one wait for company. A page costs the two nodes as much as some hundred lines do,
/// so callers who were answered together, and ask again one after the other, had better share the next page as well.
/// </summary>
/// <remarks>
/// A wish waits while fewer have come than the newest page took, and that page is not durable or became it just now.
/// Whoever asks alone thus never waits, and nobody waits for a page that no callers stand behind any more. What comes
/// in batches is not counted. One thread calls what the loop does, one what the committer does, any thread adds.
/// </remarks>
/// <param name="alarm">Wakes the loop.</param>
/// <param name="time">Tells what is just now.</param>
internal sealed class Gathering(Alarm alarm, TimeProvider time) : IDisposable
{
    // A page of so many is large enough.
    private const int Enough = 64;

    private readonly Lock timing = new();
    private int present;

    // At how many the loop is woken; 0 while it waits for none in particular.
    private int wanted;

    // Taken since the last page was written, and of that page.
    private int taken;
    private int company;
    private long durableAt;
    private bool isTimed;
    private ITimer? timer;

    /// <summary>
    /// How long a wish waits at the most, once the newest page is durable; a timer that is coarser ends it later.
    /// </summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How many wishes have come that the loop has not taken; fewer while some are being added.</summary>
    public int Present => Volatile.Read(ref present);

    /// <summary>A wish has been put into the loop's inbox: wakes the loop, if that does not wait for more.</summary>
    public void Add()
    {
        var count = Interlocked.Increment(ref present);
        var enough = Volatile.Read(ref wanted);
        if (enough == 0 || count >= enough)
            alarm.Ring();
    }

    /// <summary>The loop took wishes out of its inbox.</summary>
    public void Take(int count)
    {
        Interlocked.Add(ref present, -count);
        taken += count;
    }

    /// <summary>The loop wrote a page with so many lines, some of which may have come in batches.</summary>
    public void Wrote(int lines) => (company, taken) = (Math.Min(lines, Math.Min(taken, Enough)), 0);

    /// <summary>The newest page with lines is durable now.</summary>
    public void Stored() => Volatile.Write(ref durableAt, time.GetTimestamp());

    /// <summary>Whether the loop had better wait for more; it is then woken in time, and by all else.</summary>
    /// <param name="isDurable">Whether the newest page with lines is.</param>
    public bool IsWorthwhile(bool isDurable)
    {
        var rest = isDurable ? Longest - time.GetElapsedTime(Volatile.Read(ref durableAt)) : Longest;
        if (Present >= company || rest <= TimeSpan.Zero)
            return false;
        // Whoever adds a wish sees this, or the wish is seen here.
        Interlocked.Exchange(ref wanted, company);
        if (Present >= company)
            return false;
        if (isDurable)
            SetTimer(rest);
        return true;
    }

    /// <summary>The loop takes what there is: from now on each wish wakes it.</summary>
    public void End() => Volatile.Write(ref wanted, 0);

    public void Dispose()
    {
        lock (timing)
            timer?.Dispose();
    }

    // One that runs already ends earlier; then the loop looks again.
    private void SetTimer(TimeSpan rest)
    {
        lock (timing)
        {
            if (isTimed)
                return;
            isTimed = true;
            timer ??= time.CreateTimer(_ => OnTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            // Timers count whole milliseconds, and one that ends too early would only be set again.
            timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTime()
    {
        lock (timing)
            isTimed = false;
        if (Volatile.Read(ref wanted) > 0)
            alarm.Ring();
    }
}
