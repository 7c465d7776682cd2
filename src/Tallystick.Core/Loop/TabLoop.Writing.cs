using System.Collections.Immutable;
using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <content>Turns intents into lines and writes pages.</content>
public static partial class TabLoop
{
    private static void OnTurn(StepDraft draft, long nowMs)
    {
        if (draft.State.Freeze is not null)
            RefuseWhatFrozenForbids(draft);
        PutFulfilBeforeOffer(draft);
        while (draft.State.IsReady() && WritePage(draft, nowMs))
        {
        }
        StoreWhatWaits(draft, nowMs);
    }

    private static bool WritePage(StepDraft draft, long nowMs)
    {
        var before = draft.State;
        var (me, peer) = (before.Mine.Of(before.Me), before.Mine.Of(before.Peer));
        if (me.Head.Number - before.CommittedNumber >= MaxUncommittedPages || before.UnseenCount >= MaxUnseenPages)
            return false;
        var isReceiptDue = peer.LastPageWithLines > me.Seen.Number;
        // Most turns have nothing to write, and need no draft to find that out. The first page needs no wish.
        if (!isReceiptDue && me.HasLimit && before.Waiting.Count + before.Fresh.Count == 0)
            return false;

        var page = new PageDraft(before.Mine, before.Me);
        if (before.UnseenWithLines < PageBounds.WindowPages)
            TakeLines(draft, page, nowMs);
        if (page.Lines.Count == 0 && !isReceiptDue)
            return false;

        var basis = before.Session!.Theirs!;
        var encoded = page.Finish(basis.Content.Hash, nowMs);
        var after = CheckAsReceiver(before.Mine, encoded);
        draft.KeepHello(basis);
        draft.Append(encoded, default);
        draft.State = draft.State with
        {
            Mine = after,
            Unseen = draft.State.Unseen.Enqueue(encoded),
            UnseenCount = draft.State.UnseenCount + 1,
            UnseenWithLines = draft.State.UnseenWithLines + (encoded.Page.IsReceipt ? 0 : 1),
            OwedPages = 0,
        };
        if (page.Answering(encoded) is { } done)
            draft.Do(done);
        draft.Do(new SendOwnPage(before.Session.Link, encoded));
        draft.Do(new Stored(before.Me, [encoded]));
        return true;
    }

    // The finished bytes go through the code that the peer will run, so that a page it would refuse never leaves.
    private static Fold CheckAsReceiver(Fold view, EncodedPage encoded)
    {
        if (!PageCodec.TryDecode(encoded.Bytes, encoded.Page.Lines.AsSpan(), out var decoded, out var refusal))
            throw new InvalidOperationException($"An own page cannot be read back: {refusal}");
        refusal = PageCheck.Judge(view, decoded, out var after);
        if (refusal is not null || decoded.Hash != encoded.Hash)
            throw new InvalidOperationException($"An own page would be refused: {refusal}");
        return after!;
    }

    private static void TakeLines(StepDraft draft, PageDraft page, long nowMs)
    {
        page.Expect(draft.State.Waiting.Count + draft.State.Fresh.Count);
        if (!draft.State.Mine.Of(draft.State.Me).HasLimit && draft.State.Freeze is null)
            TakeOpeningLimit(draft, page);
        var state = draft.State;
        var waiting = TakeLines(draft, page, state.Waiting, wasWaiting: true, nowMs);
        var fresh = waiting.Count > 0 ? state.Fresh : TakeLines(draft, page, state.Fresh, wasWaiting: false, nowMs);
        // A turn that changes nothing leaves the very same state.
        if (!ReferenceEquals(waiting, state.Waiting) || !ReferenceEquals(fresh, state.Fresh))
            draft.State = state with { Waiting = waiting, Fresh = fresh };
    }

    // Takes what can be written now from the front of a queue and gives what is left.
    private static IntentQueue TakeLines(
        StepDraft draft, PageDraft page, IntentQueue queue, bool wasWaiting, long nowMs)
    {
        var mayRaise = HasBegun(draft.State.Mine.Of(draft.State.Peer));
        var taken = 0;
        foreach (var next in queue)
        {
            if (!mayRaise && NeedsPeersLimit(next)
                || Try(draft, page, next, wasWaiting, nowMs) == Placement.PageIsFull)
            {
                break;
            }
            taken++;
        }
        return queue.Skip(taken);
    }

