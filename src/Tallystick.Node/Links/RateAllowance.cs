namespace Tallystick.Node.Links;

/// <summary>So many at once, then so many a second. Not thread-safe.</summary>
internal sealed class RateAllowance(double perSecond, double atOnce, long nowMs)
{
    // More than there can be, so that the first count makes it as many as may come at once.
    private double left = double.PositiveInfinity;
    private long countedMs = nowMs;

    /// <summary>The part that is left, from 0 to 1.</summary>
    public double Left(long nowMs)
    {
        Refill(nowMs);
        return left / atOnce;
    }

    /// <summary>Takes one, if one is left.</summary>
    public bool TryTake(long nowMs)
    {
        Refill(nowMs);
        if (left < 1)
            return false;
        left--;
        return true;
    }

    /// <summary>How long until one is left.</summary>
    public TimeSpan Wait(long nowMs)
    {
        Refill(nowMs);
        return left >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - left) / perSecond);
    }

    private void Refill(long nowMs)
    {
        left = Math.Min(atOnce, left + (nowMs - countedMs) * perSecond / 1_000);
        countedMs = nowMs;
    }
}
