using Tallystick.Core.Loop;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;
using Tallystick.Simulation.Checks;
using Tallystick.Simulation.Faults;
using Tallystick.Simulation.People;

namespace Tallystick.Simulation.Worlds;

/// <content>Wishes, turns and commits, in the order in which the shipped node does them.</content>
internal sealed partial class SimulatedNode
{
    private const int MaxInputsPerTurn = 4096;
    private const int MaxPagesPerTurn = 16;

    /// <summary>The person asks; the same wish again changes nothing.</summary>
    public void Ask(Wish wish)
    {
        if (!IsRunning || (pending.Contains(wish.Serial) && Planted.Slip != Slip.AsksTwice))
            return;
        if (Planted.Slip != Slip.AsksTwice && Disk.FindIntent(wish.Intent.RequestId) is { } stored)
        {
            wish.Answered(stored.State);
            return;
        }
        pending.Add(wish.Serial);
        var tab = Open(wish.Spec);
        Post(tab, new Ask(wish.Intent, tab.View.Returned));
    }

    public void Cancel(Wish wish)
    {
        if (IsRunning && tabs.TryGetValue(wish.Spec.Index, out var tab))
            Post(tab, new Cancel(wish.Intent.RequestId));
    }

    /// <summary>The person reads what a reset would do, and says yes.</summary>
    public void Reset(int index)
    {
        if (IsRunning && tabs.TryGetValue(index, out var tab) && ResetProposal.TryMake(tab.View, out var shown, out _))
            Post(tab, new ConfirmReset(shown.Reset.Hash));
    }

    /// <summary>The loop takes what waits for it and hands one turn to the committer.</summary>
    public void TakeTurn(int index)
    {
        if (!IsRunning || !tabs.TryGetValue(index, out var tab) || tab.HasBug)
            return;
        var id = tab.Spec.Terms.Id;
        var turn = new TabTurn(
            tab.State,
            hash => Signatures.Sign(Key, hash),
            (author, number) => Disk.FindPageHash(id, author, number));
        if (tab.CommittedNumber > tab.State.CommittedNumber)
            turn.Take(new Committed(tab.CommittedNumber));
        var (inputs, pages) = (0, 0);
        while (inputs++ < MaxInputsPerTurn && pages < MaxPagesPerTurn && tab.Inbox.TryDequeue(out var input))
        {
            pages += input is PageCame or FaultCame or ResetOffered or ResetCame ? 1 : 0;
            turn.Take(input);
            world.Watch.Stepped(this, tab, input, turn.State);
            tab.State = turn.State;
        }
        if (Liars.MayWrite(this, turn.State))
            turn.Take(new Turn(WallMs));
        tab.State = turn.State;
        world.Watch.Turned(this, tab, turn);
        if (Planted.Slip == Slip.AnswersBeforeTheCommit)
        {
            foreach (var answer in turn.Effects.Where(effect => effect is Answer or Done))
                Run(tab, turn, answer);
        }
        if (!turn.IsEmpty || !ReferenceEquals(tab.State, tab.View))
        {
            ready.Enqueue(new PendingTurn(tab, turn));
            world.CommitIsDue(this);
        }
        if (tab.Inbox.Count > 0)
            world.TurnIsDue(this, tab);
    }

    /// <summary>Whatever all tabs have ready becomes durable together; then the effects run in order.</summary>
    /// <param name="mishap">What goes wrong.</param>
    /// <param name="after">After how many effects, when it dies in their middle.</param>
    public void Commit(Mishap mishap, long after)
    {
        if (!IsRunning || ready.Count == 0)
            return;
        commits.Clear();
        foreach (var (_, turn) in ready)
        {
            foreach (var write in turn.Writes)
                commits.Add(new TabCommit(turn.State.Terms, turn.State.Me, write));
        }
        if (Planted.Slip == Slip.SendsBeforeTheCommit)
            TryPublish(long.MaxValue);
        if (commits.Count > 0 && !TryCommit(mishap))
            return;
        TellDurable();
        var left = mishap == Mishap.DiesInEffects ? after : long.MaxValue;
        if (mishap == Mishap.DiesAfterSync || !TryPublish(left))
            Crash(othersNotice: after % 2 == 0);
    }

    private void TellDurable()
    {
        foreach (var (tab, turn) in ready)
            world.Watch.Committed(this, tab, turn);
    }

