using System.Diagnostics;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;

namespace Tallystick.Bench;

/// <summary>One tab of a load, and its payments that the peer has not confirmed yet.</summary>
internal sealed class PaidTab(Ledger ledger, TabView tab)
{
    private readonly Lock gate = new();
    private readonly Queue<(long Page, long Asked)> underWay = new();

    public Ledger Ledger => ledger;

    public TabId Id => tab.Terms.Id;

    /// <summary>Asks for one payment, through the full rules; returns when it is on a durable page.</summary>
    public async Task AskAsync()
    {
        var asked = Stopwatch.GetTimestamp();
        var id = RequestId.FromGuid(Guid.CreateVersion7());
        var line = new PayLine(id, Amount.FromUnits(1), string.Empty);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var outcome = await ledger.AskAsync(Id, new Intent(id, [line], now, null), CancellationToken.None);
        lock (gate)
            underWay.Enqueue((((IntentDone)outcome.State).FirstLine.Page, asked));
    }

    /// <summary>Counts the payments whose receipt is durable here by now; returns how many they are.</summary>
    public int Settle(Latencies latencies)
    {
        var ended = 0;
        lock (gate)
        {
            var seen = ledger.Find(tab.PeerKey, tab.Terms.Asset)!.SeenByPeer;
            while (underWay.TryPeek(out var first) && first.Page <= seen)
            {
                latencies.Add(Stopwatch.GetTimestamp() - first.Asked);
                underWay.Dequeue();
                ended++;
            }
        }
        return ended;
    }
}
