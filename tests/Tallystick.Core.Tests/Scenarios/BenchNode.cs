using Tallystick.Core.Loop;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Loop;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>One node with several tabs, of which each runs the shipped loop. It keeps the rules about links.</summary>
internal sealed class BenchNode(Party me)
{
    private readonly Dictionary<long, BenchLink> links = [];
    private long highestLink;

    public Party Me => me;

    public List<LoopNode> Tabs { get; } = [];

    public LoopNode Tab => Tabs[0];

    public bool IsRunning { get; private set; }

    public BenchLink? Current { get; private set; }

    public void Start()
    {
        IsRunning = true;
        foreach (var tab in Tabs)
            tab.Start();
    }

    /// <summary>The process dies and its links with it; the disks stay.</summary>
    public void Kill()
    {
        IsRunning = false;
        foreach (var link in links.Values)
            link.CloseAt(me);
        links.Clear();
        (Current, highestLink) = (null, 0);
        foreach (var tab in Tabs)
            tab.Kill();
    }

    public LoopNode Open(TabTerms terms)
    {
        var tab = new LoopNode(terms, me) { NowMs = 1_000 };
        tab.Start();
        tab.HighestLink = highestLink;
        Tabs.Add(tab);
        if (Current is { } link)
            tab.Step(new LinkCurrent(link.Numbers[(int)me], highestLink, link.Binding));
        return tab;
    }

    /// <summary>The link gets the next number here, whoever dialled and however its handshake ends.</summary>
    public void Number(BenchLink link)
    {
        link.Numbers[(int)me] = ++highestLink;
        links[highestLink] = link;
        foreach (var tab in Tabs)
            tab.HighestLink = highestLink;
    }

    /// <summary>Moves to a proven link and says Hello there for every tab; the link it was on is closed.</summary>
    public void Take(BenchLink link)
    {
        if (Current is { } before && before != link)
            Leave(before);
        Current = link;
        if (me == Party.Zero)
            link.To(Party.One).Enqueue(new ChosenFrame());
        foreach (var tab in Tabs)
            tab.Step(new LinkCurrent(link.Numbers[(int)me], highestLink, link.Binding));
        Send();
    }

    public void Leave(BenchLink link)
    {
        link.CloseAt(me);
        if (Current == link)
            Current = null;
        foreach (var tab in Tabs)
            tab.Step(new LinkGone(link.Numbers[(int)me]));
    }

    public void Receive(BenchLink link, Frame frame)
    {
        if (!IsRunning || link.IsClosedAt(me))
            return;
        if (frame is ChosenFrame)
            Take(link);
        else if (frame is not HelloFrame || link == Current)
            TabOf(frame)?.Receive(link.Numbers[(int)me], link.Binding, frame);
        Send();
    }

    public void Turn()
    {
        foreach (var tab in Tabs)
            tab.Turn();
        Send();
    }

    /// <summary>Puts on the links what the tabs want to send, and closes what they want closed.</summary>
    public void Send()
    {
        foreach (var tab in Tabs)
        {
            foreach (var (number, frame) in tab.Outbox)
            {
                if (links.TryGetValue(number, out var link) && !link.IsClosedAt(me) && !link.IsDead)
                    link.To(me.Other()).Enqueue(frame);
            }
            tab.Outbox.Clear();
            var closing = tab.Effects.OfType<CloseLink>().ToList();
            tab.Effects.RemoveAll(effect => effect is CloseLink);
            Closed.AddRange(closing);
            foreach (var close in closing)
            {
                if (links.TryGetValue(close.Link, out var link))
                    Leave(link);
            }
        }
    }

    /// <summary>Every link that a tab closed, and why.</summary>
    public List<CloseLink> Closed { get; } = [];

    // A Hello on the current link opens the tab that it names.
    private LoopNode? TabOf(Frame frame)
    {
        var id = frame switch
        {
            HelloFrame hello => hello.Hello.Hello.Tab,
            PageFrame page => page.Page.Page.Tab,
            AskPageFrame asked => asked.Tab,
            FaultFrame fault => fault.Fault.Content.Fault.Tab,
            ResetOfferFrame offer => offer.Offer.Content.Reset.Tab,
            ResetFrame reset => reset.Reset.Reset.Tab,
            _ => throw new InvalidOperationException(frame.ToString()),
        };
        if (Tabs.Find(tab => tab.Terms.Id == id) is { } known)
            return known;
        if (frame is not HelloFrame opening)
            return null;
        Assert.True(TabTerms.TryCreate(LoopPair.Key(2), LoopPair.Key(3), opening.Hello.Hello.Asset, out var terms));
        var tab = new LoopNode(terms, me);
        tab.Start();
        tab.HighestLink = highestLink;
        Tabs.Add(tab);
        return tab;
    }
}
