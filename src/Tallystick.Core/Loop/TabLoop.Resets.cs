using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <content>
/// The way out of a frozen tab: both sign one record of where it ended, and both chains go on behind it.
/// </content>
/// <remarks>
/// Either side may ask. The party with the larger key applies first, and the other only what that one sends with both
/// signatures: so that two offers that cross can never become two resets of one era. Nothing is signed but in a
/// session in which both are level, and only an offer that came in this session is completed: so that neither side can
/// complete what the other forgot when an old backup was put back.
/// </remarks>
public static partial class TabLoop
{
    /// <summary>The fold of the peer's chain and of the own one up to a page that the peer may not have seen.</summary>
    internal static Fold ViewAt(TabState state, long number) => AdvanceTo(state, number).View;

    private static void OnConfirm(StepDraft draft, Hash shown)
    {
        var state = draft.State;
        if (!ResetProposal.TryMake(state, out var proposal, out var refusal))
        {
            draft.Do(new ResetAnswered(shown, refusal));
            return;
        }
        if (proposal.Reset.Hash != shown)
        {
            draft.Do(new ResetAnswered(shown, Refusals.ResetChanged()));
            return;
        }
        if (proposal.SignedByPeer && state.Me == Party.One)
            Complete(draft, proposal);
        else
            Offer(draft, proposal.Reset);
        draft.Do(new ResetAnswered(shown, null));
    }

    private static void Offer(StepDraft draft, EncodedReset reset)
    {
        if (draft.State.Offer?.Hash != reset.Hash)
            draft.State = draft.State with { Offer = reset };
        draft.Do(new SendResetOffer(draft.State.Session!.Link, reset));
    }

    private static void OnOffer(StepDraft draft, ResetOffered came)
    {
        var state = draft.State;
        if (state.Session is not { Theirs: not null, Disputed: false } session || session.Link != came.Link)
            return;
        var offer = came.Offer.Content;
        if (!Follows(state, offer.Reset))
            return;
        draft.State = state with { Session = session with { Offer = came.Offer } };
        if (state.Offer?.Hash == offer.Hash)
        {
            // Both have signed these bytes. The book may have moved on since; then people must look again.
            if (state.Me == Party.One && state.IsLevel() && ResetProposal.Check(draft.State, offer) is { } agreed)
                Complete(draft, agreed);
            return;
        }
        if (state.ToldOffer == offer.Hash)
            return;
        draft.State = draft.State with { ToldOffer = offer.Hash };
        draft.Do(new ResetAsked(offer));
    }

    private static void Complete(StepDraft draft, ResetProposal proposal)
    {
        var session = draft.State.Session!;
        var agreed = new AgreedReset(proposal.Reset, default, default)
            .With(draft.State.Peer, session.Offer!.Signature);
        Apply(draft, agreed, proposal.VoidPages);
        // Whoever applies second closes the link, so that both say Hello anew.
        draft.Do(new SendReset(session.Link, agreed));
    }

    // Both signatures were verified, the own one too, so it holds whether this node remembers its signature or not.
    private static void OnReset(StepDraft draft, ResetCame came)
    {
        var state = draft.State;
        if (state.Session is not { Theirs: not null, Disputed: false } session || session.Link != came.Link)
            return;
        var reset = came.Agreed.Reset;
        if (!Follows(state, reset) || state.Stop != TabStop.None)
            return;
        var (mine, peers) = (reset.Of(state.Me).Kept, reset.Of(state.Peer).Kept);
        var (own, held) = (state.Mine.Of(state.Me).Head.Number, state.Mine.Of(state.Peer).Head);
        if (own < mine.Number || held.Number < peers.Number)
        {
            draft.Close(Refusals.Gap(mine.Number > own ? mine.Number : peers.Number, own));
            return;
        }
        if (OwnHashAt(state, mine.Number, came.OwnAtKept) != mine.Hash)
        {
            OnSelfFork(draft, mine.Number);
            return;
        }
        // A node signs only what its own book bears out, and a restored one has its pages back by now.
        var view = ViewAt(state, mine.Number);
        var expected = ResetCodec.Encode(Reset.Of(view, state.Era, reset.Zero.First, reset.One.First));
        if (held != peers || expected.Hash != came.Agreed.Content.Hash)
            return;
        Apply(draft, came.Agreed, [.. state.Unseen.Where(page => page.Page.Number > mine.Number)]);
        draft.Close(WasResetReason, "The tab was reset; both sides say anew where they stand.");
    }

