using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>So many bytes at once, then so many a second; whoever has taken more waits. Thread-safe.</summary>
internal sealed class ByteAllowance(double perSecond, double atOnce, TimeProvider time)
{
    private readonly Lock gate = new();

    // More than there can be, so that the first count makes it as many as may go at once.
    private double left = double.PositiveInfinity;
    private long countedMs = Clock.NowMs(time);

    /// <summary>Takes bytes that were read already, and waits until they may go on.</summary>
    public Task TakeAsync(int bytes, CancellationToken cancellation)
    {
        double debt;
        lock (gate)
        {
            var now = Clock.NowMs(time);
            left = Math.Min(atOnce, left + (now - countedMs) * perSecond / 1_000) - bytes;
            countedMs = now;
            debt = -left;
        }
        return debt <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(debt / perSecond), time, cancellation);
    }
}
