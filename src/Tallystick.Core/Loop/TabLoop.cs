using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>
/// A tab's single loop as a pure function: the state and an input give the next state, what to store, and what to do
/// once that is durable.
/// </summary>
/// <remarks>
/// The next state may run ahead of the disk, because a failed commit ends the process. What the world sees does not:
/// every effect waits for the write of its own step and of all steps before it.
/// </remarks>
public static partial class TabLoop
{
    /// <summary>The most intents that wait on one tab.</summary>
    public const int MaxWaiting = 100_000;

    /// <summary>
    /// Own pages that may be on their way to the disk; more only makes pages smaller and the queue longer.
    /// </summary>
    public const int MaxUncommittedPages = 2;

    /// <summary>
    /// How long an accepted wish may stay off the disk while the tab is ready but its window is full.
    /// </summary>
    public const long MaxUnstoredMs = 1000;

    /// <summary>
    /// Own pages that the peer has not seen, receipts included; a peer that never acknowledges ends here.
    /// </summary>
    public const int MaxUnseenPages = 16_384;

    /// <summary>Why a link is closed after a reset.</summary>
    public const string WasResetReason = "reset";

    /// <summary>Takes one step.</summary>
    public static TabStep Step(TabState state, TabInput input)
    {
        var draft = new StepDraft(state);
        switch (input)
        {
            case Ask ask:
                OnAsk(draft, ask);
                break;
            case Cancel cancel:
                OnCancel(draft, cancel);
                break;
            case LinkCurrent current:
                OpenSession(draft, current.Link, current.HighestLink, current.Binding);
                break;
            case LinkGone gone:
                if (state.Session?.Link == gone.Link)
                    draft.State = state with { Session = null };
                break;
            case HelloCame hello:
                OnHello(draft, hello);
                break;
            case PageCame page:
                OnPage(draft, page);
                break;
            case PageAsked asked:
                OnPageAsked(draft, asked);
                break;
            case FaultCame fault:
                OnFault(draft, fault);
                break;
            case ConfirmReset confirm:
                OnConfirm(draft, confirm.Shown);
                break;
            case ResetOffered offer:
                OnOffer(draft, offer);
                break;
            case ResetCame reset:
                OnReset(draft, reset);
                break;
            case Committed committed:
                draft.State = state with { CommittedNumber = Math.Max(state.CommittedNumber, committed.Number) };
                break;
            case Turn turn:
                OnTurn(draft, turn.NowMs);
                break;
            default:
                throw new InvalidOperationException($"No step for {input.GetType().Name}.");
        }
        return draft.Finish();
    }

    private static void OnAsk(StepDraft draft, Ask ask)
    {
        var (state, intents) = (draft.State, ask.Intents);
        // After a restore, a page that comes back may carry the very wish that somebody asks again. It would be done
        // twice if an answer of the store from before that page counted.
        if (ask.Returned != state.Returned)
        {
            foreach (var intent in intents)
                draft.Do(new LookAgain(intent.RequestId));
            return;
        }
        var room = Math.Max(0, MaxWaiting - state.Waiting.Count - state.Fresh.Count);
        for (var i = room; i < intents.Length; i++)
            Refuse(draft, intents[i], Refusals.TooManyWaiting(MaxWaiting), wasWaiting: false);
        if (room > 0)
            draft.State = state with { Fresh = state.Fresh.Enqueue(intents[..Math.Min(room, intents.Length)]) };
    }

    private static void OnCancel(StepDraft draft, Cancel cancel)
    {
        var taken = Take(draft, intent => intent.RequestId == cancel.RequestId);
        if (taken is not { } found)
        {
            draft.Do(new CannotCancel(cancel.RequestId));
            return;
        }
        var now = new IntentCancelled();
        draft.Change(cancel.RequestId, now, found.Intent);
        draft.Do(new Answer(cancel.RequestId, now, found.WasWaiting));
    }

    // Takes the first intent that fits out of the queues; null when there is none.
    private static (Intent Intent, bool WasWaiting)? Take(StepDraft draft, Func<Intent, bool> fits)
    {
        var state = draft.State;
        if (TakeFrom(state.Waiting, fits, out var waiting) is { } stored)
        {
            draft.State = state with { Waiting = waiting };
            return (stored, true);
        }
        if (TakeFrom(state.Fresh, fits, out var fresh) is { } unstored)
        {
            draft.State = state with { Fresh = fresh };
            return (unstored, false);
        }
        return null;
    }

    private static Intent? TakeFrom(IntentQueue queue, Func<Intent, bool> fits, out IntentQueue rest)
    {
        rest = queue;
        // Giving a long queue anew for nothing would cost a restored tab minutes: it looks for every payment it lost.
        if (queue.FirstOrDefault(fits) is not { } found)
            return null;
        rest = IntentQueue.Empty.Enqueue([.. queue.Where(intent => !ReferenceEquals(intent, found))]);
        return found;
    }

    private static void OnPageAsked(StepDraft draft, PageAsked asked)
    {
        var state = draft.State;
        if (state.Session?.Link != asked.Link
            || asked.Number < 1 || asked.Number > state.Mine.Of(asked.Author).Head.Number)
        {
            return;
        }
        draft.Do(new SendEvidence(asked.Link, asked.Author, asked.Number));
    }

    private static void OnFault(StepDraft draft, FaultCame came)
    {
        var (state, fault) = (draft.State, came.Fault.Content.Fault);
        // Only the peer's word about an own page of this very tab says anything about this tab.
        if (fault.Author != state.Peer || fault.Tab != state.Terms.Id)
            return;
        var page = fault.Page.Page;
        if (page.Author != state.Me || page.Tab != state.Terms.Id)
            return;
        // What a reset has left behind is settled; a peer that was restored may not know it yet.
        if (page.Number < state.FirstOf(state.Me))
            return;
        draft.State = state with { FaultedFrom = Math.Min(state.FaultedFrom ?? page.Number, page.Number) };
        if (state.Freeze is null)
            Freeze(draft, new Freeze(came.Fault, ByMe: false));
    }

    private static void Freeze(StepDraft draft, Freeze freeze)
    {
        draft.State = draft.State with { Freeze = freeze };
        draft.Do(new Froze(freeze));
    }

    private static void Refuse(StepDraft draft, Intent intent, Refusal refusal, bool wasWaiting)
    {
        var refused = new IntentRefused(refusal);
        draft.Change(intent.RequestId, refused, intent);
        draft.Do(new Answer(intent.RequestId, refused, wasWaiting));
    }
}
