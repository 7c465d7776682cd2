using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Ledgers;

/// <content>What the user asks for: once per request id, answered when it is durable.</content>
internal sealed partial class Ledger
{
    // A request id is here from the moment it is asked until its answer is durable, and in the store from then on.
    private readonly PendingWishes pending = new();
    private readonly ConcurrentDictionary<RequestId, PendingCancel> cancelling = new();

    // Used by the committer alone.
    private readonly List<(DoneIntent Intent, IPendingWish? Wish)> answering = [];

    /// <summary>Asks once: returns when the wish is on a durable page, queued, or refused.</summary>
    /// <remarks>The same wish again gives the outcome of the first; another wish under its id is refused.</remarks>
    /// <exception cref="NodeStoppingException">The node stopped before the outcome was known.</exception>
    public Task<IntentOutcome> AskAsync(TabId tab, Intent intent, CancellationToken ct)
    {
        var mine = new SingleWish(tabs[tab], intent);
        return pending.TryAdd(mine) && TryPost(mine)
            ? mine.Answered.WaitAsync(ct)
            : AskSlowlyAsync(mine, ct);
    }

    /// <summary>
    /// Asks many times in one go, each as if alone; gives the outcomes in the order of <paramref name="intents"/>.
    /// </summary>
    /// <exception cref="NodeStoppingException">The node stopped before every outcome was known.</exception>
    public async Task<IReadOnlyList<IntentOutcome>> AskManyAsync(
        TabId tab, ImmutableArray<Intent> intents, CancellationToken ct)
    {
        var (ledger, group) = (tabs[tab], new WishGroup(intents.Length));
        var (mine, again) = (new List<IPendingWish>(intents.Length), new List<int>());
        for (var i = 0; i < intents.Length; i++)
        {
            var wish = new WishOfGroup(ledger, intents[i], group, i);
            if (pending.TryAdd(wish))
                mine.Add(wish);
            else
                again.Add(i);
        }
        group.Expect(mine.Count);
        await LookAndPostAsync(ledger, mine, ct);
        var repeated = again.ConvertAll(i => AskAsync(tab, intents[i], ct));
        var outcomes = await group.Ended.WaitAsync(ct);
        for (var i = 0; i < again.Count; i++)
            outcomes[again[i]] = await repeated[i];
        return outcomes;
    }

    // The usual wish is new and the loop has room for it. False if something must be awaited or looked at closely.
    private bool TryPost(SingleWish wish)
    {
        if (stopping.IsCancellationRequested)
            return false;
        var returned = wish.Tab.View.State.Returned;
        return store.FindIntent(wish.Intent.RequestId) is null
            && wish.Tab.TryPost(wish.Intent, returned);
    }

    private async Task<IntentOutcome> AskSlowlyAsync(SingleWish mine, CancellationToken ct)
    {
        var (tab, intent) = (mine.Tab, mine.Intent);
        while (pending.FindOrAdd(mine) is var first && !ReferenceEquals(first, mine))
        {
            var before = await first.Answered.WaitAsync(ct);
            if (first.Is(tab.Id, intent.Lines))
                return Repeated(tab, before.State);
            // Another wish under this id. Whether that one or this one has it, the book knows by now.
        }
        await LookAndPostAsync(tab, [mine], ct);
        return await mine.Answered.WaitAsync(ct);
    }

    // Answers the wishes that were made before; the others are on their way to the tab's loop, or have failed.
    private async ValueTask LookAndPostAsync(TabLedger tab, List<IPendingWish> wishes, CancellationToken ct)
    {
        try
        {
            // Whoever stops the node fails what is pending after it has said so; from then on nobody answers.
            ThrowIfStopping();
            // Taken before the look: what comes back between the two makes the loop send the wish back.
            var returned = tab.View.State.Returned;
            var unknown = ImmutableArray.CreateBuilder<Intent>(wishes.Count);
            foreach (var wish in wishes)
            {
                if (store.FindIntent(wish.Intent.RequestId) is not { } stored)
                    unknown.Add(wish.Intent);
                else
                    End(wish, wish.Is(stored.Tab, stored.Lines) ? Repeated(tab, stored.State) : Reused());
            }
            if (unknown.Count > 0)
                await tab.PostAsync(new Ask(unknown.DrainToImmutable(), returned), ct);
        }
        catch (ChannelClosedException)
        {
            foreach (var wish in wishes)
                End(wish, new IntentOutcome(StoppedTab(tab), Delivered: false, Repeated: false));
        }
        catch (Exception lost)
        {
            foreach (var wish in wishes)
            {
                pending.Remove(wish);
                wish.Fail(lost is OperationCanceledException && stopping.IsCancellationRequested
                    ? new NodeStoppingException()
                    : lost);
            }
        }
    }

    // Pages came back after the look, so the wish may be among them. The committer, which calls this, never waits.
    private async Task LookAgainAsync(IPendingWish wish)
    {
        await Task.Yield();
        await LookAndPostAsync(wish.Tab, [wish], stopping.Token);
    }

    private void End(IPendingWish wish, IntentOutcome outcome)
    {
        pending.Remove(wish);
        wish.Answer(outcome);
    }

    /// <summary>Whether this wish was ever made here, its answer durable or still on its way.</summary>
    public bool Knows(RequestId id) => pending.TryFind(id, out _) || store.FindIntent(id) is not null;

