using System.Diagnostics;

namespace Tallystick.Bench;

/// <summary>
/// Processor time that this process and another have used since the clock was made. On a machine that others use too it
/// says more than the time that passed.
/// </summary>
/// <param name="other">What the other has used in all.</param>
internal sealed class ProcessorClock(Func<TimeSpan> other)
{
    private readonly TimeSpan ownBefore = Environment.CpuUsage.TotalTime;
    private readonly TimeSpan otherBefore = other();

    /// <summary>What a process that runs has used so far.</summary>
    public static TimeSpan UsedBy(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>The figures with the time that each payment took.</summary>
    public Figures Stop(Figures figures) => figures with
    {
        PayerMicroseconds = (Environment.CpuUsage.TotalTime - ownBefore).TotalMicroseconds / figures.Payments,
        PeerMicroseconds = (other() - otherBefore).TotalMicroseconds / figures.Payments,
    };
}