    // The first page of a chain states a limit: the one that the person asked for, else none. Its request id follows
    // from the tab, so that a node that lost its book and writes it again does not count as another wish.
    private static void TakeOpeningLimit(StepDraft draft, PageDraft page)
    {
        var chosen = Take(draft, intent => intent.Lines is [LimitLine]);
        if (chosen is { } asked)
        {
            page.Add(asked.Intent, asked.WasWaiting);
            return;
        }
        var state = draft.State;
        page.AddOpening(new LimitLine(OpeningRequestId(state.Terms.Id, state.Me), CreditLimit.None));
    }

    private static RequestId OpeningRequestId(TabId tab, Party author)
    {
        var tag = Encoding.ASCII.GetBytes($"tab-opening/1 {tab} {(int)author}");
        return RequestId.FromBytes(Hash.Of(tag).ToArray().AsSpan(0, RequestId.Size));
    }

    private enum Placement
    {
        Placed,
        Refused,
        PageIsFull,
    }

    private static Placement Try(StepDraft draft, PageDraft page, Intent intent, bool wasWaiting, long nowMs)
    {
        var refusal = intent.ExpiresMs <= nowMs ? Refusals.Expired() : page.Judge(intent);
        if (refusal is not null)
        {
            Refuse(draft, intent, refusal, wasWaiting);
            return Placement.Refused;
        }
        if (!page.HasRoomFor(intent))
        {
            if (page.Lines.Count > 0)
                return Placement.PageIsFull;
            Refuse(draft, intent, Refusals.TooLarge(), wasWaiting);
            return Placement.Refused;
        }
        page.Add(intent, wasWaiting);
        return Placement.Placed;
    }

    // A chain begins with its first page, which states a limit. A reset may have left none behind it.
    private static bool HasBegun(PartyFold party) => party.LastPageWithLines > 0;

    private static bool NeedsPeersLimit(Intent intent) =>
        intent.Lines.Any(line => line is PayLine or HoldLine or ReceivedLine);

    private static void RefuseWhatFrozenForbids(StepDraft draft)
    {
        var before = draft.State;
        var (waiting, fresh) = (Allowed(before.Waiting, wasWaiting: true), Allowed(before.Fresh, wasWaiting: false));
        if (waiting.Count < before.Waiting.Count || fresh.Count < before.Fresh.Count)
            draft.State = before with { Waiting = waiting, Fresh = fresh };

        IntentQueue Allowed(IntentQueue queue, bool wasWaiting)
        {
            var allowed = queue.ToLookup(IsAllowed);
            foreach (var intent in allowed[false])
                Refuse(draft, intent, Refusals.Frozen(), wasWaiting);
            return IntentQueue.Empty.Enqueue([.. allowed[true]]);
        }

        bool IsAllowed(Intent intent) =>
            intent.Lines.All(line => Rules.AllowedWhenFrozen(before.Mine, before.Me, line));
    }

    // What cannot be written now becomes durable as it is. While the tab is ready it usually will be written at once,
    // and is then stored only once, with its page.
    private static void StoreWhatWaits(StepDraft draft, long nowMs)
    {
        var state = draft.State;
        if (state.Fresh.Count == 0)
            return;
        var ready = state.IsReady();
        var age = nowMs - state.Fresh.Peek().AskedMs;
        if (ready && HasBegun(state.Mine.Of(state.Peer)) && age is >= 0 and < MaxUnstoredMs)
            return;

        var waiting = ImmutableArray.CreateBuilder<Intent>(state.Fresh.Count);
        foreach (var intent in state.Fresh)
        {
            // A hold never waits: what forwards it must know at once.
            if (intent.Lines.Any(line => line is HoldLine))
            {
                Refuse(draft, intent, Refusals.NotReady(), wasWaiting: false);
                continue;
            }
            var now = new IntentWaiting();
            draft.Change(intent.RequestId, now, intent);
            draft.Do(new Answer(intent.RequestId, now, WasWaiting: false));
            waiting.Add(intent);
        }
        draft.State = draft.State with
        {
            Waiting = state.Waiting.Enqueue(waiting.DrainToImmutable()),
            Fresh = IntentQueue.Empty,
        };
    }
}
