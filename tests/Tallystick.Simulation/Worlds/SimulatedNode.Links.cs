using Tallystick.Core.Identity;
using Tallystick.Core.Links;
using Tallystick.Core.Loop;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Simulation.Checks;
using ChoiceClose = Tallystick.Core.Links.CloseLink;
using LinkMadeCurrent = Tallystick.Core.Links.MakeCurrent;

namespace Tallystick.Simulation.Worlds;

/// <content>Links, with the shipped choice between them, and what arrives on them.</content>
internal sealed partial class SimulatedNode
{
    private readonly Dictionary<long, LinkEnd> links = [];
    private readonly Dictionary<int, PeerLinks> choices = [];
    private readonly Dictionary<int, LinkEnd> current = [];
    private long highestLink;

    public LinkEnd? CurrentLink(int peer) => current.GetValueOrDefault(peer);

    /// <summary>Whether this node dials that person when it can.</summary>
    public bool WantsDial(int peer) => IsRunning && Choice(peer).WantsDial;

    /// <summary>When time alone changes something between this node and that person.</summary>
    public long? LinkDueMs(int peer) => IsRunning ? Choice(peer).DueMs : null;

    public void BeginDial(LinkEnd end)
    {
        Number(end);
        Step(end.Other.Person, new DialStarted(world.NowMs, highestLink, end.Number));
    }

    public void Number(LinkEnd end)
    {
        (end.Number, end.IsOpen) = (++highestLink, true);
        links[end.Number] = end;
    }

    public void Prove(LinkEnd end)
    {
        if (!end.IsOpen || end.IsProven)
            return;
        (end.IsProven, end.HeardMs) = (true, world.NowMs);
        Step(end.Other.Person, new LinkProven(
            world.NowMs, highestLink, end.Number, end.Side == 0, end.Other.runId));
    }

    /// <summary>The other side is gone, and this one learns it.</summary>
    public void Ended(LinkEnd end)
    {
        if (!end.IsOpen)
            return;
        Forget(end);
        Step(end.Other.Person, new LinkClosed(world.NowMs, highestLink, end.Number));
    }

    public void LetTimePass(int peer)
    {
        if (!IsRunning)
            return;
        foreach (var known in Choice(peer).Links)
        {
            if (links.TryGetValue(known.Number, out var end) && end.HeardMs > known.HeardMs)
                Step(peer, new LinkHeard(end.HeardMs, highestLink, end.Number));
        }
        Step(peer, new TimePassed(world.NowMs, highestLink));
    }

    /// <summary>A frame arrives.</summary>
    public void Receive(LinkEnd end, Frame frame)
    {
        end.HeardMs = world.NowMs;
        switch (frame)
        {
            case ChosenFrame:
                end.MayRead = false;
                Step(end.Other.Person, new ChosenHeard(world.NowMs, highestLink, end.Number));
                break;
            case PingFrame ping:
                world.Send(end, new PongFrame(ping.Token));
                break;
            case PongFrame pong when end.OpenPings > 0:
                end.OpenPings--;
                Step(end.Other.Person, new PongHeard(world.NowMs, highestLink, end.Number, pong.Token));
                break;
            case ByeFrame:
                Ended(end);
                break;
            case HelloFrame hello:
                ReceiveHello(end, hello.Hello);
                break;
            case PageFrame page:
                ReceivePage(end, page);
                break;
            case AskPageFrame asked:
                if (FindTab(end, asked.Tab) is { } askedTab)
                    Post(askedTab, new PageAsked(end.Number, asked.Author, asked.Number));
                break;
            case FaultFrame fault:
                ReceiveFault(end, fault.Fault);
                break;
            case ResetOfferFrame { Offer: var offer }:
                ReceiveReset(end, offer.Content, new ResetOffered(end.Number, offer), offer.Signature, end.Other.Key);
                break;
            case ResetFrame { Reset: var reset } when FindTab(end, reset.Reset.Tab) is { } tab
                && Signatures.Verify(
                    tab.Spec.KeyOf(Party.Zero), reset.Content.Hash, reset.SignatureOf(Party.Zero).Span):
                ReceiveReset(
                    end,
                    reset.Content,
                    new ResetCame(end.Number, reset, null),
                    reset.SignatureOf(Party.One),
                    tab.Spec.KeyOf(Party.One));
                break;
            default:
                break;
        }
    }

    private void ReceiveReset(
        LinkEnd end, EncodedReset reset, TabInput input, ReadOnlyMemory<byte> signature, PublicKey key)
    {
        if (FindTab(end, reset.Reset.Tab) is not { } tab || !Signatures.Verify(key, reset.Hash, signature.Span))
            CloseByLedger(end.Number, Rejections.BadSignature.Name);
        else if (end.IsCurrent)
            Post(tab, input);
    }

