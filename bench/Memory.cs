using System.Diagnostics;

namespace Tallystick.Bench;

/// <summary>Resident memory.</summary>
internal static class Memory
{
    private const double MiB = 1024 * 1024;

    /// <summary>Of this process.</summary>
    public static double OwnMiB => Environment.WorkingSet / MiB;

    /// <summary>Of another.</summary>
    public static double OfMiB(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / MiB;
    }
}
