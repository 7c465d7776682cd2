using System.Diagnostics;
using System.Numerics;

namespace Tallystick.Bench;

/// <summary>
/// How often a payment took how long. It keeps counts and not the times themselves, so that a minute of millions of
/// payments costs no memory. Thread-safe.
/// </summary>
internal sealed class Latencies
{
    // So many steps in each doubling: what is read back is at most 1.6 % off.
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;
    private readonly long[] counts = new long[(sizeof(long) * 8 - StepBits) * Steps];

    /// <summary>Counts one, in ticks of the stopwatch.</summary>
    public void Add(long ticks) => Interlocked.Increment(ref counts[IndexOf(Math.Max(0, ticks))]);

    /// <summary>The milliseconds that this share of all took at most; 0 without any.</summary>
    public double AtMs(double share)
    {
        var left = (long)(counts.Sum() * share);
        for (var i = 0; i < counts.Length; i++)
        {
            left -= counts[i];
            if (left < 0)
                return Stopwatch.GetElapsedTime(0, MiddleOf(i)).TotalMilliseconds;
        }
        return 0;
    }

    private static int IndexOf(long ticks)
    {
        var doublings = Math.Max(0, BitOperations.Log2((ulong)ticks) - StepBits);
        return (doublings << StepBits) + (int)(ticks >> doublings);
    }

    private static long MiddleOf(int index)
    {
        var doublings = Math.Max(0, (index >> StepBits) - 1);
        return ((long)(index - (doublings << StepBits)) << doublings) + (1L << doublings >> 1);
    }
}
