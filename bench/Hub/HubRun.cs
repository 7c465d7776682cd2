using Tallystick.Bench.Results;
using Tallystick.Node.Hosting;

namespace Tallystick.Bench.Hub;

/// <summary>
/// One node that many peers pay: what each costs it while idle, and how many payments it takes from all together. The
/// hub is a whole node with a book on the disk; the peers live in this process and keep theirs in memory.
/// </summary>
internal static class HubRun
{
    /// <summary>What the first ones cost is the code that they were the first to run.</summary>
    public const int First = 100;

    private static readonly int[] Loads = [1_000, 10_000, 50_000];

    // What follows a busy time is done by then: a look that still finds the node busy, one that does not, and a margin.
    private static readonly TimeSpan Rest = 2 * QuietTime.Look + TimeSpan.FromSeconds(5);

    /// <param name="count">The peers.</param>
    /// <param name="seconds">For each row of payments; none are made without it.</param>
    public static async Task<Section> RunAsync(int count, double? seconds)
    {
        var report = new Report(
            "hub",
            $"{count:N0} peers, {(seconds is null ? "" : $"{seconds} s for each row; ")}"
                + $"idle ones {Rest.TotalSeconds} s after the last of them came.");
        await using var hub = HubNode.Start();
        var peers = new List<SmallPeer>();
        try
        {
            await ReportIdleAsync(report, hub, peers, count);
            if (seconds is { } each)
                await ReportPaymentsAsync(report, hub, peers, each);
        }
        finally
        {
            await Task.WhenAll(peers.Select(peer => peer.DisposeAsync().AsTask()));
        }
        return report.Section;
    }

    private static async Task ReportIdleAsync(Report report, HubNode hub, List<SmallPeer> peers, int count)
    {
        var few = await IdleAsync(hub, peers, First);
        var many = await IdleAsync(hub, peers, count);
        var added = count - First;
        report.Add("hub with its idle peers, MiB", $"{many.ResidentMiB:0}");
        report.Add(
            "an idle peer at the hub, KiB, resident and of that objects",
            $"{(many.ResidentMiB - few.ResidentMiB) * 1024 / added:0}; "
                + $"{(many.ObjectBytes - few.ObjectBytes) / 1024.0 / added:0}");
    }

    private static async Task ReportPaymentsAsync(Report report, HubNode hub, List<SmallPeer> peers, double seconds)
    {
        var load = new Load([.. peers.Select(peer => peer.Tab!)], () => hub.ProcessorTime);
        await load.RunAsync("warm-up", 1_000, seconds / 2);
        foreach (var inFlight in Loads)
            report.Add(Row.Of([await load.RunAsync($"hub, {inFlight:N0} in flight", inFlight, seconds)]));
        report.Add("hub after that, MiB", $"{hub.MemoryMiB:0}");
    }

    /// <summary>Has so many peers linked and ready, lets them rest, and looks at the hub's memory.</summary>
    private static async Task<Idle> IdleAsync(HubNode hub, List<SmallPeer> peers, int count)
    {
        while (peers.Count < count)
        {
            var peer = new SmallPeer($"peer{peers.Count}");
            peers.Add(peer);
            await hub.AddAsync(peer);
        }
        while (peers.Any(peer => peer.Tab is null))
            await Task.Delay(50);
        await Task.Delay(Rest);
        var objects = await hub.MeasureAsync();
        return new Idle(hub.MemoryMiB, objects);
    }

    private sealed record Idle(double ResidentMiB, long ObjectBytes);
}