    private static bool Follows(TabState state, Reset reset) =>
        reset.Tab == state.Terms.Id && reset.Era == state.Era.Number + 1 && reset.Previous == state.Era.Hash;

    private static void Apply(StepDraft draft, AgreedReset agreed, ImmutableArray<EncodedPage> voidPages)
    {
        var state = draft.State;
        var reset = agreed.Reset;
        draft.TruncateOwnAfter(reset.Of(state.Me).Kept.Number);
        draft.Append(agreed);
        foreach (var page in voidPages)
        {
            foreach (var intent in IntentsOf([page]))
                Refuse(draft, intent, Refusals.Voided(page.Page.Number), wasWaiting: true);
        }
        var fold = reset.ToFold(agreed.Content.Hash);
        draft.State = draft.State with
        {
            Mine = fold,
            Theirs = fold,
            Freeze = null,
            FaultedFrom = null,
            Resets = state.Resets.Add(agreed),
            Offer = null,
            Unseen = ImmutableQueue<EncodedPage>.Empty,
            UnseenCount = 0,
            UnseenWithLines = 0,
            OwedPages = 0,
            CommittedNumber = fold.Of(state.Me).Head.Number,
        };
        if (state.UnseenCount > voidPages.Length)
            draft.Do(new PeerSaw(reset.Of(state.Me).Kept.Number));
        draft.Do(new WasReset(agreed.Content, voidPages.Length));
    }

    // The peer is an era behind: it lost a reset with a backup, or never got it. It needs the rest of its era first.
    private static void SendMissingEra(StepDraft draft, HelloCame came)
    {
        var state = draft.State;
        var hello = came.Hello.Hello;
        var next = state.Resets[(int)hello.Era.Number];
        if (next.Reset.Previous != hello.Era.Hash)
        {
            draft.State = state with { Session = state.Session! with { Disputed = true } };
            return;
        }
        var (mine, peers) = (next.Reset.Of(state.Me).Kept, next.Reset.Of(state.Peer).Kept);
        var peerDiffers = hello.Mine.Number <= peers.Number
            && came.PeerAtMine is { } hash && hash != hello.Mine.Hash;
        if (peerDiffers)
        {
            draft.Do(new SendEvidence(came.Link, state.Peer, hello.Mine.Number));
            draft.State = state with { Session = state.Session! with { Disputed = true } };
            return;
        }
        var (ownFrom, peerFrom) = (hello.Held.Number + 1, hello.Mine.Number + 1);
        if (ownFrom <= mine.Number || peerFrom <= peers.Number)
            draft.Do(new SendStored(came.Link, ownFrom, mine.Number, peerFrom, peers.Number));
        draft.Do(new SendReset(came.Link, next));
    }

    // A hold that cannot be fulfilled in time would cost its receiver what it passed on. So this line is written even
    // behind an offer; the peer then finds that the offer is too old, or the hold is carried and fulfilled afterwards.
    private static void PutFulfilBeforeOffer(StepDraft draft)
    {
        var state = draft.State;
        if (state.Offer is not null && (state.Waiting.Any(Fulfils) || state.Fresh.Any(Fulfils)))
            draft.State = state with { Offer = null };

        static bool Fulfils(Intent intent) => intent.Lines.Any(line => line is FulfilLine);
    }
}
