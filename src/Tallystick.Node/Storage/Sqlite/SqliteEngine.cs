using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Binds the managed calls to the system's SQLite, which gets its security updates from the system.</summary>
internal static class SqliteEngine
{
    // 3.37 brought STRICT tables.
    internal const int OldestVersion = 3_037_000;

    private static readonly Lock Loading = new();
    private static bool Loaded;

    /// <summary>Loads the engine, once.</summary>
    /// <exception cref="CannotStartException">It is missing or too old.</exception>
    public static void Load()
    {
        lock (Loading)
        {
            if (Loaded)
                return;
            if (!Candidates().Any(CanLoad))
                throw new CannotStartException($"SQLite is not installed on this machine: install {Package()}.");
            var provider = new SQLite3Provider_e_sqlite3();
            NativeLibrary.SetDllImportResolver(provider.GetType().Assembly, Resolve);
            raw.SetProvider(provider);
            raw.FreezeProvider();
            Loaded = true;
        }
        RequireVersion(raw.sqlite3_libversion_number());
    }

    internal static void RequireVersion(int version)
    {
        if (version < OldestVersion)
        {
            throw new CannotStartException(
                $"SQLite {version / 1_000_000}.{version / 1000 % 1000} is too old, 3.37 or newer is needed: "
                + $"update {Package()}.");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3")
            return 0;
        foreach (var candidate in Candidates())
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
                return handle;
        }
        return 0;
    }

    private static bool CanLoad(string candidate) => NativeLibrary.TryLoad(candidate, out _);

    private static string[] Candidates() =>
        OperatingSystem.IsWindows() ? ["winsqlite3"]
        : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"]
        : ["libsqlite3.so.0", "libsqlite3.so"];

    private static string Package() =>
        OperatingSystem.IsWindows() ? "a Windows that has winsqlite3.dll (Windows 10 or newer)"
        : OperatingSystem.IsMacOS() ? "the package sqlite (Homebrew)"
        : "the package libsqlite3-0 (Debian, Ubuntu) or sqlite-libs (Fedora, Alpine)";
}
