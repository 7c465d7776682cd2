using System.Net;

namespace Tallystick.Node.Links;

/// <summary>
/// How often connections are let in, from one address and from all strangers together. What is not let in is closed
/// before anything is spent on it. Used by one at a time.
/// </summary>
internal sealed class Arrivals(LinkLimits limits, TimeProvider time)
{
    // Beyond it those are forgotten that have come so rarely that nothing is known of them.
    private const int MostAddresses = 4_096;

    private readonly Dictionary<IPAddress, RateAllowance> addresses = [];
    private readonly RateAllowance strangers = new(
        limits.ArrivalsPerSecond, limits.ArrivalsAtOnce, Clock.NowMs(time));

    // What those have used up who call all the time is still there for whoever calls seldom.
    private readonly RateAllowance seldom = new(
        limits.ArrivalsPerSecond, limits.ArrivalsAtOnce, Clock.NowMs(time));

    /// <summary>Whether a connection may come in.</summary>
    public bool LetsIn(IPAddress caller, bool isKnown)
    {
        var now = Clock.NowMs(time);
        var own = Of(caller, now);
        var callsSeldom = own.Left(now) > 0.5;
        return own.TryTake(now) && (isKnown || strangers.TryTake(now) || callsSeldom && seldom.TryTake(now));
    }

    private RateAllowance Of(IPAddress caller, long now)
    {
        if (addresses.TryGetValue(caller, out var allowance))
            return allowance;
        if (addresses.Count >= MostAddresses)
            Forget(now);
        return addresses[caller] = new RateAllowance(
            limits.ArrivalsPerAddressPerSecond, limits.ArrivalsPerAddressAtOnce, now);
    }

    // So many at once that not even the rare ones are to be forgotten: the bound on all strangers holds alone.
    private void Forget(long now)
    {
        foreach (var (address, allowance) in addresses)
        {
            if (allowance.Left(now) >= 1)
                addresses.Remove(address);
        }
        if (addresses.Count >= MostAddresses)
            addresses.Clear();
    }
}
