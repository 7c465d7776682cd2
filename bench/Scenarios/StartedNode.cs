using System.Diagnostics;
using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>A node that the launcher started, until it is disposed.</summary>
internal sealed class StartedNode : IAsyncDisposable
{
    private readonly Process process;

    private StartedNode(Process process, double readyMs) => (this.process, ReadyMs) = (process, readyMs);

    /// <summary>What people type.</summary>
    public static string Launcher { get; } =
        Path.Combine(Repository.Root, OperatingSystem.IsWindows() ? "tallystick.cmd" : "tallystick");

    /// <summary>From the start of its process until it said that it is up: its API answers then.</summary>
    public double ReadyMs { get; }

    /// <summary>Its resident memory.</summary>
    public double MemoryMiB => Memory.OfMiB(process);

    /// <summary>Starts one, and waits until it is ready.</summary>
    public static async Task<StartedNode> StartAsync(string folder)
    {
        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(
            Launcher, ["up", "--name", "bench", "--data", folder, "--listen", "0", "--web", "0", "--headless"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TALLYSTICK_END_WITH_INPUT"] = "1";
        var started = Process.Start(start)!;
        var said = await started.StandardOutput.ReadLineAsync();
        return said?.Contains("is up", StringComparison.Ordinal) == true
            ? new StartedNode(started, clock.Elapsed.TotalMilliseconds)
            : throw new InvalidOperationException($"The node did not start; it said: {said}");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
