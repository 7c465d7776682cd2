using Tallystick.Core.Identity;

namespace Tallystick.Bench;

/// <summary>
/// Request ids as a client makes them, UUIDs of version 7, without a call of the system's random source for each: the
/// bench measures what pays, not what asks.
/// </summary>
internal static class RequestIds
{
    private static readonly long Base = Random.Shared.NextInt64(1L << 60);
    private static long Given;

    public static RequestId Next() => Next(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    public static RequestId Next(long nowMs)
    {
        var time = (UInt128)(ulong)nowMs << 80;
        var version = (UInt128)7 << 76;
        var variant = (UInt128)2 << 62;
        return new RequestId(time | version | variant | (UInt128)(ulong)(Base + Interlocked.Increment(ref Given)));
    }
}