    private void ReceiveHello(LinkEnd end, SignedHello signed)
    {
        var hello = signed.Hello;
        var known = TabTerms.TryCreate(Key, end.Other.Key, hello.Asset, out var terms) && terms.Id == hello.Tab;
        if (!known || !Signatures.Verify(end.Other.Key, signed.Content.Hash, signed.Signature.Span))
            CloseByLedger(end.Number, Rejections.BadSignature.Name);
        else if (current.GetValueOrDefault(end.Other.Person) != end)
            CloseByLedger(end.Number, Rejections.StaleHello.Name);
        else
            Post(Open(world.SpecOf(hello.Tab)), new HelloCame(
                end.Number, highestLink, world.BindingOf(end), signed, null, null));
    }

    private void ReceivePage(LinkEnd end, PageFrame frame)
    {
        var page = frame.Page;
        if (FindTab(end, page.Page.Tab) is not { } tab)
            CloseByLedger(end.Number, Rejections.WrongTab.Name);
        else if (!Signatures.Verify(tab.Spec.KeyOf(page.Page.Author), page.Hash, page.Signature.Span))
            CloseByLedger(end.Number, Rejections.BadSignature.Name);
        else if (end.IsCurrent)
            Post(tab, new PageCame(end.Number, page, null));
    }

    private void ReceiveFault(LinkEnd end, SignedFault signed)
    {
        var fault = signed.Content.Fault;
        if (FindTab(end, fault.Tab) is not { } tab)
            return;
        var page = fault.Page;
        if (!Signatures.Verify(tab.Spec.KeyOf(fault.Author), signed.Content.Hash, signed.Signature.Span)
            || !Signatures.Verify(tab.Spec.KeyOf(page.Page.Author), page.Hash, page.Signature.Span))
        {
            CloseByLedger(end.Number, Rejections.BadSignature.Name);
        }
        else if (end.IsCurrent)
        {
            Post(tab, new FaultCame(end.Number, signed));
        }
    }

    private SimulatedTab? FindTab(LinkEnd end, TabId id) =>
        world.TrySpecOf(id, out var spec) && spec.Has(person) && spec.Other(person) == end.Other.Person
            ? tabs.GetValueOrDefault(spec.Index)
            : null;

    private void Send(long link, Frame frame)
    {
        if (!links.TryGetValue(link, out var end) || !end.IsOpen)
            return;
        if (frame is PageFrame page)
            Watch.Sends(this, page.Page);
        world.Send(end, frame);
    }

    // The ledger closes a link: the hub hears of it as of any other end.
    private void CloseByLedger(long link, string reason)
    {
        if (!links.TryGetValue(link, out var end) || !end.IsOpen)
            return;
        world.Leave(end, reason);
        Ended(end);
    }

    private void Forget(LinkEnd end)
    {
        end.IsOpen = false;
        links.Remove(end.Number);
        if (!end.IsCurrent)
            return;
        end.IsCurrent = false;
        if (current.GetValueOrDefault(end.Other.Person) == end)
            current.Remove(end.Other.Person);
        foreach (var tab in tabs.Values)
        {
            if (tab.Spec.Has(end.Other.Person))
                Post(tab, new LinkGone(end.Number));
        }
    }

    private PeerLinks Choice(int peer) =>
        choices.TryGetValue(peer, out var known) ? known : choices[peer] = PeerLinks.None(Key, Names.Key(peer));

    private void Step(int peer, LinkInput input)
    {
        var (after, effects) = LinkChoice.Step(Choice(peer), input);
        choices[peer] = after;
        foreach (var effect in effects)
        {
            if (links.TryGetValue(effect.Number, out var end))
                Apply(effect, end);
        }
        world.LinksChanged(this, peer);
    }

    private void Apply(LinkEffect effect, LinkEnd end)
    {
        switch (effect)
        {
            case ChoiceClose close:
                world.Leave(end, close.Reason);
                Forget(end);
                break;
            case SendChosen:
                world.Send(end, new ChosenFrame());
                break;
            case LinkMadeCurrent:
                MakeCurrent(end);
                break;
            case SendPing ping:
                end.OpenPings++;
                world.Send(end, new PingFrame(ping.Token));
                break;
            case ReadLink:
                end.MayRead = true;
                world.MayRead(end);
                break;
            default:
                throw new InvalidOperationException($"No way to do {effect.GetType().Name}.");
        }
    }

    private void MakeCurrent(LinkEnd end)
    {
        end.IsCurrent = true;
        current[end.Other.Person] = end;
        foreach (var tab in tabs.Values)
        {
            if (tab.Spec.Has(end.Other.Person))
                Post(tab, new LinkCurrent(end.Number, highestLink, world.BindingOf(end)));
        }
    }
}
