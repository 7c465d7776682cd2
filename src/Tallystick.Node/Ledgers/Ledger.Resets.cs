using System.Collections.Concurrent;
using System.Threading.Channels;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Ledgers;

/// <content>The user's yes to a reset.</content>
internal sealed partial class Ledger
{
    private readonly ConcurrentDictionary<(TabId Tab, Hash Shown), TaskCompletionSource<Refusal?>> confirming = new();

    /// <summary>
    /// Signs the reset that was shown, if it is still what a yes would sign. Returns when that is durable.
    /// </summary>
    /// <returns>Why nothing was signed, or null.</returns>
    /// <exception cref="NodeStoppingException">The node stopped before the outcome was known.</exception>
    public async Task<Refusal?> ConfirmResetAsync(TabId tab, Hash shown, CancellationToken ct)
    {
        var mine = new TaskCompletionSource<Refusal?>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The same yes twice at once is one yes.
        var first = confirming.GetOrAdd((tab, shown), mine);
        if (ReferenceEquals(first, mine))
        {
            try
            {
                ThrowIfStopping();
                await tabs[tab].PostAsync(new ConfirmReset(shown), ct);
            }
            catch (Exception lost)
            {
                confirming.TryRemove(new((tab, shown), mine));
                mine.TrySetException(new NodeStoppingException());
                if (lost is ChannelClosedException)
                    throw new NodeStoppingException();
                throw;
            }
        }
        return await first.Task.WaitAsync(ct);
    }

    /// <summary>Waits until the tab is beyond an era; false when the time is over.</summary>
    public async Task<bool> WaitForResetAsync(TabId tab, long era, TimeSpan patience, CancellationToken ct)
    {
        using var expiry = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, expiry.Token);
        try
        {
            while (true)
            {
                var change = tabs[tab].Changed;
                if (tabs[tab].View.State.Era.Number > era)
                    return true;
                await change.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private void ResetAnswered(TabId tab, ResetAnswered answered)
    {
        if (confirming.TryRemove((tab, answered.Shown), out var waiting))
            waiting.TrySetResult(answered.Refusal);
    }

    private void FailConfirming(Func<TabId, bool> which)
    {
        foreach (var waiting in confirming.Where(waiting => which(waiting.Key.Tab)))
        {
            if (confirming.TryRemove(waiting))
                waiting.Value.TrySetException(new NodeStoppingException());
        }
    }
}