    /// <summary>Waits until a wish has ended: confirmed by the peer, refused or cancelled.</summary>
    /// <exception cref="KeyNotFoundException">There is no such wish.</exception>
    public async Task<IntentOutcome> WaitUntilEndedAsync(TabId tab, RequestId id, CancellationToken ct)
    {
        var ledger = tabs[tab];
        while (true)
        {
            var change = ledger.Changed;
            if (pending.TryFind(id, out var wish))
            {
                await wish.Answered.WaitAsync(ct);
                continue;
            }
            var stored = store.FindIntent(id) ?? throw new KeyNotFoundException($"No wish {id}.");
            var delivered = IsDelivered(ledger, stored.State);
            if (delivered || stored.State is IntentRefused or IntentCancelled)
                return new IntentOutcome(stored.State, delivered, Repeated: false);
            await change.WaitAsync(ct);
        }
    }

    /// <summary>Takes a queued wish back; gives its state, whatever that is by then.</summary>
    /// <exception cref="KeyNotFoundException">There is no such wish.</exception>
    public async Task<IntentOutcome> CancelAsync(TabId tab, RequestId id, CancellationToken ct)
    {
        var mine = new PendingCancel(tab);
        var first = cancelling.GetOrAdd(id, mine);
        if (ReferenceEquals(first, mine))
            await PostCancelAsync(mine, id, ct);
        await first.Ended.WaitAsync(ct);
        if (pending.TryFind(id, out var wish))
            await wish.Answered.WaitAsync(ct);
        var stored = store.FindIntent(id) ?? throw new KeyNotFoundException($"No wish {id}.");
        return new IntentOutcome(stored.State, IsDelivered(tabs[tab], stored.State), Repeated: false);
    }

    private async ValueTask PostCancelAsync(PendingCancel cancel, RequestId id, CancellationToken ct)
    {
        try
        {
            ThrowIfStopping();
            await tabs[cancel.Tab].PostAsync(new Cancel(id), ct);
        }
        catch (Exception lost)
        {
            // Nothing will ever end it, so it must not stand in the way of the next one who wants to cancel.
            cancelling.TryRemove(KeyValuePair.Create(id, cancel));
            cancel.Fail(new NodeStoppingException());
            if (lost is ChannelClosedException)
                throw new NodeStoppingException();
            throw;
        }
    }

    private void ThrowIfStopping()
    {
        if (stopping.IsCancellationRequested)
            throw new NodeStoppingException();
    }

    private static IntentRefused StoppedTab(TabLedger tab) =>
        new(new Refusal(Rejections.NotReady, tab.View.Trouble ?? "This tab has stopped."));

    private static IntentOutcome Reused() => new(
        new IntentRefused(new Refusal(Rejections.RequestIdReused, "This request id was used for another wish.")),
        Delivered: false,
        Repeated: true);

    private static IntentOutcome Repeated(TabLedger tab, IntentState state) =>
        new(state, IsDelivered(tab, state), Repeated: true);

    private static bool IsDelivered(TabLedger tab, IntentState state) =>
        state is IntentDone done && done.FirstLine.Page <= tab.View.SeenByPeer;

    private void Answered(TabLedger tab, Answer answer)
    {
        if (pending.TryTake(answer.RequestId, out var wish))
            wish.Answer(new IntentOutcome(answer.State, IsDelivered(tab, answer.State), Repeated: false));
        if (answer.State is IntentCancelled)
            CancelEnded(answer.RequestId);
        if (answer.WasWaiting || answer.State is IntentWaiting)
            Tell(new IntentChanged(tab.Id, answer.RequestId, answer.State, answer.WasWaiting));
    }

    private void Answered(TabId tab, Done done)
    {
        foreach (var intent in done.Intents)
            answering.Add((intent, null));
        pending.Take(answering);
        foreach (var (intent, wish) in answering)
        {
            if (wish is null && !intent.WasWaiting)
                continue;
            var state = new IntentDone(intent.FirstLine);
            // The page has only just become durable, so the peer cannot have seen it.
            wish?.Answer(new IntentOutcome(state, Delivered: false, Repeated: false));
            if (intent.WasWaiting)
                Tell(new IntentChanged(tab, intent.RequestId, state, WasWaiting: true));
        }
        answering.Clear();
    }

    private void LookAgain(RequestId id)
    {
        if (pending.TryFind(id, out var wish))
            _ = LookAgainAsync(wish);
    }

    private void CancelEnded(RequestId id)
    {
        if (cancelling.TryRemove(id, out var waiting))
            waiting.End();
    }

    private void FailWaiting(Func<TabId, bool> which)
    {
        FailConfirming(which);
        foreach (var wish in pending.All.Where(wish => which(wish.Tab.Id)))
            wish.Fail(new NodeStoppingException());
        foreach (var waiting in cancelling.Where(waiting => which(waiting.Value.Tab)))
        {
            cancelling.TryRemove(waiting);
            waiting.Value.Fail(new NodeStoppingException());
        }
    }

    private sealed class PendingCancel(TabId tab)
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TabId Tab => tab;

        public Task Ended => ended.Task;

        public void End() => ended.TrySetResult();

        public void Fail(Exception why) => ended.TrySetException(why);
    }
}

/// <summary>The node stopped before the outcome of a wish was known. Asking again with the same id is safe.</summary>
internal sealed class NodeStoppingException() : Exception("The node is stopping; ask again when it is back.");
