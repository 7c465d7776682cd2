using Tallystick.Node.Hosting;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// Lets wishes that are asked one by one wait for company. A page costs the two nodes as much as some hundred lines do,
/// so callers who were answered together, and ask again one after the other, had better share the next page as well.
/// </summary>
/// <remarks>
/// A wish waits while fewer have come than stand on the newest page, and that page is not durable or became it just
/// now. Whoever asks alone thus never waits, and nobody waits for a page that no callers stand behind any more.
/// </remarks>
/// <param name="alarm">Wakes the loop.</param>
/// <param name="time">Tells what is just now.</param>
internal sealed class Gathering(Alarm alarm, TimeProvider time) : IDisposable
{
    // A page of so many is large enough.
    private const int Enough = 64;

    private readonly Lock timing = new();
    private int present;
    private int wanted;
    private int lines;
    private long durableAt;
    private bool isTimed;
    private ITimer? timer;

    /// <summary>How long a wish waits at the most, once the newest page is durable.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How many wishes have come that the loop has not taken.</summary>
    public int Present => Volatile.Read(ref present);

    /// <summary>A wish has been put into the loop's inbox: wakes the loop, if that does not wait for more.</summary>
    public void Add()
    {
        if (Interlocked.Increment(ref present) >= Volatile.Read(ref wanted))
            alarm.Ring();
    }

    /// <summary>The loop took wishes out of its inbox.</summary>
    public void Take(int count) => Interlocked.Add(ref present, -count);

    /// <summary>The loop wrote a page with so many lines.</summary>
    public void Wrote(int count) => lines = count;

    /// <summary>The newest page is durable now.</summary>
    public void Stored() => Volatile.Write(ref durableAt, time.GetTimestamp());

    /// <summary>Whether the loop had better wait for further wishes; it is then woken in time, and by all else.</summary>
    /// <param name="isDurable">Whether the newest page is.</param>
    public bool IsWorthwhile(bool isDurable)
    {
        var company = Math.Min(lines, Enough);
        if (Present >= company || (isDurable && time.GetElapsedTime(Volatile.Read(ref durableAt)) >= Longest))
            return false;
        // Whoever adds a wish sees this, or the wish is seen here.
        Interlocked.Exchange(ref wanted, company);
        if (Present >= company)
            return false;
        if (isDurable)
            SetTimer();
        return true;
    }

    /// <summary>The loop takes what there is: from now on each wish wakes it.</summary>
    public void End() => Volatile.Write(ref wanted, 0);

    public void Dispose()
    {
        lock (timing)
            timer?.Dispose();
    }

    // One that runs already ends early; then the loop looks again.
    private void SetTimer()
    {
        lock (timing)
        {
            if (isTimed)
                return;
            isTimed = true;
            timer ??= time.CreateTimer(_ => OnTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(Longest, Timeout.InfiniteTimeSpan);
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
