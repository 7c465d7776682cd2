using System.Diagnostics;
using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>What a person waits for: a node that starts, and one command to a node that runs.</summary>
internal static class Start
{
    private const int Commands = 15;

    // The node has compiled what it answers with, and looked around.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>Starts nodes by the launcher, each on a new folder and then again on the same one.</summary>
    /// <param name="rounds">How many.</param>
    public static async Task<Section> RunAsync(int rounds)
    {
        var report = new Report(
            "start",
            $"By the launcher after the build, from the start of the process; medians of {rounds} starts. The command asks "
                + "a node with one peer.");
        await RunCommandAsync("--version");
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
        try
        {
            await using var peer = await StartedNode.StartAsync(folder, "peer");
            await MeasureAsync(report, rounds, peer);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return report.Section;
    }

    private static async Task MeasureAsync(Report report, int rounds, StartedNode peer)
    {
        List<double> first = [], again = [], early = [], late = [], idle = [];
        for (var round = 0; round < rounds; round++)
        {
            var folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
            try
            {
                await using (var node = await StartedNode.StartAsync(folder))
                    first.Add(node.ReadyMs);
                await using var other = await StartedNode.StartAsync(folder);
                again.Add(other.ReadyMs);
                await Task.Delay(TimeSpan.FromSeconds(1));
                idle.Add(other.MemoryMiB);
                await other.MeetAsync(peer, $"bench{round}");
                for (var i = 0; i < Commands / rounds + 1; i++)
                    early.Add(await RunCommandAsync("balance", "--data", folder));
                await Task.Delay(Settled);
                for (var i = 0; i < Commands / rounds + 1; i++)
                    late.Add(await RunCommandAsync("balance", "--data", folder));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        report.Add("node ready, new key and book, ms", Said(first));
        report.Add("node ready, key and book are there, ms", Said(again));
        report.Add("./tallystick balance, just after the start, ms", Said(early));
        report.Add("./tallystick balance, some seconds later, ms", Said(late));
        report.Add("memory of an idle node, MiB", Said(idle));
    }

    private static async Task<double> RunCommandAsync(params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(StartedNode.Launcher, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? clock.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"tallystick {string.Join(' ', arguments)} failed.");
    }

    private static string Said(List<double> values) =>
        $"{Row.Median(values):0} ({values.Min():0} to {values.Max():0})";
}
