using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tallystick.Core.Loop;
using Tallystick.Core.Tabs;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// Runs one tab's loop: takes inputs from a bounded channel, steps, signs, and hands one batch to the committer. Only
/// this loop changes the tab's state; readers see <see cref="View"/>, which the committer swaps when it is durable.
/// </summary>
internal sealed class TabLedger : IDisposable
{
    // Deep enough that a burst of requests meets an idle loop as one page, small enough to hold a flood back.
    private const int InboxCapacity = 8192;
    private const int MaxInputsPerTurn = 4096;
    private const int MostRoomKept = 1024;

    // A receipt is due at the latest after so many pages, so that the peer's window stays open.
    private const int MaxPagesPerTurn = 16;

    private readonly Channel<Posted> inbox = Channel.CreateBounded<Posted>(
        new BoundedChannelOptions(InboxCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Alarm alarm = new();
    private readonly Gathering gathering;
    private readonly NodeIdentity identity;
    private readonly ILedgerStore store;
    private readonly Func<TabBatch, bool, ValueTask> commit;
    private readonly Action<long> makeRoom;
    private readonly Lock swapping = new();
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly List<Intent> asked = [];
    private long askedSince;
    private TabState state;
    private TabView view;
    private long committedNumber;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TabLedger(
        TabState state,
        NodeIdentity identity,
        ILedgerStore store,
        Func<TabBatch, bool, ValueTask> commit,
        Action<long> makeRoom,
        TimeProvider time,
        ILogger log)
    {
        (this.state, this.identity, this.store, this.commit) = (state, identity, store, commit);
        (this.makeRoom, this.time, this.log) = (makeRoom, time, log);
        view = new TabView(state);
        // Of real time, whatever day it is told to be: this is about processors.
        gathering = new Gathering(alarm, TimeProvider.System);
        Id = state.Terms.Id;
    }

    public TabId Id { get; }

    /// <summary>The newest durable picture.</summary>
    public TabView View => Volatile.Read(ref view);

    /// <summary>Completes when <see cref="View"/> is swapped next. Take it before reading the view.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Set while wishes are neither durable nor on a page, so that time alone must wake the loop.</summary>
    public bool NeedsClock { get; private set; }

    /// <summary>Gives the loop something to do; waits while it has too much.</summary>
    /// <exception cref="ChannelClosedException">The loop met a bug and stopped; <see cref="View"/> says so.</exception>
    /// <param name="input">What happened.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="lend">Whether an idle loop may take its turn, and commit it, on this thread.</param>
    public async ValueTask PostAsync(TabInput input, CancellationToken ct, bool lend = false)
    {
        await inbox.Writer.WriteAsync(new Posted(input, Wish: null), ct);
        alarm.Ring(lend);
    }

    /// <summary>
    /// Gives the loop one wish, which may wait a little for others; false if it has too much, or has stopped.
    /// </summary>
    /// <param name="wish">The wish.</param>
    /// <param name="returned">See <see cref="Ask.Returned"/>.</param>
    public bool TryPost(Intent wish, long returned)
    {
        var isPosted = inbox.Writer.TryWrite(new Posted(Input: null, wish, returned));
        if (isPosted)
            gathering.Add();
        return isPosted;
    }

    /// <summary>Makes the loop take a turn.</summary>
    public void Wake() => alarm.Ring();

    /// <summary>Called by the committer when a batch of this tab is durable. Never waits.</summary>
    public void Publish(TabState durable)
    {
        if (NewestWithLines(durable) > Interlocked.Read(ref committedNumber))
            gathering.Stored();
        Interlocked.Exchange(ref committedNumber, durable.Mine.Of(durable.Me).Head.Number);
        // A batch from before a bug may become durable after it.
        Swap(last => last with { State = durable });
        Wake();
    }

    /// <summary>Runs until cancelled, or until it meets a bug.</summary>
    /// <exception cref="StoreFailedException">The book cannot be read: the process must stop.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var batch = NextBatch();
        using var leaving = ct.Register(Wake);
        try
        {
            while (true)
            {
                var isLent = await alarm.WaitAsync();
                do
                {
                    ct.ThrowIfCancellationRequested();
                    if (IsGathering())
                        break;
                    TakeTurn(batch);
                    NeedsClock = state.Fresh.Count > 0;
                    if (!batch.Turn.IsEmpty || !ReferenceEquals(state, View.State))
                        await commit(batch, inbox.Reader.Count == 0);
                    else
                        batch.RoomTaken.ForEach(makeRoom);
                    batch = NextBatch();
                    if (isLent && inbox.Reader.Count > 0)
                    {
                        await Task.Yield();
                        isLent = false;
                    }
                }
                while (inbox.Reader.Count > 0);
            }
        }
        catch (OperationCanceledException)
        {
            // The node is leaving. What was not committed was not answered either.
        }
        catch (Exception bug) when (bug is not StoreFailedException)
        {
            // Only a bug gets here. The tab stops before it can do harm; the rest of the node goes on.
            log.LogCritical(bug, "Tab {Tab} stopped", Id);
            inbox.Writer.TryComplete();
            Swap(last => last with { Bug = "This tab met a bug and stopped; restart with --debug and report it." });
            // The peer's other tabs share the link and its room.
            while (inbox.Reader.TryRead(out var posted))
            {
                if (posted.Input is { } input)
                    TakeRoom(batch, input);
            }
            batch.RoomTaken.ForEach(makeRoom);
        }
    }

    public void Dispose() => gathering.Dispose();

    private TabBatch NextBatch() => new(
        this,
        new TabTurn(state, hash => identity.Sign(hash), (author, number) => store.FindPageHash(Id, author, number)));

    // Nothing else waits, neither in the inbox nor what the loop could not do in its last turn.
    private bool IsGathering()
    {
        var present = gathering.Present;
        var isGathering = present > 0 && present == inbox.Reader.Count
            && state is { UnseenWithLines: > 0, Fresh.Count: 0, Waiting.Count: 0, OwedPages: 0 }
            && gathering.IsWorthwhile(Interlocked.Read(ref committedNumber) >= NewestWithLines(state));
        if (!isGathering)
            gathering.End();
        return isGathering;
    }

    private static long NewestWithLines(TabState state) => state.Mine.Of(state.Me).LastPageWithLines;

    private void TakeTurn(TabBatch batch)
    {
        var turn = batch.Turn;
        var committed = Interlocked.Read(ref committedNumber);
        if (committed > state.CommittedNumber)
            turn.Take(new Committed(committed));
        var (inputs, singles, pages) = (0, 0, 0);
        while (inputs < MaxInputsPerTurn && pages < MaxPagesPerTurn && inbox.Reader.TryRead(out var posted))
        {
            if (posted.Wish is { } wish)
            {
                Gather(turn, [wish], posted.Returned);
                inputs++;
                singles++;
                continue;
            }
            var input = posted.Input!;
            if (input is Ask ask)
            {
                Gather(turn, ask.Intents.AsSpan(), ask.Returned);
                inputs += ask.Intents.Length;
                continue;
            }
            TakeAsked(turn);
            inputs++;
            pages += TakeRoom(batch, input);
            turn.Take(input);
        }
        gathering.Take(singles);
        TakeAsked(turn);
        turn.Take(new Turn(time.GetUtcNow().ToUnixTimeMilliseconds()));
        state = turn.State;
        for (var i = turn.Effects.Count - 1; i >= 0; i--)
        {
            if (turn.Effects[i] is SendOwnPage { Page.Page: { IsReceipt: false } newest })
            {
                gathering.Wrote(newest.Lines.Length);
                break;
            }
        }
    }

    // What is asked one after the other is one step.
    private void Gather(TabTurn turn, ReadOnlySpan<Intent> intents, long returned)
    {
        if (returned != askedSince)
            TakeAsked(turn);
        askedSince = returned;
        asked.AddRange(intents);
    }

    private void TakeAsked(TabTurn turn)
    {
        if (asked.Count == 0)
            return;
        turn.Take(new Ask([.. asked], askedSince));
        asked.Clear();
        // After a burst the room would stay with a tab that may never need it again.
        if (asked.Capacity > MostRoomKept)
            asked.Capacity = MostRoomKept;
    }

    private static int TakeRoom(TabBatch batch, TabInput input)
    {
        var link = input switch
        {
            PageCame came => came.Link,
            FaultCame came => came.Link,
            ResetOffered came => came.Link,
            ResetCame came => came.Link,
            _ => (long?)null,
        };
        if (link is not { } taken)
            return 0;
        batch.RoomTaken.Add(taken);
        return 1;
    }

    private void Swap(Func<TabView, TabView> change)
    {
        lock (swapping)
            Volatile.Write(ref view, change(view));
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .TrySetResult();
    }

    /// <summary>
    /// What waits for the loop: an input, or a wish asked alone that becomes part of an <see cref="Ask"/>.
    /// </summary>
    private readonly record struct Posted(TabInput? Input, Intent? Wish, long Returned = 0);
}
