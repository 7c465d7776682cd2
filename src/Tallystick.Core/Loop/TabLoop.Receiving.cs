using System.Collections.Immutable;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <content>Judges the peer's pages, and takes own pages back after a restore.</content>
public static partial class TabLoop
{
    private static void OnPage(StepDraft draft, PageCame came)
    {
        var state = draft.State;
        // Frames of a link that is not the current one, or from before its Hello, are late: they are dropped, not
        // judged.
        if (state.Session is not { Theirs: not null } session || session.Link != came.Link)
            return;
        if (state.Stop != TabStop.None)
            return;
        // Pages of an era that one side has left: after a reset both say Hello anew, and a peer that is behind is given
        // what it lacks before it has anything to give.
        if (session.Mine.Hello.Era != state.Era || session.Theirs.Hello.Era.Number < state.Era.Number)
            return;
        if (came.Page.Page.Tab != state.Terms.Id)
            draft.Close(Refusals.WrongTab(came.Page.Page.Tab));
        else if (came.Page.Page.Author == state.Me)
            OnOwnPage(draft, came);
        else if (!session.Disputed)
            OnPeerPage(draft, came);
    }

    private static void OnPeerPage(StepDraft draft, PageCame came)
    {
        var state = draft.State;
        // After a bad page the peer's chain has no valid continuation that this node could follow.
        if (state.Freeze is { ByMe: true })
            return;
        var page = came.Page.Page;
        var head = state.Mine.Of(state.Peer).Head;
        if (page.Number <= head.Number)
        {
            // Without a stored page to compare with, the first copy is still on its way to the disk: this is the
            // second.
            if (PeerHashAt(state, page.Number, came.StoredAt) is { } held && held != came.Page.Hash)
                FreezeFor(draft, came.Page, Refusals.Fork(page.Number));
            return;
        }
        if (page.Number > head.Number + 1)
        {
            draft.Close(Refusals.Gap(page.Number, head.Number));
            return;
        }
        var session = state.Session!;
        if (page.Number > session.Theirs!.Hello.Mine.Number && page.Basis != session.Mine.Hash)
        {
            draft.Close(Refusals.StaleBasis(page.Number));
            return;
        }
        if (page.Seen.Number > state.Mine.Of(state.Me).Head.Number)
        {
            draft.Close(Refusals.SeenAhead(page.Seen.Number, state.Mine.Of(state.Me).Head.Number));
            return;
        }
        JudgePeerPage(draft, came.Page);
    }

    private static void JudgePeerPage(StepDraft draft, SignedPage signed)
    {
        var state = draft.State;
        var page = signed.Page;
        var (view, unseen, dropped, droppedWithLines) = AdvanceTo(state, page.Seen.Number);
        var refusal = PageCheck.Judge(view, signed.Content, out var after);
        switch (refusal?.Why.Class)
        {
            case null:
                break;
            case RejectionClass.Fault:
                FreezeFor(draft, signed, refusal);
                return;
            case RejectionClass.Stall:
                draft.State = state with { Stop = TabStop.UpgradeNeeded };
                draft.Do(new Stopped(TabStop.UpgradeNeeded));
                return;
            default:
                draft.Close(refusal);
                return;
        }
        if (!page.IsReceipt && state.OwedPages >= PageBounds.WindowPages)
        {
            draft.Close(Refusals.WindowExceeded());
            return;
        }

        var present = new FoldDraft(state.Mine);
        present.Apply(signed.Content);
        draft.State = state with
        {
            Mine = present.ToFold(),
            Theirs = after!,
            Unseen = unseen,
            UnseenCount = state.UnseenCount - dropped,
            UnseenWithLines = state.UnseenWithLines - droppedWithLines,
            OwedPages = state.OwedPages + (page.IsReceipt ? 0 : 1),
        };
        draft.KeepHello(state.Session!.Theirs!);
        draft.Append(signed.Content, signed.Signature);
        draft.Do(new Stored(page.Author, [signed.Content]));
        if (dropped > 0)
            draft.Do(new PeerSaw(page.Seen.Number));
    }

    // The view of the peer's next page: its chain, and the own chain up to what that page has seen.
    private static (Fold View, ImmutableQueue<EncodedPage> Unseen, int Dropped, int WithLines) AdvanceTo(
        TabState state, long seen)
    {
        var unseen = state.Unseen;
        if (unseen.IsEmpty || unseen.Peek().Page.Number > seen)
            return (state.Theirs, unseen, 0, 0);
        var view = new FoldDraft(state.Theirs);
        var (dropped, withLines) = (0, 0);
        while (!unseen.IsEmpty && unseen.Peek().Page.Number <= seen)
        {
            unseen = unseen.Dequeue(out var page);
            view.Apply(page);
            dropped++;
            withLines += page.Page.IsReceipt ? 0 : 1;
        }
        return (view.ToFold(), unseen, dropped, withLines);
    }

    private static void FreezeFor(StepDraft draft, SignedPage page, Refusal refusal)
    {
        var state = draft.State;
        var fault = FaultCodec.Encode(new Fault(state.Terms.Id, state.Me, page, refusal.Why.Name));
        // The evidence is the peer's own signature on the page; this node's word is signed anew whenever it is sent.
        Freeze(draft, new Freeze(new SignedFault(fault, default), ByMe: true));
        draft.Do(new SendFault(state.Session!.Link, fault));
    }

