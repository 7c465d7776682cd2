using System.Diagnostics;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;

namespace Tallystick.Bench;

/// <summary>One tab of a load, and its payments that the peer has not confirmed yet.</summary>
#pragma warning disable CA1001 // The semaphore never makes a handle; there is nothing to dispose.
internal sealed class PaidTab(Ledger ledger, TabView tab)
#pragma warning restore CA1001
{
    private static readonly TimeSpan LostEvent = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly Queue<(long Page, long Asked)> underWay = new();
    private readonly SemaphoreSlim room = new(0);
    private long seen;
    private volatile Exception? failure;

    public Ledger Ledger => ledger;

    public TabId Id => tab.Terms.Id;

    /// <summary>Keeps so many requests open for a time and waits for their receipts; returns how many.</summary>
    public async Task<long> PayAsync(int inFlight, Stopwatch clock, TimeSpan time, Latencies latencies)
    {
        var payments = 0L;
        if (inFlight == 0)
            return payments;
        room.Release(inFlight);
        while (clock.Elapsed < time)
        {
            await WaitForRoomAsync(latencies);
            payments++;
            _ = AskAsync(latencies);
        }
        for (var i = 0; i < inFlight; i++)
            await WaitForRoomAsync(latencies);
        return payments;
    }

    /// <summary>Counts the payments whose receipt is durable here by now, and makes room for as many.</summary>
    public void Settle(Latencies latencies)
    {
        var (now, ended) = (Stopwatch.GetTimestamp(), 0);
        lock (gate)
        {
            seen = ledger.Find(Id)!.SeenByPeer;
            while (underWay.TryPeek(out var first) && first.Page <= seen)
            {
                latencies.Add(now - first.Asked);
                underWay.Dequeue();
                ended++;
            }
        }
        if (ended > 0)
            room.Release(ended);
    }

    // Nobody awaits it: what goes wrong is thrown where the next payment waits for room.
    private async Task AskAsync(Latencies latencies)
    {
        try
        {
            var asked = Stopwatch.GetTimestamp();
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var id = RequestIds.Next(now);
            var line = new PayLine(id, Amount.FromUnits(1), string.Empty);
            var outcome = await ledger.AskAsync(Id, new Intent(id, [line], now, null), CancellationToken.None);
            // On a machine that stood still for a second it is queued first.
            if (outcome.State is IntentWaiting)
                outcome = await ledger.WaitUntilEndedAsync(Id, id, CancellationToken.None);
            if (outcome.State is not IntentDone done)
                throw new InvalidOperationException($"A payment was not made: {outcome.State}.");
            Keep(done.FirstLine.Page, asked, latencies);
        }
        catch (Exception e)
        {
            failure = e;
        }
    }

    // The receipt may have come before the answer was read; then no event will tell of it.
    private void Keep(long page, long asked, Latencies latencies)
    {
        bool hasEnded;
        lock (gate)
        {
            underWay.Enqueue((page, asked));
            hasEnded = page <= seen;
        }
        if (hasEnded)
            Settle(latencies);
    }

    // Whoever falls behind loses events, and nothing else would tell of the last payments.
    private async ValueTask WaitForRoomAsync(Latencies latencies)
    {
        while (!await room.WaitAsync(LostEvent))
        {
            if (failure is { } e)
                throw new InvalidOperationException("The load failed.", e);
            Settle(latencies);
        }
    }
}
