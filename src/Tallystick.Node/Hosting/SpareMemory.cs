using System.Runtime.InteropServices;

namespace Tallystick.Node.Hosting;

/// <summary>
/// Memory that is free within the process: the collector and the C library keep it in case it is needed again.
/// </summary>
internal static class SpareMemory
{
    // Others than glibc have no such call, and need none: they give back by themselves.
    private static readonly bool CanTrim = OperatingSystem.IsLinux()
        && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out _);

    /// <summary>
    /// Gives it back to the system. Threads stand still meanwhile, some milliseconds for each 10 MB of objects in use.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect();
        // What the library holds for objects that are gone is free when these are finalized.
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Trim();
    }

    /// <summary>The C library's part of it; false where it is another than glibc.</summary>
    public static bool Trim()
    {
        if (CanTrim)
            _ = MallocTrim(0);
        return CanTrim;
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint keep);
}
