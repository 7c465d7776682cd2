using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>What one caller, a key or an address, has of one callee. Not thread-safe.</summary>
internal sealed class RelayShare(int mostStreams, double perSecond, double atOnce, long nowMs)
{
    private readonly RateAllowance calls = new(perSecond, atOnce, nowMs);

    /// <summary>Streams open or on the way.</summary>
    public int Streams { get; set; }

    /// <summary>Counts a call; false when there were too many, or when there are too many streams.</summary>
    public bool MayCall(long now) => Streams < mostStreams && calls.TryTake(now);

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsUntouched(long now) => Streams == 0 && calls.Left(now) >= 1;
}
