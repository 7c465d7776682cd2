using Tallystick.Core.Identity;

namespace Tallystick.Node.Links;

/// <summary>One address and when it is dialled next. Used by the hub's loop alone.</summary>
internal sealed class DialPlan(DialTarget target, LinkLimits limits)
{
    private const long HasteMs = 1_000;

    private long hastenedMs = long.MinValue / 2;
    private long waitMs = (long)limits.FirstDialWait.TotalMilliseconds;

    public string Address { get; } = target.Address;

    /// <summary>The key pinned to the address, or proven there in this run; null while none is known.</summary>
    public PublicKey? Key { get; set; } = target.Key;

    /// <summary>The number of the dial that is under way, or null.</summary>
    public long? Dialling { get; set; }

    /// <summary>Not dialled before.</summary>
    public long NextMs { get; private set; }

    /// <summary>Waits longer after every failure, and not in step with the other side.</summary>
    public void Failed(long nowMs)
    {
        NextMs = nowMs + Jittered(waitMs);
        waitMs = Math.Min(waitMs * 2, (long)limits.LongestDialWait.TotalMilliseconds);
    }

    /// <summary>The other side answered that it does not want this link now.</summary>
    public void Refused(long nowMs) => NextMs = nowMs + (long)limits.LongestDialWait.TotalMilliseconds;

    /// <summary>Whoever is meant may be there by now: dialled soon, but never more often than once a second.</summary>
    public void Hasten(long nowMs)
    {
        if (nowMs - hastenedMs < HasteMs)
            return;
        hastenedMs = nowMs;
        NextMs = Math.Min(NextMs, nowMs);
    }

    /// <summary>The peer was linked and is no more; a link that held for a while is dialled again at once.</summary>
    public void Lost(long nowMs, long linkedMs)
    {
        if (linkedMs >= limits.LongestDialWait.TotalMilliseconds)
            waitMs = (long)limits.FirstDialWait.TotalMilliseconds;
        Failed(nowMs);
    }

    private static long Jittered(long ms) => ms / 2 + Random.Shared.NextInt64(ms / 2 + 1);
}
