using System.Diagnostics;
using Tallystick.Bench.Results;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Bench.Scenarios;

/// <summary>A node that the launcher started, until it is disposed.</summary>
internal sealed class StartedNode : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;

    private StartedNode(Process process, string folder, double readyMs) =>
        (this.process, this.folder, ReadyMs) = (process, folder, readyMs);

    /// <summary>What people type.</summary>
    public static string Launcher { get; } =
        Path.Combine(Repository.Root, OperatingSystem.IsWindows() ? "tallystick.cmd" : "tallystick");

    /// <summary>From the start of its process until it said that it is up: its API answers then.</summary>
    public double ReadyMs { get; }

    /// <summary>Its resident memory.</summary>
    public double MemoryMiB => Memory.OfMiB(process);

    /// <summary>Starts one, and waits until it is ready.</summary>
    public static async Task<StartedNode> StartAsync(string folder, string name = "bench")
    {
        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(
            Launcher, ["up", "--name", name, "--data", folder, "--listen", "0", "--web", "0", "--headless"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TALLYSTICK_END_WITH_INPUT"] = "1";
        var started = Process.Start(start)!;
        var said = await started.StandardOutput.ReadLineAsync();
        return said?.Contains("is up", StringComparison.Ordinal) == true
            ? new StartedNode(started, folder, clock.Elapsed.TotalMilliseconds)
            : throw new InvalidOperationException($"The node did not start; it said: {said}");
    }

    /// <summary>Makes each a peer of the other, and waits until there is a tab.</summary>
    /// <param name="other">The other node.</param>
    /// <param name="name">What this one is called there.</param>
    public async Task MeetAsync(StartedNode other, string name)
    {
        using var mine = Client();
        using var theirs = other.Client();
        await mine.AddPeerAsync(new AddPeerRequest("peer", await AddressOfAsync(theirs)));
        await theirs.AddPeerAsync(new AddPeerRequest(name, await AddressOfAsync(mine)));
        while ((await mine.GetBalancesAsync()).Tabs.Count == 0)
            await Task.Delay(20);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    // It listens on every address of this machine.
    private static async Task<string> AddressOfAsync(TallystickClient node)
    {
        var listen = (await node.GetNodeAsync()).Listen!;
        return $"127.0.0.1:{listen[(listen.LastIndexOf(':') + 1)..]}";
    }

    private TallystickClient Client()
    {
        var node = RunningNodes.At(folder) ?? throw new InvalidOperationException($"No node runs on {folder}.");
        return TallystickClient.OverUnixSocket(node.SocketPath, File.ReadAllText(node.TokenPath).Trim());
    }
}
