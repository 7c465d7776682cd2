using Tallystick.Bench.Results;

namespace Tallystick.Bench.Relays;

/// <summary>
/// Two nodes that are linked directly and two that are linked through a relay, paid in turn; then what nodes cost the
/// relay that are registered and do nothing.
/// </summary>
internal static class RelayRun
{
    // What the first ones cost is the code that they were the first to run.
    private const int First = 100;

    private static readonly int[] Loads = [1, 64, 1_000, 10_000];
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    /// <param name="idle">How many idle nodes.</param>
    /// <param name="rounds">How often each load is measured.</param>
    /// <param name="seconds">How long each.</param>
    public static async Task<Section> RunAsync(int idle, int rounds, double seconds)
    {
        var report = new Report(
            "relay",
            $"Direct and through a relay on the same machine in turn; median of {rounds} round(s) of {seconds} s.",
            "Of direct");
        await using (var relay = await RelayNode.StartAsync())
            await PayAsync(report, relay, rounds, seconds);
        await using (var relay = await RelayNode.StartAsync())
            await RestAsync(report, relay, idle);
        return report.Section;
    }

    private static async Task PayAsync(Report report, RelayNode relay, int rounds, double seconds)
    {
        var folders = Directory.CreateTempSubdirectory("tallystick-bench-");
        try
        {
            await using var direct = await Pair.StartAsync(folders.CreateSubdirectory("direct").FullName);
            await using var relayed = await Pair.StartAsync(
                folders.CreateSubdirectory("relayed").FullName, relay: relay.Address);
            var (directLoad, relayedLoad) = (direct.Load, relayed.Load);
            await directLoad.RunAsync("warm-up", 64, Math.Min(2, seconds));
            await relayedLoad.RunAsync("warm-up", 64, Math.Min(2, seconds));
            foreach (var inFlight in Loads)
            {
                var (plain, over) = (new List<Figures>(), new List<Figures>());
                var used = TimeSpan.Zero;
                for (var round = 0; round < rounds; round++)
                {
                    plain.Add(await directLoad.RunAsync($"direct, {inFlight:N0} in flight", inFlight, seconds));
                    var before = relay.ProcessorTime;
                    over.Add(await relayedLoad.RunAsync($"relay, {inFlight:N0} in flight", inFlight, seconds));
                    used += relay.ProcessorTime - before;
                }
                report.Add(Row.Of(plain));
                report.Add(Row.Of(over, plain));
                report.Add(
                    $"CPU us of the relay for a payment, {inFlight:N0} in flight",
                    $"{used.TotalMicroseconds / over.Sum(figures => figures.Payments):0.0}");
            }
            report.Add("relay after that, MiB", $"{relay.MemoryMiB:0}");
        }
        finally
        {
            folders.Delete(recursive: true);
        }
    }

    private static async Task RestAsync(Report report, RelayNode relay, int count)
    {
        var clients = new List<IdleClient>();
        try
        {
            var few = await IdleAsync(relay, clients, First);
            var many = await IdleAsync(relay, clients, count);
            var added = count - First;
            report.Add($"relay with {count:N0} idle nodes, MiB", $"{many.ResidentMiB:0}");
            report.Add(
                "an idle node at the relay, KiB, resident and of that objects",
                $"{(many.ResidentMiB - few.ResidentMiB) * 1024 / added:0}; "
                    + $"{(many.ObjectBytes - few.ObjectBytes) / 1024.0 / added:0}");
        }
        finally
        {
            await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        }
    }

    private static async Task<(double ResidentMiB, long ObjectBytes)> IdleAsync(
        RelayNode relay, List<IdleClient> clients, int count)
    {
        while (clients.Count < count)
            clients.Add(new IdleClient(relay.Address));
        while (!clients.TrueForAll(client => client.IsRegistered))
            await Task.Delay(50);
        await Task.Delay(Rest);
        var objects = await relay.MeasureAsync();
        return (relay.MemoryMiB, objects);
    }
}
