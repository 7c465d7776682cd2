using System.Diagnostics;
using Tallystick.Client;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Commands;

/// <summary>A node that a service manager stops while it is linked and paid with.</summary>
public sealed class StopTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_linked_node_ends_within_two_seconds_of_the_signal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        var (alice, bob) = await NodeProcess.PairAsync(scratch);
        await using (alice)
        await using (bob)
        {
            for (var payment = 0; payment < 50; payment++)
                await alice.Client.PayAsync(new PayRequest("0.01", "bob"));
            var watch = Stopwatch.StartNew();
            Assert.Equal(0, await alice.StopAsync());
            TestContext.Current.TestOutputHelper!.WriteLine($"It took {watch.Elapsed.TotalMilliseconds:0} ms.");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task A_shell_whose_pipe_says_nothing_ends_at_the_signal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        await using var shell = Tally.Start(["up", "--offline", "--name", "alice", "--data", scratch.Of("alice")]);
        await shell.HearAsync("Type help");

        await shell.SignalAsync("TERM");

        await shell.EndAsync();
    }
}