    private static void OnOwnPage(StepDraft draft, PageCame came)
    {
        var state = draft.State;
        var page = came.Page.Page;
        var head = state.Mine.Of(state.Me).Head;
        if (page.Number <= head.Number)
        {
            if (OwnHashAt(state, page.Number, came.StoredAt) is { } own && own != came.Page.Hash)
                OnSelfFork(draft, page.Number);
        }
        else if (page.Number > head.Number + 1)
        {
            draft.Close(Refusals.Gap(page.Number, head.Number));
        }
        else if (page.Previous != head.Hash)
        {
            OnSelfFork(draft, head.Number);
        }
        else if (!state.Session!.Disputed)
        {
            TakeBack(draft, came.Page);
        }
    }

    // Two pages of this key under one number: another instance wrote, or a backup came from an abandoned branch. What
    // no page of the peer covers is dropped and asked again; what the peer has covered cannot be undone from here.
    private static void OnSelfFork(StepDraft draft, long number)
    {
        var state = draft.State;
        var covered = state.Theirs.Of(state.Me).Head.Number;
        if (number <= covered)
        {
            draft.State = state with { Stop = TabStop.SelfFork };
            draft.Do(new Stopped(TabStop.SelfFork));
            return;
        }

        draft.TruncateOwnAfter(covered);
        var again = ImmutableArray.CreateBuilder<Intent>();
        foreach (var intent in IntentsOf(state.Unseen))
        {
            if (intent.Lines.Any(line => OwnReference(line) > covered))
            {
                Refuse(draft, intent, Refusals.SelfFork(), wasWaiting: true);
                continue;
            }
            draft.Change(intent.RequestId, new IntentWaiting(), intent);
            again.Add(intent);
        }
        // The peer's chain and the own chain up to what it covers: that is the view of the peer's next page.
        draft.State = draft.State with
        {
            Mine = state.Theirs,
            Unseen = ImmutableQueue<EncodedPage>.Empty,
            UnseenCount = 0,
            UnseenWithLines = 0,
            Waiting = IntentQueue.Empty.Enqueue([.. again, .. state.Waiting]),
            CommittedNumber = covered,
            Returned = state.Returned + 1,
        };
        draft.Close(Rejections.SelfFork.Name, "Own pages that were never acknowledged make room for those that were.");
    }

    internal static IEnumerable<Intent> IntentsOf(IEnumerable<EncodedPage> pages)
    {
        foreach (var encoded in pages)
        {
            var page = encoded.Page;
            var opening = OpeningRequestId(page.Tab, page.Author);
            for (var i = 0; i < page.Lines.Length;)
            {
                var id = page.Lines[i].RequestId;
                var from = i;
                while (i < page.Lines.Length && page.Lines[i].RequestId == id)
                    i++;
                if (id != opening)
                    yield return new Intent(id, page.Lines[from..i], page.TimeMs, null);
            }
        }
    }

    // The page of the own chain that a line refers to, or 0: after a self-fork another line may stand there.
    private static long OwnReference(Line line) => line switch
    {
        ModifyLine modify => modify.Settlement.Page,
        WithdrawLine withdraw => withdraw.Settlement.Page,
        ReceivedLine received => received.Revision.Page,
        _ => 0,
    };

    private static void TakeBack(StepDraft draft, SignedPage signed)
    {
        var state = draft.State;
        var page = signed.Page;
        var peerHead = state.Mine.Of(state.Peer).Head;
        if (page.Number > state.Session!.Theirs!.Hello.Held.Number)
        {
            draft.Close(Refusals.OwnPageUnwanted(page.Number));
            return;
        }
        if (page.Seen.Number > peerHead.Number)
        {
            draft.Close(Refusals.SeenAhead(page.Seen.Number, peerHead.Number));
            return;
        }
        if (JudgeOwn(state.Mine, signed.Content) is { } refusal)
            throw new InvalidOperationException($"A page that this key signed is refused by its own rules: {refusal}");

        var present = new FoldDraft(state.Mine);
        present.Apply(signed.Content);
        draft.AppendReturned(signed);
        foreach (var intent in IntentsOf([signed.Content]))
            Settle(draft, intent, page);
        draft.State = draft.State with
        {
            Mine = present.ToFold(),
            Unseen = draft.State.Unseen.Enqueue(signed.Content),
            UnseenCount = draft.State.UnseenCount + 1,
            UnseenWithLines = draft.State.UnseenWithLines + (page.IsReceipt ? 0 : 1),
            OwedPages = 0,
            Returned = state.Returned + 1,
        };
        draft.KeepHello(state.Session.Theirs);
        draft.Do(new Stored(page.Author, [signed.Content]));
    }

    // A page is judged in its own view. The present view is that, unless another instance of this node let this one
    // store more of the peer's chain; then the signature, the links and the peer's acceptance must do.
    private static Refusal? JudgeOwn(Fold present, EncodedPage page) =>
        present.Of(page.Page.Author.Other()).Head == page.Page.Seen
            ? PageCheck.Judge(present, page, out _)
            : PageForm.Check(page);

    private static void Settle(StepDraft draft, Intent intent, Page page)
    {
        var index = page.Lines.IndexOf(intent.Lines[0]);
        var done = new IntentDone(new Ref(page.Number, index));
        var taken = Take(draft, waiting => waiting.RequestId == intent.RequestId);
        draft.Do(new Answer(intent.RequestId, done, taken?.WasWaiting ?? true));
    }
}
