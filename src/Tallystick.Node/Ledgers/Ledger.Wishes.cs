using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Ledgers;

/// <content>What the user asks for: once per request id, answered when it is durable.</content>
internal sealed partial class Ledger
{
    // A request id is here from the moment it is asked until its answer is durable, and in the store from then on.
    private readonly ConcurrentDictionary<RequestId, PendingWish> pending = new();
    private readonly ConcurrentDictionary<RequestId, PendingCancel> cancelling = new();

    /// <summary>Asks once: returns when the wish is on a durable page, queued, or refused.</summary>
    /// <remarks>The same wish again gives the outcome of the first; another wish under its id is refused.</remarks>
    /// <exception cref="NodeStoppingException">The node stopped before the outcome was known.</exception>
    public async Task<IntentOutcome> AskAsync(TabId tab, Intent intent, CancellationToken ct)
    {
        var mine = new PendingWish(tab, intent);
        while (pending.GetOrAdd(intent.RequestId, mine) is var first && !ReferenceEquals(first, mine))
        {
            var state = await first.Answered.WaitAsync(ct);
            if (first.Is(tab, intent.Lines))
                return Repeated(tab, state);
            // Another wish under this id. Whether that one or this one has it, the book knows by now.
        }
        try
        {
            if (await LookAndPostAsync(mine, ct) is { } known)
            {
                Leave(mine);
                mine.Answer(known.State);
                return known;
            }
        }
        catch (ChannelClosedException)
        {
            Leave(mine);
            mine.Answer(StoppedTab(tab));
        }
        catch (Exception lost)
        {
            Leave(mine);
            mine.Fail(lost);
            throw;
        }
        var answer = await mine.Answered.WaitAsync(ct);
        return new IntentOutcome(answer, IsDelivered(tab, answer), Repeated: false);
    }

    // Gives what became of the wish if it was made before; else it is on its way to the tab's loop.
    private async ValueTask<IntentOutcome?> LookAndPostAsync(PendingWish wish, CancellationToken ct)
    {
        // Whoever stops the node fails what is pending after it has said so; from then on nobody answers.
        ThrowIfStopping();
        // Taken before the look: what comes back between the two makes the loop send the wish back.
        var returned = tabs[wish.Tab].View.State.Returned;
        if (store.FindIntent(wish.Intent.RequestId) is { } stored)
            return wish.Is(stored.Tab, stored.Lines) ? Repeated(wish.Tab, stored.State) : Reused();
        await tabs[wish.Tab].PostAsync(new Ask(wish.Intent, returned), ct);
        return null;
    }

    // Pages came back after the look, so the wish may be among them. The committer, which calls this, never waits.
    private async Task LookAgainAsync(PendingWish wish)
    {
        try
        {
            await Task.Yield();
            if (await LookAndPostAsync(wish, stopping.Token) is { } known)
            {
                Leave(wish);
                wish.Answer(known.State);
            }
        }
        catch (ChannelClosedException)
        {
            Leave(wish);
            wish.Answer(StoppedTab(wish.Tab));
        }
        catch (Exception lost)
        {
            Leave(wish);
            wish.Fail(lost is OperationCanceledException ? new NodeStoppingException() : lost);
        }
    }

    private void Leave(PendingWish wish) =>
        pending.TryRemove(KeyValuePair.Create(wish.Intent.RequestId, wish));

    /// <summary>Whether this wish was ever made here, its answer durable or still on its way.</summary>
    public bool Knows(RequestId id) => pending.ContainsKey(id) || store.FindIntent(id) is not null;

    /// <summary>Waits until a wish has ended: confirmed by the peer, refused or cancelled.</summary>
    /// <exception cref="KeyNotFoundException">There is no such wish.</exception>
    public async Task<IntentOutcome> WaitUntilEndedAsync(TabId tab, RequestId id, CancellationToken ct)
    {
        while (true)
        {
            var change = tabs[tab].Changed;
            if (pending.TryGetValue(id, out var wish))
            {
                await wish.Answered.WaitAsync(ct);
                continue;
            }
            var stored = store.FindIntent(id) ?? throw new KeyNotFoundException($"No wish {id}.");
            var delivered = IsDelivered(tab, stored.State);
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
        if (pending.TryGetValue(id, out var wish))
            await wish.Answered.WaitAsync(ct);
        var stored = store.FindIntent(id) ?? throw new KeyNotFoundException($"No wish {id}.");
        return new IntentOutcome(stored.State, IsDelivered(tab, stored.State), Repeated: false);
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

    private IntentRefused StoppedTab(TabId tab) =>
        new(new Refusal(Rejections.NotReady, tabs[tab].View.Trouble ?? "This tab has stopped."));

    private static IntentOutcome Reused() => new(
        new IntentRefused(new Refusal(Rejections.RequestIdReused, "This request id was used for another wish.")),
        Delivered: false,
        Repeated: true);

    private IntentOutcome Repeated(TabId tab, IntentState state) => new(state, IsDelivered(tab, state), Repeated: true);

    private bool IsDelivered(TabId tab, IntentState state) =>
        state is IntentDone done && done.FirstLine.Page <= tabs[tab].View.SeenByPeer;

    private void Answered(TabId tab, Answer answer)
    {
        if (pending.TryRemove(answer.RequestId, out var wish))
            wish.Answer(answer.State);
        if (answer.State is IntentCancelled)
            CancelEnded(answer.RequestId);
        if (answer.WasWaiting || answer.State is IntentWaiting)
            Tell(new IntentChanged(tab, answer.RequestId, answer.State, answer.WasWaiting));
    }

    private void LookAgain(RequestId id)
    {
        if (pending.TryGetValue(id, out var wish))
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
        foreach (var wish in pending.Values.Where(wish => which(wish.Tab)))
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

    private sealed class PendingWish(TabId tab, Intent intent)
    {
        private readonly TaskCompletionSource<IntentState> answered =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TabId Tab => tab;

        public Intent Intent => intent;

        public Task<IntentState> Answered => answered.Task;

        public bool Is(TabId otherTab, ImmutableArray<Line> lines) =>
            tab == otherTab && intent.Lines.AsSpan().SequenceEqual(lines.AsSpan());

        public void Answer(IntentState state) => answered.TrySetResult(state);

        public void Fail(Exception why) => answered.TrySetException(why);
    }
}

/// <summary>The node stopped before the outcome of a wish was known. Asking again with the same id is safe.</summary>
internal sealed class NodeStoppingException() : Exception("The node is stopping; ask again when it is back.");
