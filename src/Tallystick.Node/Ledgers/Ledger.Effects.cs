using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tallystick.Core.Loop;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Links;

namespace Tallystick.Node.Ledgers;

/// <content>What happens once a batch is durable. Runs on the committer, in order, and never waits.</content>
internal sealed partial class Ledger
{
    private const int EventsKept = 4096;

    private readonly HashSet<PeerLink> linksToSend = [];
    private ImmutableArray<Channel<LedgerEvent>> listeners = [];

    /// <summary>What became durable from now on, in order. A reader that falls behind loses the oldest.</summary>
    public async IAsyncEnumerable<LedgerEvent> EventsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var channel = Channel.CreateBounded<LedgerEvent>(
            new BoundedChannelOptions(EventsKept) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableInterlocked.Update(ref listeners, static (all, one) => all.Add(one), channel);
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(ct))
                yield return happened;
        }
        finally
        {
            ImmutableInterlocked.Update(ref listeners, static (all, one) => all.Remove(one), channel);
        }
    }

    private void Tell(LedgerEvent happened)
    {
        foreach (var listener in listeners)
            listener.Writer.TryWrite(happened);
    }

    private void Publish(TabBatch batch)
    {
        var before = batch.Tab.View;
        batch.Tab.Publish(batch.Turn.State);
        foreach (var effect in batch.Turn.Effects)
            Run(batch, effect);
        foreach (var link in batch.RoomTaken)
            MakeRoom(link);
        var ready = batch.Tab.View.Ready;
        if (ready != before.Ready)
            Tell(new ReadyChanged(batch.Tab.Id, ready));
    }

    // Frames of one transaction go out together.
    private void SendQueued()
    {
        foreach (var link in linksToSend)
            link.SendQueued();
        linksToSend.Clear();
    }

    private void Run(TabBatch batch, TabEffect effect)
    {
        var tab = batch.Tab;
        switch (effect)
        {
            case SendHello hello:
                Outbox(tab, hello.Link)?.Send(new HelloFrame(
                    new SignedHello(hello.Hello, identity.Sign(hello.Hello.Hash))));
                break;
            case SendOwnPage page:
                Outbox(tab, page.Link)?.Send(new PageFrame(batch.Turn.SignedFormOf(page.Page)));
                break;
            case SendStored range:
                Outbox(tab, range.Link)?.SendStored(range);
                break;
            case SendEvidence evidence:
                Outbox(tab, evidence.Link)?.SendEvidence(evidence.Author, evidence.Number);
                break;
            case AskForPage asked:
                Outbox(tab, asked.Link)?.Send(new AskPageFrame(tab.Id, asked.Author, asked.Number));
                break;
            case SendFault fault:
                Outbox(tab, fault.Link)?.Send(new FaultFrame(
                    new SignedFault(fault.Fault, identity.Sign(fault.Fault.Hash))));
                break;
            case SendResetOffer offer:
                Outbox(tab, offer.Link)?.Send(new ResetOfferFrame(
                    new SignedReset(offer.Offer, identity.Sign(offer.Offer.Hash))));
                break;
            case SendReset reset:
                Outbox(tab, reset.Link)?.Send(new ResetFrame(Signed(reset.Agreed, tab.View.Me)));
                break;
            case CloseLink close:
                log.LogWarning("Link {Link} is closed: {Reason}: {Text}", close.Link, close.Reason, close.Text);
                if (links.TryGetValue(close.Link, out var link))
                    link.Close(close.Reason);
                break;
            case Answer answer:
                Answered(tab, answer);
                break;
            case Done done:
                Answered(tab.Id, done);
                break;
            case LookAgain look:
                LookAgain(look.RequestId);
                break;
            case CannotCancel cannot:
                CancelEnded(cannot.RequestId);
                break;
            case Stored stored:
                Tell(new PagesStored(tab.Id, stored.Author, stored.Pages));
                break;
            case PeerSaw saw:
                Tell(new Confirmed(tab.Id, saw.Number));
                break;
            case Froze froze:
                log.LogError("Tab {Tab} is frozen: {Rejection}", tab.Id, froze.Freeze.Fault.Content.Fault.Rejection);
                Tell(new TabFrozen(tab.Id, froze.Freeze));
                break;
            case Core.Loop.ResetAsked asked:
                Tell(new ResetAskedFor(tab.Id, asked.Offer));
                break;
            case Core.Loop.ResetAnswered answered:
                ResetAnswered(tab.Id, answered);
                break;
            case WasReset reset:
                log.LogWarning("Tab {Tab} was reset: era {Era}", tab.Id, reset.Reset.Reset.Era);
                Tell(new TabReset(tab.Id, reset.Reset, reset.VoidPages));
                break;
            case Core.Loop.Stopped:
                Tell(new TabStopped(tab.Id));
                break;
            default:
                throw new InvalidOperationException($"No way to do {effect.GetType().Name}.");
        }
    }

    private AgreedReset Signed(AgreedReset agreed, Party me) => agreed.SignatureOf(me).IsEmpty
        ? agreed.With(me, identity.Sign(agreed.Content.Hash))
        : agreed;

    private TabOutbox? Outbox(TabLedger tab, long linkNumber)
    {
        if (outboxes.TryGetValue((tab.Id, linkNumber), out var known))
        {
            linksToSend.Add(known.Link);
            return known;
        }
        if (!links.TryGetValue(linkNumber, out var link))
            return null;
        linksToSend.Add(link);
        var made = outboxes.GetOrAdd((tab.Id, linkNumber), _ => new TabOutbox(link, store, tab.Id, tab.View.Me));
        // The link may have gone meanwhile; then nobody else takes this out again.
        if (!links.ContainsKey(linkNumber))
            outboxes.TryRemove((tab.Id, linkNumber), out _);
        return made;
    }
}
