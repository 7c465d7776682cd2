using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Loop;

/// <summary>What a disk holds: everything that was committed, and nothing else.</summary>
internal sealed record LoopDisk(
    TabSnapshot? Snapshot,
    ImmutableDictionary<Party, ImmutableArray<SignedPage>> Pages,
    ImmutableArray<Intent> Waiting,
    ImmutableDictionary<RequestId, IntentState> Intents)
{
    public static readonly LoopDisk Empty = new(
        null,
        ImmutableDictionary<Party, ImmutableArray<SignedPage>>.Empty.Add(Party.Zero, []).Add(Party.One, []),
        [],
        ImmutableDictionary<RequestId, IntentState>.Empty);

    public LoopDisk Commit(TabWrite write, Party me)
    {
        var pages = Pages;
        if (write.TruncateOwnAfter is { } last)
            pages = pages.SetItem(me, [.. pages[me].Take((int)last)]);
        var intents = Intents;
        var waiting = Waiting;
        foreach (var page in write.Pages)
        {
            var author = page.Content.Page.Author;
            Assert.Equal(pages[author].Length + 1, page.Content.Page.Number);
            pages = pages.SetItem(author, pages[author].Add(new SignedPage(page.Content, new byte[64])));
        }
        foreach (var change in write.Intents)
        {
            intents = intents.SetItem(change.RequestId, change.State);
            waiting = waiting.RemoveAll(intent => intent.RequestId == change.RequestId);
            if (change.State is IntentWaiting)
                waiting = waiting.Add(change.Intent!);
        }
        return new LoopDisk(write.After, pages, waiting, intents);
    }
}

/// <summary>One tab's shipped loop on a disk in memory. Commits are at once; what is sent waits in an outbox.</summary>
internal sealed class LoopNode(TabTerms terms, Party me)
{
    private int runs;

    public Party Me => me;

    public TabTerms Terms => terms;

    public LoopDisk Disk { get; set; } = LoopDisk.Empty;

    public TabState State { get; private set; } = null!;

    public bool IsRunning { get; private set; }

    /// <summary>Link numbers are given out by the process and begin anew with it.</summary>
    public long HighestLink { get; set; }

    public List<(long Link, Frame Frame)> Outbox { get; } = [];

    public List<TabEffect> Effects { get; } = [];

    public long NowMs { get; set; } = 1_000;

    /// <summary>By the node's own book: positive when the other owes.</summary>
    public long Balance => State.Mine.DebtOf(me.Other());

    public void Start()
    {
        var own = Disk.Pages[me];
        var seen = (int)(Disk.Snapshot?.Theirs.Of(me).Head.Number ?? 0);
        State = TabState.Open(
            terms,
            me,
            Hash.Of([(byte)me, (byte)(++runs & 255), (byte)(runs >> 8)]),
            Disk.Snapshot,
            [.. own.Skip(seen).Select(page => page.Content)],
            Disk.Waiting);
        HighestLink = 0;
        Outbox.Clear();
        IsRunning = true;
    }

    public void Kill()
    {
        IsRunning = false;
        Outbox.Clear();
    }

    public long NextLink() => ++HighestLink;

    public void Ask(Intent intent)
    {
        Step(new Ask(intent));
        Turn();
    }

    public void Turn()
    {
        Step(new Turn(NowMs));
        Step(new Committed(State.Mine.Of(me).Head.Number));
        Step(new Turn(NowMs));
    }

    public void Receive(long link, LinkBinding binding, Frame frame)
    {
        switch (frame)
        {
            case HelloFrame { Hello: var hello }:
                Step(new HelloCame(
                    link,
                    HighestLink,
                    binding,
                    hello,
                    StoredAt(me, hello.Hello.Held.Number),
                    StoredAt(me.Other(), hello.Hello.Mine.Number)));
                break;
            case PageFrame { Page: var page }:
                Step(new PageCame(link, page, StoredAt(page.Page.Author, page.Page.Number)));
                break;
            case AskPageFrame asked:
                Step(new PageAsked(link, asked.Author, asked.Number));
                break;
            case FaultFrame { Fault: var fault }:
                Step(new FaultCame(link, fault));
                break;
            default:
                throw new InvalidOperationException(frame.ToString());
        }
    }

    public void Step(TabInput input)
    {
        var step = TabLoop.Step(State, input);
        State = step.State;
        if (step.Write is { } write)
            Disk = Disk.Commit(write, me);
        foreach (var effect in step.Effects)
            Do(effect);
    }

    private Hash? StoredAt(Party author, long number) =>
        number >= 1 && number <= Disk.Pages[author].Length ? Disk.Pages[author][(int)number - 1].Hash : null;

    private void Do(TabEffect effect)
    {
        Effects.Add(effect);
        switch (effect)
        {
            case SendHello hello:
                Outbox.Add((hello.Link, new HelloFrame(new SignedHello(hello.Hello, new byte[64]))));
                break;
            case SendOwnPage page:
                Outbox.Add((page.Link, new PageFrame(Disk.Pages[me][(int)page.Page.Page.Number - 1])));
                break;
            case SendStored range:
                SendMerged(range);
                break;
            case SendEvidence evidence:
                Outbox.Add((evidence.Link, new PageFrame(Disk.Pages[evidence.Author][(int)evidence.Number - 1])));
                break;
            case AskForPage asked:
                Outbox.Add((asked.Link, new AskPageFrame(terms.Id, asked.Author, asked.Number)));
                break;
            case SendFault fault:
                Outbox.Add((fault.Link, new FaultFrame(new SignedFault(fault.Fault, new byte[64]))));
                break;
            case Froze or Stopped or CloseLink or Answer or CannotCancel or Stored or PeerSaw:
                break;
            default:
                throw new InvalidOperationException(effect.ToString());
        }
    }

    private void SendMerged(SendStored range)
    {
        var (own, peers) = (range.OwnFrom, range.PeerFrom);
        while (true)
        {
            var theirs = peers <= range.PeerTo ? Disk.Pages[me.Other()][(int)peers - 1] : null;
            var mine = own <= range.OwnTo ? Disk.Pages[me][(int)own - 1] : null;
            if (theirs is not null && theirs.Page.Seen.Number < own)
            {
                Outbox.Add((range.Link, new PageFrame(theirs)));
                peers++;
            }
            else if (mine is not null && mine.Page.Seen.Number < peers)
            {
                Outbox.Add((range.Link, new PageFrame(mine)));
                own++;
            }
            else
            {
                return;
            }
        }
    }
}
