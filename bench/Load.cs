using System.Diagnostics;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;

namespace Tallystick.Bench;

/// <summary>
/// Pays through the node's own ledger, with the full rules, storage, history and events; on several tabs in turn.
/// </summary>
/// <param name="tabs">Where it pays.</param>
/// <param name="peerTime">The processor time that whoever is paid has used.</param>
internal sealed class Load(IReadOnlyList<PaidTab> tabs, Func<TimeSpan> peerTime)
{
    private readonly Dictionary<TabId, PaidTab> byId = tabs.ToDictionary(tab => tab.Id);

    /// <summary>Keeps <paramref name="inFlight"/> requests open for a time; each waits for its receipt.</summary>
    public async Task<Figures> RunAsync(string name, int inFlight, double seconds)
    {
        var (payments, latencies) = (0L, new Latencies());
        using var room = new SemaphoreSlim(inFlight);
        using var stop = new CancellationTokenSource();
        var confirming = tabs.Select(tab => tab.Ledger).Distinct()
            .Select(ledger => ConfirmAsync(ledger, room, latencies, stop.Token))
            .ToArray();
        var processors = new ProcessorClock(peerTime);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            await room.WaitAsync();
            _ = AskAsync(tabs[(int)(payments++ % tabs.Count)], room, latencies);
        }
        for (var i = 0; i < inFlight; i++)
            await WaitForRoomAsync(room, latencies);
        var figures = processors.Stop(new Figures(
            name, payments, payments / clock.Elapsed.TotalSeconds, latencies.AtMs(0.5), latencies.AtMs(0.99)));
        await stop.CancelAsync();
        await Task.WhenAll(confirming);
        return figures;
    }

    private static async Task AskAsync(PaidTab tab, SemaphoreSlim room, Latencies latencies)
    {
        await tab.AskAsync();
        Settle(tab, room, latencies);
    }

    private static void Settle(PaidTab tab, SemaphoreSlim room, Latencies latencies)
    {
        if (tab.Settle(latencies) is > 0 and var ended)
            room.Release(ended);
    }

    // An event that was lost, because there were too many, would be missed at the end alone.
    private async Task WaitForRoomAsync(SemaphoreSlim room, Latencies latencies)
    {
        while (!await room.WaitAsync(TimeSpan.FromMilliseconds(100)))
        {
            foreach (var tab in tabs)
                Settle(tab, room, latencies);
        }
    }

    private async Task ConfirmAsync(Ledger ledger, SemaphoreSlim room, Latencies latencies, CancellationToken stop)
    {
        try
        {
            await foreach (var happened in ledger.EventsAsync(stop))
            {
                if (happened is Confirmed && byId.TryGetValue(happened.Tab, out var tab))
                    Settle(tab, room, latencies);
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
