using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
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
            pages = pages.SetItem(me, [.. pages[me].Where(page => page.Page.Number <= last)]);
        if (write.Reset is { } reset)
        {
            Assert.Equal((Snapshot?.Resets.Length ?? 0) + 1, reset.Reset.Era);
            Assert.Equal(write.After.Resets[^1].Content.Hash, reset.Content.Hash);
            Assert.Equal(reset.Reset.Zero.Kept, HeadOf(pages, Party.Zero, Snapshot));
            Assert.Equal(reset.Reset.One.Kept, HeadOf(pages, Party.One, Snapshot));
        }
        var intents = Intents;
        var waiting = Waiting;
        foreach (var page in write.Pages)
        {
            var author = page.Content.Page.Author;
            var head = HeadOf(pages, author, write.After);
            Assert.Equal((head.Number + 1, head.Hash), (page.Content.Page.Number, page.Content.Page.Previous));
            pages = pages.SetItem(author, pages[author].Add(new SignedPage(page.Content, new byte[64])));
            foreach (var (id, at) in author == me ? Done(page.Content.Page) : [])
            {
                intents = intents.SetItem(id, new IntentDone(at));
                waiting = waiting.RemoveAll(intent => intent.RequestId == id);
            }
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

    private static IEnumerable<(RequestId Id, Ref At)> Done(Page page) =>
        page.Lines.Select((line, index) => (line.RequestId, new Ref(page.Number, index)))
            .DistinctBy(line => line.RequestId);

    /// <summary>The stored page with this number, or null.</summary>
    public SignedPage? Find(Party author, long number) =>
        Pages[author].FirstOrDefault(page => page.Page.Number == number);

    /// <summary>Stored pages from a number on.</summary>
    public IReadOnlyList<SignedPage> Read(Party author, long from, int most) =>
        [.. Pages[author].Where(page => page.Page.Number >= from).Take(most)];

    // Where the next page goes: behind the newest page, or behind the reset if none was written since.
    private static Head HeadOf(
        ImmutableDictionary<Party, ImmutableArray<SignedPage>> pages, Party author, TabSnapshot? snapshot)
    {
        var head = pages[author] is [.., var last] ? last.Content.Head : new Head(0, default);
        if (snapshot?.Resets is not [.., var reset] || reset.Reset.Of(author).First <= head.Number)
            return head.Number > 0 ? head : Head.Empty(snapshot?.Mine.Tab ?? default);
        return new Head(reset.Reset.Of(author).First - 1, reset.Content.Hash);
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
        var seen = Disk.Snapshot?.Theirs.Of(me).Head.Number ?? 0;
        State = TabState.Open(
            terms,
            me,
            Hash.Of([(byte)me, (byte)(++runs & 255), (byte)(runs >> 8)]),
            Disk.Snapshot,
            [.. own.Where(page => page.Page.Number > seen).Select(page => page.Content)],
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
        Step(new Ask(intent, State.Returned));
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
            case ResetOfferFrame { Offer: var offer }:
                Step(new ResetOffered(link, offer));
                break;
            case ResetFrame { Reset: var agreed }:
                Step(new ResetCame(link, agreed, StoredAt(me, agreed.Reset.Of(me).Kept.Number)));
                break;
            default:
                throw new InvalidOperationException(frame.ToString());
        }
    }

    /// <summary>Whether there is anything to reset.</summary>
    public bool CouldReset => State.Freeze is not null || State.Offer is not null || State.Session?.Offer is not null;

    /// <summary>The user says yes to what a reset would do now; the refusal, or null.</summary>
    public Refusal? ConfirmReset()
    {
        var shown = ResetProposal.TryMake(State, out var proposal, out var refusal) ? proposal.Reset.Hash : default;
        Step(new ConfirmReset(shown));
        Assert.Equal(refusal, Effects.OfType<ResetAnswered>().Last().Refusal);
        return refusal;
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
        Disk.Find(author, number)?.Hash;

    private void Do(TabEffect effect)
    {
        if (effect is Done done)
        {
            Effects.AddRange(done.Answers);
            return;
        }
        Effects.Add(effect);
        switch (effect)
        {
            case SendHello hello:
                Outbox.Add((hello.Link, new HelloFrame(new SignedHello(hello.Hello, new byte[64]))));
                break;
            case SendOwnPage page:
                Outbox.Add((page.Link, new PageFrame(Disk.Find(me, page.Page.Page.Number)!)));
                break;
            case SendStored range:
                foreach (var page in StoredRange.InOrder(range, me, Disk.Read))
                    Outbox.Add((range.Link, new PageFrame(page)));
                break;
            case SendEvidence evidence:
                if (Disk.Find(evidence.Author, evidence.Number) is { } found)
                    Outbox.Add((evidence.Link, new PageFrame(found)));
                break;
            case AskForPage asked:
                Outbox.Add((asked.Link, new AskPageFrame(terms.Id, asked.Author, asked.Number)));
                break;
            case SendFault fault:
                Outbox.Add((fault.Link, new FaultFrame(new SignedFault(fault.Fault, new byte[64]))));
                break;
            case SendResetOffer offer:
                Outbox.Add((offer.Link, new ResetOfferFrame(new SignedReset(offer.Offer, new byte[64]))));
                break;
            case SendReset reset:
                Outbox.Add((reset.Link, new ResetFrame(reset.Agreed.With(me, new byte[64]))));
                break;
            case ResetAsked or ResetAnswered or WasReset:
                break;
            case Froze or Stopped or CloseLink or Answer or LookAgain or CannotCancel or Stored or PeerSaw:
                break;
            default:
                throw new InvalidOperationException(effect.ToString());
        }
    }
}
