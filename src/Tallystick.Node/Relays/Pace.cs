using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>So many at once, then so many a second; whoever has taken more waits. Thread-safe.</summary>
internal sealed class Pace(double perSecond, double atOnce, TimeProvider time)
{
    private readonly Lock gate = new();

    // More than there can be, so that the first count makes it as many as may go at once.
    private double left = double.PositiveInfinity;
    private long countedMs = Clock.NowMs(time);

    /// <summary>Takes what has come already, and waits until it may go on.</summary>
    public Task TakeAsync(int count, CancellationToken cancellation)
    {
        double debt;
        lock (gate)
        {
            var now = Clock.NowMs(time);
            left = Math.Min(atOnce, left + (now - countedMs) * perSecond / 1_000) - count;
            countedMs = now;
            debt = -left;
        }
        return debt <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(debt / perSecond), time, cancellation);
    }
}
