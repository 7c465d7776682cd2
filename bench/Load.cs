using System.Collections.Concurrent;
using System.Diagnostics;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Node.Ledgers;

namespace Tallystick.Bench;

/// <summary>Payments a second, and milliseconds from the request to the peer's durable receipt at the payer.</summary>
internal sealed record Figures(string Name, long Payments, double PerSecond, double P50Ms, double P99Ms);

/// <summary>Pays through the node's own ledger, with the full rules, storage, history and events.</summary>
internal sealed class Load(Ledger ledger, TabView tab)
{
    private readonly ConcurrentQueue<(long Page, long Asked)> underWay = new();

    /// <summary>Keeps <paramref name="inFlight"/> requests open for a time; each waits for its receipt.</summary>
    public async Task<Figures> RunAsync(string name, int inFlight, double seconds)
    {
        var (payments, latencies) = (0L, new ConcurrentBag<long>());
        using var room = new SemaphoreSlim(inFlight);
        using var stop = new CancellationTokenSource();
        var confirming = ConfirmAsync(room, latencies, stop.Token);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            await room.WaitAsync();
            payments++;
            _ = AskAsync();
        }
        for (var i = 0; i < inFlight; i++)
            await room.WaitAsync();
        var elapsed = clock.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await confirming;
        var sorted = latencies.Order().ToArray();
        return new Figures(name, payments, payments / elapsed, At(sorted, 0.5), At(sorted, 0.99));
    }

    private static double At(long[] sorted, double share) =>
        sorted.Length == 0 ? 0
            : Stopwatch.GetElapsedTime(0, sorted[(int)((sorted.Length - 1) * share)]).TotalMilliseconds;

    private async Task AskAsync()
    {
        var asked = Stopwatch.GetTimestamp();
        var id = RequestIds.Next();
        var line = new PayLine(id, Amount.FromUnits(1), string.Empty);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var outcome = await ledger.AskAsync(tab.Terms.Id, new Intent(id, [line], now, null), CancellationToken.None);
        underWay.Enqueue((((IntentDone)outcome.State).FirstLine.Page, asked));
        Settle();
    }

    private Action settle = () => { };

    private void Settle() => settle();

    private async Task ConfirmAsync(SemaphoreSlim room, ConcurrentBag<long> latencies, CancellationToken ct)
    {
        var gate = new Lock();
        settle = () =>
        {
            lock (gate)
            {
                var seen = ledger.Find(tab.PeerKey, tab.Terms.Asset)!.SeenByPeer;
                var (now, ended) = (Stopwatch.GetTimestamp(), 0);
                while (underWay.TryPeek(out var first) && first.Page <= seen && underWay.TryDequeue(out first))
                {
                    latencies.Add(now - first.Asked);
                    ended++;
                }
                if (ended > 0)
                    room.Release(ended);
            }
        };
        try
        {
            await foreach (var happened in ledger.EventsAsync(ct))
            {
                if (happened is Confirmed)
                    settle();
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