    private bool TryCommit(Mishap mishap)
    {
        Disk.Next = mishap;
        try
        {
            Disk.Commit(commits);
            return true;
        }
        catch (Exception stops) when (stops is PowerLostException or StoreFailedException)
        {
            world.Watch.DiskStopped();
            if (mishap == Mishap.KeepsUnsynced)
                TellDurable();
            if (Planted.Slip == Slip.RunsEffectsOfAFailedCommit)
                TryPublish(long.MaxValue);
            Crash(othersNotice: false);
            return false;
        }
    }

    private bool TryPublish(long left)
    {
        while (ready.TryDequeue(out var batch))
        {
            var (tab, turn) = batch;
            tab.CommittedNumber = turn.State.Mine.Of(turn.State.Me).Head.Number;
            tab.View = turn.State;
            foreach (var effect in turn.Effects)
            {
                if (left-- <= 0)
                    return false;
                Run(tab, turn, effect);
                if (!IsRunning)
                    return true;
            }
            // A turn that wrote too much for the disk goes on when it is durable.
            if (tab.State.CommittedNumber < tab.CommittedNumber)
                world.TurnIsDue(this, tab);
        }
        return true;
    }

    private void Run(SimulatedTab tab, TabTurn turn, TabEffect effect)
    {
        switch (effect)
        {
            case SendHello hello:
                Watch.Says(this, tab, hello.Hello.Hello);
                Send(hello.Link, new HelloFrame(
                    new SignedHello(hello.Hello, Signatures.Sign(Key, hello.Hello.Hash))));
                break;
            case SendOwnPage page:
                Send(page.Link, new PageFrame(turn.SignedFormOf(page.Page)));
                break;
            case SendStored range:
                SendStored(tab, range);
                break;
            case SendEvidence evidence:
                if (Disk.Chains(tab.Spec.Terms.Id)?.Find(evidence.Author, evidence.Number) is { } shown)
                    Send(evidence.Link, new PageFrame(shown));
                break;
            case AskForPage asked:
                Send(asked.Link, new AskPageFrame(tab.Spec.Terms.Id, asked.Author, asked.Number));
                break;
            case SendFault fault:
                Send(fault.Link, new FaultFrame(
                    new SignedFault(fault.Fault, Signatures.Sign(Key, fault.Fault.Hash))));
                break;
            case SendResetOffer offer:
                Send(offer.Link, new ResetOfferFrame(
                    new SignedReset(offer.Offer, Signatures.Sign(Key, offer.Offer.Hash))));
                break;
            case SendReset reset:
                Send(reset.Link, new ResetFrame(WithOwnSignature(reset.Agreed, tab.View.Me)));
                break;
            case WasReset reset:
                world.Watch.WasReset(this, tab, reset.Reset);
                break;
            case CloseLink close:
                world.Watch.Closes(this, tab, close);
                CloseByLedger(close.Link, close.Reason);
                break;
            case Answer answer:
                pending.Remove(Names.SerialOf(answer.RequestId));
                world.Watch.Answers(this, tab, answer);
                break;
            case Done done:
                foreach (var answer in done.Answers)
                    Run(tab, turn, answer);
                break;
            case LookAgain look when world.Wishes.TryGetValue(Names.SerialOf(look.RequestId), out var wish):
                pending.Remove(wish.Serial);
                Ask(wish);
                break;
            case Froze froze:
                world.Watch.Freezes(this, tab, froze.Freeze);
                break;
            case Stopped stopped:
                world.Watch.Stops(this, tab, stopped.Stop);
                break;
            case CannotCancel or Stored or PeerSaw or ResetAsked or ResetAnswered:
                break;
            default:
                throw new InvalidOperationException($"No way to do {effect.GetType().Name}.");
        }
    }

    private AgreedReset WithOwnSignature(AgreedReset agreed, Party me) => agreed.SignatureOf(me).IsEmpty
        ? agreed.With(me, Signatures.Sign(Key, agreed.Content.Hash))
        : agreed;

    private void SendStored(SimulatedTab tab, SendStored range)
    {
        if (!links.TryGetValue(range.Link, out var end) || !end.IsOpen)
            return;
        var (id, disk) = (tab.Spec.Terms.Id, Disk);
        var pages = StoredRange.InOrder(
            range,
            tab.Spec.PartyOf(person),
            (author, from, most) => [.. disk.ReadPages(id, author, from, most).Select(stored => stored.Page)]);
        world.Send(end, pages.GetEnumerator());
    }
}
