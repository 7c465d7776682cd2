using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <content>Opens sessions, compares heads, and sends what the other side lacks.</content>
public static partial class TabLoop
{
    // Signing a Hello fences: the floor rises first, then the heads are read, and no other link at or below the floor
    // ever carries this tab again, whether it is proven by then or not.
    private static bool OpenSession(StepDraft draft, long link, long highestLink, LinkBinding binding)
    {
        var state = draft.State;
        if (state.Session?.Link == link)
            return true;
        if (link <= state.Floor)
        {
            var refusal = Refusals.OldLink();
            draft.Do(new CloseLink(link, refusal.Why.Name, refusal.Text));
            return false;
        }
        var hello = HelloCodec.Encode(new Hello
        {
            Tab = state.Terms.Id,
            Asset = state.Terms.Asset,
            Author = state.Me,
            Mine = state.Mine.Of(state.Me).Head,
            Held = state.Mine.Of(state.Peer).Head,
            Era = state.Era,
            Link = binding,
            RunId = state.RunId,
            FoldVersion = Readiness.FoldVersion,
        });
        draft.State = state with
        {
            Floor = Math.Max(link, highestLink),
            Session = new Session(link, hello, null, Disputed: false),
        };
        draft.Do(new SendHello(link, hello));
        return true;
    }

    private static void OnHello(StepDraft draft, HelloCame came)
    {
        if (!OpenSession(draft, came.Link, came.HighestLink, came.Binding))
            return;
        var session = draft.State.Session!;
        var hello = came.Hello.Hello;
        if (session.Theirs is not null)
        {
            draft.Close(Refusals.SecondHello());
            return;
        }
        if (hello.Link != came.Binding || hello.Author != draft.State.Peer || hello.Tab != draft.State.Terms.Id)
        {
            draft.Close(Refusals.StaleHello());
            return;
        }

        draft.State = draft.State with { Session = session with { Theirs = came.Hello } };
        CompareEras(draft, came);
    }

    private static void CompareEras(StepDraft draft, HelloCame came)
    {
        var state = draft.State;
        var (mine, theirs) = (state.Era, came.Hello.Hello.Era);
        // A node that is behind waits for what it lacks.
        if (mine.Number < theirs.Number)
            return;
        if (mine.Number > theirs.Number)
        {
            SendMissingEra(draft, came);
            return;
        }
        if (mine.Hash != theirs.Hash)
        {
            // Both signed two resets of one era: no honest node does, and only its owner can choose.
            draft.State = state with { Session = state.Session! with { Disputed = true } };
            return;
        }
        if (state.Freeze is { ByMe: true } freeze)
            draft.Do(new SendFault(came.Link, freeze.Fault.Content));
        CompareHeads(draft, came);
        if (state.Offer is { } offer && !draft.State.Session!.Disputed)
            draft.Do(new SendResetOffer(came.Link, offer));
    }

    private static void CompareHeads(StepDraft draft, HelloCame came)
    {
        var state = draft.State;
        var hello = came.Hello.Hello;
        var (own, peers) = (state.Mine.Of(state.Me).Head, state.Mine.Of(state.Peer).Head);

        // The peer holds another page of mine under this number: let me see it. Until then nothing is written.
        var ownDiffers = hello.Held.Number <= own.Number
            && OwnHashAt(state, hello.Held.Number, came.OwnAtHeld) is { } ownHash && ownHash != hello.Held.Hash;
        // The peer says that it ends with another page than the one it gave me: show it, so that it can mend itself.
        var peerDiffers = hello.Mine.Number <= peers.Number
            && PeerHashAt(state, hello.Mine.Number, came.PeerAtMine) is { } peerHash && peerHash != hello.Mine.Hash;
        if (ownDiffers)
            draft.Do(new AskForPage(came.Link, state.Me, hello.Held.Number));
        if (peerDiffers)
            draft.Do(new SendEvidence(came.Link, state.Peer, hello.Mine.Number));
        if (ownDiffers || peerDiffers)
        {
            draft.State = state with { Session = state.Session! with { Disputed = true } };
            return;
        }

        var ownFrom = Math.Max(Math.Min(hello.Held.Number, own.Number) + 1, state.FirstOf(state.Me));
        var peerFrom = Math.Max(Math.Min(hello.Mine.Number, peers.Number) + 1, state.FirstOf(state.Peer));
        if (ownFrom <= own.Number || peerFrom <= peers.Number)
            draft.Do(new SendStored(came.Link, ownFrom, own.Number, peerFrom, peers.Number));
    }

    private static Hash? OwnHashAt(TabState state, long number, Hash? stored)
    {
        if (number == 0)
            return state.Terms.Id.Hash;
        if (number == state.FirstOf(state.Me) - 1)
            return state.Era.Hash;
        if (number == state.Mine.Of(state.Me).Head.Number)
            return state.Mine.Of(state.Me).Head.Hash;
        // Pages on their way to the disk are only here.
        foreach (var page in state.Unseen)
        {
            if (page.Page.Number == number)
                return page.Hash;
        }
        return stored;
    }

    private static Hash? PeerHashAt(TabState state, long number, Hash? stored)
    {
        if (number == 0)
            return state.Terms.Id.Hash;
        if (number == state.FirstOf(state.Peer) - 1)
            return state.Era.Hash;
        return number == state.Mine.Of(state.Peer).Head.Number ? state.Mine.Of(state.Peer).Head.Hash : stored;
    }
}
