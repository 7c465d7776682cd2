using System.Diagnostics;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;

namespace Tallystick.Bench;

/// <summary>
/// Pays through the node's own ledger, with the full rules, storage, history and events. On each tab there is somebody
/// who keeps a share of the requests open, whatever happens on the others.
/// </summary>
/// <param name="tabs">Where it pays.</param>
/// <param name="peerTime">The processor time that whoever is paid has used.</param>
internal sealed class Load(IReadOnlyList<PaidTab> tabs, Func<TimeSpan> peerTime)
{
    private readonly Dictionary<TabId, PaidTab> byId = tabs.ToDictionary(tab => tab.Id);

    /// <summary>
    /// Keeps <paramref name="inFlight"/> requests open for a time, spread over the tabs; each waits for its receipt.
    /// </summary>
    public async Task<Figures> RunAsync(string name, int inFlight, double seconds)
    {
        var latencies = new Latencies();
        using var stop = new CancellationTokenSource();
        var confirming = tabs.Select(tab => tab.Ledger).Distinct()
            .Select(ledger => ConfirmAsync(ledger, latencies, stop.Token))
            .ToArray();
        var processors = new ProcessorClock(peerTime);
        var clock = Stopwatch.StartNew();
        var paid = await Task.WhenAll(tabs.Select((tab, i) =>
        {
            var share = inFlight / tabs.Count + (i < inFlight % tabs.Count ? 1 : 0);
            return Task.Run(() => tab.PayAsync(share, clock, TimeSpan.FromSeconds(seconds), latencies));
        }));
        var figures = processors.Stop(new Figures(
            name, paid.Sum(), paid.Sum() / clock.Elapsed.TotalSeconds, latencies.AtMs(0.5), latencies.AtMs(0.99)));
        await stop.CancelAsync();
        await Task.WhenAll(confirming);
        return figures;
    }

    private async Task ConfirmAsync(Ledger ledger, Latencies latencies, CancellationToken stop)
    {
        try
        {
            await foreach (var happened in ledger.EventsAsync(stop))
            {
                if (happened is Confirmed && byId.TryGetValue(happened.Tab, out var tab))
                    tab.Settle(latencies);
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
