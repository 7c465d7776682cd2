using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tallystick.Ordeal;

/// <summary>What the machine allows, found out by trying.</summary>
internal sealed class Machine
{
    private const string InsideVariable = "ORDEAL_APART";

    /// <summary>Whether this process has a network and mounts of its own, which end with it.</summary>
    public bool IsApart { get; } = Environment.GetEnvironmentVariable(InsideVariable) == "1";

    /// <summary>The library that shows a process another time, or null.</summary>
    public string? FakeTime { get; } = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib").Prepend("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
        : null;

    private static bool IsRunByDotnet => Path.GetFileName(Environment.ProcessPath) == "dotnet";

    /// <summary>
    /// Goes on in a network and a mount space of its own, if the machine allows that: the process becomes another
    /// program, which becomes this one again. Returns only where that is not possible, or was done.
    /// </summary>
    public static void GoApart(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(InsideVariable) is not null)
            return;
        string[] apart = Environment.UserName == "root"
            ? ["unshare", "--mount", "--net"]
            : ["unshare", "--mount", "--net", "--map-root-user"];
        Environment.SetEnvironmentVariable(InsideVariable, "0");
        if (!Try([.. apart, "ip", "link", "set", "lo", "up"]))
            return;
        string?[] words =
        [
            .. apart, "env", $"{InsideVariable}=1", Environment.ProcessPath,
            .. IsRunByDotnet ? Environment.GetCommandLineArgs().Take(1) : [],
            .. arguments, null,
        ];
        _ = Replace("unshare", words);
    }

    /// <summary>Makes what all nodes share: loopback, and a folder for the names of their networks.</summary>
    public void Prepare()
    {
        if (!IsApart)
            return;
        Do("ip", "link", "set", "lo", "up");
        Do("mount", "-t", "tmpfs", "-o", "size=1m", "ordeal", "/run");
    }

    /// <summary>Runs a system's tool to its end.</summary>
    public static void Do(params string[] words)
    {
        if (!Try(words))
            throw new InvalidOperationException($"Did not work: {string.Join(' ', words)}");
    }

    public static bool Try(params string[] words)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(words[0], words.Skip(1))
                {
                    RedirectStandardError = true,
                    UseShellExecute = false,
                })!;
            _ = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    public override string ToString() =>
        (IsApart
            ? "network namespaces and a disk to fill: yes"
            : "network namespaces and a disk to fill: NOT ALLOWED here; links are cut by proxy and nodes may go round "
                + "it, no disk is filled")
        + (FakeTime is null ? "; clock jumps: NONE, libfaketime is not here" : "; clock jumps: by libfaketime");

    [DllImport("libc", EntryPoint = "execvp", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Replace(
        [MarshalAs(UnmanagedType.LPStr)] string file,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] words);
}
