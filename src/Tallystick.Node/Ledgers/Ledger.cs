using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// All tabs of a node: takes wishes from its user and frames from its peers, and tells what became durable.
/// </summary>
internal sealed partial class Ledger : IAsyncDisposable
{
    /// <summary>Tabs that one peer may open; each costs memory for as long as the node lives.</summary>
    public const int MaxTabsPerPeer = 256;

    private static readonly TimeSpan ClockPeriod = TimeSpan.FromMilliseconds(250);

    private readonly ILedgerStore store;
    private readonly NodeIdentity identity;
    private readonly KeyRing keys;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Hash runId;
    private readonly Func<long> highestLink;
    private readonly Committer committer;
    private readonly CancellationTokenSource stopping = new();
    private readonly TabIndex tabs = new();
    private readonly ConcurrentDictionary<TabId, Task> loops = new();
    private readonly Lock opening = new();
    private readonly ITimer clock;
    private readonly TaskCompletionSource<Exception?> stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task committing;

    private Ledger(
        ILedgerStore store,
        NodeIdentity identity,
        KeyRing keys,
        Hash runId,
        Func<long> highestLink,
        TimeProvider time,
        ILoggerFactory logs)
    {
        (this.store, this.identity, this.keys, this.runId) = (store, identity, keys, runId);
        (this.highestLink, this.time, log) = (highestLink, time, logs.CreateLogger<Ledger>());
        committer = new Committer(store, Publish, SendQueued);
        foreach (var stored in store.LoadTabs())
        {
            // Written with another key, its pages would look to the peer like somebody else's.
            if (stored.Terms.KeyOf(stored.Me) != identity.Key)
            {
                throw new CannotStartException(
                    "The book belongs to another key than the file key holds: put back the key that was there, "
                        + "or name another data folder with --data.");
            }
            Start(TabState.Open(
                stored.Terms,
                stored.Me,
                runId,
                stored.Snapshot,
                [.. stored.Unseen.Select(page => page.Content)],
                stored.Waiting));
        }
        committing = Task.Run(CommitAsync);
        clock = time.CreateTimer(_ => WakeThoseWithFreshWishes(), null, ClockPeriod, ClockPeriod);
    }

    /// <summary>
    /// Completes when the store failed, with what it said: the process must stop. Null when disposed.
    /// </summary>
    public Task<Exception?> Stopped => stopped.Task;

    /// <summary>The newest durable picture of every tab.</summary>
    public IReadOnlyCollection<TabView> Tabs => [.. tabs.All.Select(tab => tab.View)];

    /// <summary>Opens the book.</summary>
    /// <param name="store">The book; the ledger does not dispose it.</param>
    /// <param name="identity">This node's key.</param>
    /// <param name="keys">Verifies signatures.</param>
    /// <param name="runId">This process's random id, the same that its links greet with.</param>
    /// <param name="highestLink">The highest link number given out so far.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where to log.</param>
    public static Ledger Open(
        ILedgerStore store,
        NodeIdentity identity,
        KeyRing keys,
        Hash runId,
        Func<long> highestLink,
        TimeProvider time,
        ILoggerFactory logs) => new(store, identity, keys, runId, highestLink, time, logs);

    /// <summary>The tab with this id, or null.</summary>
    public TabView? Find(TabId id) => tabs.TryFind(id, out var tab) ? tab.View : null;

    /// <summary>The tab with this peer in this asset, or null.</summary>
    public TabView? Find(PublicKey peer, Asset asset) => tabs.Find(peer, asset)?.View;

    /// <summary>
    /// The tab with this peer in this asset, opened if need be and said Hello on if the peer is there.
    /// </summary>
    /// <exception cref="ArgumentException">The peer is this node itself.</exception>
    public TabView OpenTab(PublicKey peer, Asset asset)
    {
        if (!TabTerms.TryCreate(identity.Key, peer, asset, out var terms))
            throw new ArgumentException("A tab needs two different keys.", nameof(peer));
        return OpenTab(terms).View;
    }

    public async ValueTask DisposeAsync()
    {
        await clock.DisposeAsync();
        await stopping.CancelAsync();
        await Task.WhenAll(loops.Values);
        committer.Complete();
        await committing;
        FailWaiting(_ => true);
        foreach (var tab in tabs.All)
            tab.Dispose();
        stopped.TrySetResult(null);
        stopping.Dispose();
    }

    private TabLedger OpenTab(TabTerms terms)
    {
        lock (opening)
        {
            if (tabs.TryFind(terms.Id, out var known))
                return known;
            terms.TryPartyOf(identity.Key, out var me);
            var tab = Start(TabState.Open(terms, me, runId, null, [], []));
            if (currentLinks.TryGetValue(terms.KeyOf(me.Other()), out var link))
                PostAndForget(tab, new LinkCurrent(link.Number, highestLink(), link.Binding));
            return tab;
        }
    }

    private TabLedger Start(TabState state)
    {
        var tab = new TabLedger(
            state,
            identity,
            store,
            (batch, lend) => committer.CommitAsync(batch, lend, stopping.Token),
            MakeRoom,
            time,
            log);
        tabs.Add(tab);
        loops[tab.Id] = Task.Run(() => RunAsync(tab));
        return tab;
    }

    private async Task RunAsync(TabLedger tab)
    {
        try
        {
            await tab.RunAsync(stopping.Token);
            // When the node leaves, what is on its way to the disk is still answered.
            if (tab.View.Bug is null)
                return;
            FailWaiting(of => of == tab.Id);
            Tell(new TabStopped(tab.Id));
        }
        catch (StoreFailedException failed)
        {
            await FailAsync(failed);
        }
    }

    private void WakeThoseWithFreshWishes()
    {
        foreach (var tab in tabs.All)
        {
            if (tab.NeedsClock)
                tab.Wake();
        }
    }

    private async Task CommitAsync()
    {
        try
        {
            await committer.RunAsync();
        }
        catch (Exception failed)
        {
            await FailAsync(failed);
        }
    }

    // After a failed flush nobody knows what is on the disk: only a restart, which reads it, can tell.
    private async Task FailAsync(Exception failed)
    {
        log.LogCritical(failed, "The book failed");
        await stopping.CancelAsync();
        FailWaiting(_ => true);
        stopped.TrySetResult(failed);
    }
}
