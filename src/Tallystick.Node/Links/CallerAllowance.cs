using System.Net;

namespace Tallystick.Node.Links;

/// <summary>How often each address may try something. Thread-safe.</summary>
/// <param name="perSecond">What each address gets back in a second.</param>
/// <param name="atOnce">What each address may do at once.</param>
/// <param name="time">The clock.</param>
internal sealed class CallerAllowance(double perSecond, double atOnce, TimeProvider time)
{
    /// <summary>Addresses remembered; beyond that all begin anew, which is little for who can have so many.</summary>
    public const int MostAddresses = 4_096;

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, RateAllowance> allowances = [];

    /// <summary>Whether this address may try now. Does not count.</summary>
    public bool IsOpen(IPAddress caller)
    {
        lock (gate)
            return Of(caller).Wait(NowMs) == TimeSpan.Zero;
    }

    /// <summary>Counts one try; false when none was left.</summary>
    public bool TryTake(IPAddress caller)
    {
        lock (gate)
            return Of(caller).TryTake(NowMs);
    }

    private long NowMs => Clock.NowMs(time);

    private RateAllowance Of(IPAddress caller)
    {
        if (allowances.TryGetValue(caller, out var known))
            return known;
        if (allowances.Count >= MostAddresses)
            allowances.Clear();
        return allowances[caller] = new RateAllowance(perSecond, atOnce, NowMs);
    }
}
