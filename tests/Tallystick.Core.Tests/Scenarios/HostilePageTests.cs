using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Loop;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Every name that a peer's page can be refused under, sent by a peer that signs what it likes.</summary>
public sealed class HostilePageTests
{
    private static int LastRequest = 70_000;

    private readonly Bench bench = new();

    public HostilePageTests()
    {
        // B is the hostile one. Both limits are 100, so that every rule has something to break.
        bench.Wish(Party.Zero, id => new LimitLine(id, CreditLimit.FromUnits(100)));
        bench.Wish(Party.One, id => new LimitLine(id, CreditLimit.FromUnits(100)));
        bench.Settle();
    }

    private LoopNode Honest => bench.A.Tab;

    private LoopNode Villain => bench.B.Tab;

    private static readonly Dictionary<string, Func<Bench, SignedPage>> Faulty = new(StringComparer.Ordinal)
    {
        ["fork"] = bench => Page(bench, page => page with { Previous = Hash.Of("elsewhere"u8) }, Pay(1)),
        ["seen-regress"] = bench =>
        {
            bench.Pay(Party.Zero, 1);
            bench.Settle();
            var first = bench.B.Tab.Disk.Pages[Party.Zero][0].Content.Head;
            return Page(bench, page => page with { Seen = first }, Pay(1));
        },
        ["seen-mismatch"] = bench =>
            Page(bench, page => page with { Seen = page.Seen with { Hash = Hash.Of("other"u8) } }, Pay(1)),
        ["empty-receipt"] = bench => Page(bench, page => page),
        ["wrong-totals"] = bench =>
            Page(bench, page => page with { Totals = page.Totals with { Given = page.Totals.Given + 1 } }, Pay(1)),
        ["wrong-digest"] = bench => Page(bench, page => page with { StateDigest = Hash.Of("other"u8) }, Pay(1)),
        ["unknown-kind"] = bench => Page(bench, "Kind 64"),
        ["out-of-bounds"] = bench => Page(
            bench, page => page, new PayLine(Id(), Amount.FromUnits(1), new string('x', PageBounds.MaxMemoBytes + 1))),
        ["total-overflow"] = Overflowing,
        ["too-many-open"] = bench => Page(
            bench, page => page, [.. Enumerable.Range(0, PageBounds.MaxOpenSettlements + 1).Select(_ => Propose())]),
        ["too-many-revisions"] = bench =>
        {
            var settlement = Asked(bench, Party.One, id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""));
            return Page(bench, page => page, [.. Enumerable.Range(0, PageBounds.MaxRevisions)
                .Select(_ => new ModifyLine(Id(), settlement, Amount.FromUnits(2), "", ""))]);
        },
        ["over-limit"] = bench => Page(bench, "Pay 101"),
        ["hold-needs-limit"] = bench =>
        {
            bench.Wish(Party.Zero, id => new LimitLine(id, CreditLimit.None));
            bench.Settle();
            return Page(bench, "Hold 1 for pear");
        },
        ["unknown-ref"] = bench => Page(bench, "Accept 9999"),
        ["not-yours"] = bench =>
        {
            var own = Asked(bench, Party.One, id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""));
            return Page(bench, page => page, new AcceptLine(Id(), own));
        },
        ["closed"] = bench =>
        {
            var own = Asked(bench, Party.One, id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""));
            return Page(bench, page => page, new WithdrawLine(Id(), own), new WithdrawLine(Id(), own));
        },
        ["not-newest"] = bench =>
        {
            var mine = Asked(bench, Party.Zero, id => new ProposeLine(id, false, Amount.FromUnits(1), "", ""));
            Asked(bench, Party.Zero, id => new ModifyLine(id, mine, Amount.FromUnits(2), "", ""));
            return Page(bench, page => page, new AcceptLine(Id(), mine));
        },
        ["no-change"] = bench =>
        {
            var mine = Asked(bench, Party.Zero, id => new ProposeLine(id, false, Amount.FromUnits(1), "", ""));
            return Page(bench, page => page, new AcceptLine(Id(), mine), new AcceptLine(Id(), mine));
        },
        ["not-receiver"] = bench =>
        {
            var own = Asked(bench, Party.One, id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""));
            return Page(bench, page => page, new ReceivedLine(Id(), own));
        },
        ["already-answered"] = bench =>
        {
            var hold = Asked(bench, Party.Zero, HoldLine);
            return Page(bench, page => page, new ReleaseLine(Id(), hold, ""), new ReleaseLine(Id(), hold, ""));
        },
        ["bad-preimage"] = bench =>
        {
            var hold = Asked(bench, Party.Zero, HoldLine);
            return Page(bench, page => page, new FulfilLine(Id(), hold, [Hash.Of("plum"u8)]));
        },
    };

    private static readonly Dictionary<string, Func<Bench, SignedPage>> Dropped = new(StringComparer.Ordinal)
    {
        ["wrong-tab"] = bench => Page(bench, page => page with { Tab = new TabId(Hash.Of("other"u8)) }, Pay(1)),
        ["stale-basis"] = bench => Page(bench, page => page with { Basis = Hash.Of("other"u8) }, Pay(1)),
        ["gap"] = bench => Page(bench, page => page with { Number = page.Number + 1 }, Pay(1)),
        ["seen-ahead"] = bench =>
            Page(bench, page => page with { Seen = new Head(page.Seen.Number + 1, page.Seen.Hash) }, Pay(1)),
    };

    public static TheoryData<string> FaultNames() => [.. Faulty.Keys];

    public static TheoryData<string> DropNames() => [.. Dropped.Keys];

    [Fact]
    public void Every_fault_of_the_catalogue_is_tried()
    {
        var names = typeof(Rejections).GetFields().Select(field => field.GetValue(null)).OfType<Rejection>()
            .Where(rejection => rejection.Class == RejectionClass.Fault).Select(rejection => rejection.Name);
        Assert.Equal(names.Order(StringComparer.Ordinal), Faulty.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void A_page_that_breaks_a_rule_is_not_stored_and_its_fault_freezes_both_sides(string name)
    {
        var page = Faulty[name](bench);
        var view = ViewOf(page);
        var before = Honest.Disk;
        Send(page);

        Assert.Equal(before.Pages[Party.One].Length, Honest.Disk.Pages[Party.One].Length);
        AssertFaultVerifies(name, page, view);
        Assert.Equal(name, Honest.State.Freeze!.Fault.Content.Fault.Rejection);
        Assert.True(Honest.State.Freeze.ByMe);
        bench.Settle();
        Assert.Equal(name, Villain.State.Freeze?.Fault.Content.Fault.Rejection);
        Assert.False(Villain.State.Freeze!.ByMe);

        // The freeze is on the disk, and the Fault is said again whenever the two meet.
        bench.A.Kill();
        bench.A.Start();
        Assert.Equal(name, Honest.State.Freeze!.Fault.Content.Fault.Rejection);
        Honest.Effects.Clear();
        bench.Settle();
        Assert.Contains(Honest.Effects, effect => effect is SendFault fault && fault.Fault.Fault.Rejection == name);
    }

    [Theory]
    [MemberData(nameof(DropNames))]
    public void A_page_that_proves_nothing_closes_the_link_and_leaves_no_trace(string name)
    {
        var page = Dropped[name](bench);
        var before = Honest.Disk;
        // Another tab's page would not even reach this one; if it does, the loop itself refuses it.
        Honest.Receive(bench.A.Current!.Numbers[0], bench.A.Current.Binding, new PageFrame(page));
        bench.A.Send();

        Assert.Equal(name, bench.A.Closed.Last().Reason);
        Assert.Same(before, Honest.Disk);
        Assert.Null(Honest.State.Freeze);
        Assert.Null(bench.A.Current);
        bench.Pay(Party.One, 5);
        bench.Settle();
        Assert.Equal(5, Honest.Balance);
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Fact]
    public void A_hello_of_another_link_or_a_second_one_closes_the_link_as_stale()
    {
        var link = bench.Connect();
        var hello = link.To(Party.Zero).OfType<HelloFrame>().Single();
        bench.Deliver(link, Party.Zero);
        Honest.Receive(link.Numbers[0], link.Binding, hello);
        bench.A.Send();
        Assert.Equal(Rejections.StaleHello.Name, bench.A.Closed.Last().Reason);

        var next = bench.Dial();
        bench.A.Take(next);
        Honest.Receive(next.Numbers[0], next.Binding, hello);
        bench.A.Send();
        Assert.Equal(Rejections.StaleHello.Name, bench.A.Closed.Last().Reason);
        bench.Pay(Party.One, 5);
        bench.Settle();
        bench.AssertEqualAndEveryWishDoneOnce();
    }

    [Fact]
    public void A_peer_that_fills_more_than_the_window_without_looking_is_cut_off_but_not_frozen()
    {
        var link = bench.A.Current!.Numbers[0];
        var basis = Villain.State.Session!.Theirs!.Content.Hash;
        var draft = new FoldDraft(Villain.State.Mine);
        for (var i = 0; i < PageBounds.WindowPages + 1; i++)
        {
            Assert.NotNull(Honest.State.Session);
            var page = PageCodec.Encode(Hostile.Next(draft.ToFold(), Party.One, basis, [Pay(1)]));
            draft.Apply(page);
            // A is never given a turn to answer.
            Honest.Step(new PageCame(link, new SignedPage(page, new byte[SignedPage.SignatureSize]), null));
        }
        bench.A.Send();
        Assert.Equal(Rejections.WindowExceeded.Name, bench.A.Closed.Last().Reason);
        Assert.Null(Honest.State.Freeze);
        Assert.Equal(PageBounds.WindowPages, Honest.Balance);
    }

    [Fact]
    public void A_line_of_an_agreed_kind_that_this_program_does_not_know_stalls_the_tab_without_a_fault()
    {
        bench.Wish(Party.Zero, id => new VersionLine(id, 2));
        bench.Wish(Party.One, id => new VersionLine(id, 2));
        bench.Settle();
        var before = Honest.Disk;
        Send(Page(bench, "Kind 64"));

        Assert.Equal(TabStop.UpgradeNeeded, Honest.State.Stop);
        Assert.Null(Honest.State.Freeze);
        Assert.Same(before, Honest.Disk);
        Assert.DoesNotContain(Honest.Effects, effect => effect is SendFault);
        var wish = bench.Wish(Party.Zero, id => new PayLine(id, Amount.FromUnits(1), ""));
        Assert.IsType<IntentWaiting>(Honest.Disk.Intents[wish.RequestId]);
    }

    [Fact]
    public void Two_different_pages_under_one_number_are_a_fork()
    {
        var first = Page(bench, "Pay 1");
        var second = Page(bench, "Pay 2");
        Send(first);
        Assert.Null(Honest.State.Freeze);
        Send(first);
        Assert.Null(Honest.State.Freeze);
        Send(second);
        Assert.Equal("fork", Honest.State.Freeze!.Fault.Content.Fault.Rejection);
        Assert.Equal(1, Honest.Balance);
    }

    [Fact]
    public void A_fault_about_a_page_that_is_valid_freezes_its_author_too_and_the_page_clears_it()
    {
        bench.Pay(Party.Zero, 5);
        bench.Settle();
        var page = Honest.Disk.Pages[Party.Zero][^1];
        var fault = FaultCodec.Encode(new Fault(Honest.Terms.Id, Party.One, page, "over-limit"));
        bench.B.Current!.To(Party.Zero).Enqueue(new FaultFrame(new SignedFault(fault, new byte[64])));
        bench.Settle();

        Assert.False(Honest.State.Freeze!.ByMe);
        Assert.Equal("frozen", Refusal(bench.Wish(Party.Zero, id => new PayLine(id, Amount.FromUnits(1), ""))));
        Assert.Null(PageCheck.Judge(ViewOf(page, without: true), page.Content, out _));
    }

    [Fact]
    public void A_fault_that_names_a_page_of_another_tab_or_of_its_own_author_freezes_nothing()
    {
        var link = bench.B.Current!;
        var foreign = Hostile.Page(Honest, page => page with { Tab = new TabId(Hash.Of("other"u8)) }, Pay(1));
        var own = Villain.Disk.Pages[Party.One][^1];
        var mine = Honest.Disk.Pages[Party.Zero][^1];
        foreach (var (author, page) in new[] { (Party.One, foreign), (Party.One, own), (Party.Zero, mine) })
        {
            var fault = FaultCodec.Encode(new Fault(Honest.Terms.Id, author, page, "over-limit"));
            link.To(Party.Zero).Enqueue(new FaultFrame(new SignedFault(fault, new byte[64])));
        }
        bench.Settle();

        Assert.Null(Honest.State.Freeze);
    }

    [Fact]
    public void A_frozen_tab_writes_what_lowers_a_claim_and_refuses_every_new_obligation()
    {
        var hold = Asked(bench, Party.One, HoldLine);
        var other = Asked(bench, Party.One, HoldLine);
        var mine = Asked(bench, Party.Zero, id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""));
        var second = Asked(bench, Party.Zero, id => new ProposeLine(id, false, Amount.FromUnits(1), "", ""));
        var theirs = Asked(bench, Party.One, id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""));
        Send(Page(bench, "Pay 101"));
        bench.Settle();
        Func<RequestId, Line>[] forbidden =
        [
            id => new PayLine(id, Amount.FromUnits(1), ""),
            id => new LimitLine(id, CreditLimit.FromUnits(101)),
            id => new LimitLine(id, CreditLimit.None),
            id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""),
            id => new ModifyLine(id, mine, Amount.FromUnits(9), "", ""),
            id => new AcceptLine(id, theirs),
            id => new ReceivedLine(id, second),
            HoldLine,
            id => new VersionLine(id, 2),
        ];
        foreach (var line in forbidden)
            Assert.Equal("frozen", Refusal(bench.Wish(Party.Zero, line)));
        Func<RequestId, Line>[] allowed =
        [
            id => new FulfilLine(id, hold, [Pear]),
            id => new ReleaseLine(id, other, ""),
            id => new LimitLine(id, CreditLimit.FromUnits(10)),
            id => new WithdrawLine(id, mine),
            id => new DisputeLine(id, theirs, ""),
        ];
        foreach (var line in allowed)
        {
            var wish = bench.Wish(Party.Zero, line);
            Assert.IsType<IntentDone>(Honest.Disk.Intents[wish.RequestId]);
        }
        bench.Settle();

        Assert.Equal(1, Honest.Balance);
        Assert.Equal(Honest.Disk.Pages[Party.Zero].Length, Villain.Disk.Pages[Party.Zero].Length);
        Assert.Equal(-1, Villain.Balance);
    }

    [Fact]
    public void A_peer_whose_own_book_goes_on_from_the_bad_page_still_gets_the_fulfil()
    {
        var hold = Asked(bench, Party.One, HoldLine);
        var bad = Page(bench, "Pay 101");
        var own = new FoldDraft(Villain.State.Mine);
        own.Apply(bad.Content);
        bench.B.Kill();
        var (pages, snapshot) = (Villain.Disk.Pages, Villain.Disk.Snapshot!);
        Villain.Disk = Villain.Disk with
        {
            Pages = pages.SetItem(Party.One, pages[Party.One].Add(bad)),
            Snapshot = snapshot with { Mine = own.ToFold() },
        };
        bench.B.Start();
        bench.Settle();
        Assert.Equal("over-limit", Honest.State.Freeze!.Fault.Content.Fault.Rejection);

        var fulfil = bench.Wish(Party.Zero, id => new FulfilLine(id, hold, [Pear]));
        Assert.IsType<IntentDone>(Honest.Disk.Intents[fulfil.RequestId]);
        bench.Settle();
        Assert.Equal(1, Honest.Balance);
        Assert.Equal(Honest.Disk.Pages[Party.Zero].Length, Villain.Disk.Pages[Party.Zero].Length);
        Assert.Equal(-102, Villain.Balance);
    }

    private static readonly Hash Pear = Hash.Of("pear"u8);

    private static Line HoldLine(RequestId id) =>
        new HoldLine(id, Amount.FromUnits(1), [Hash.Of(Pear.ToArray())], [], 0);

    private static RequestId Id() => new((UInt128)Interlocked.Increment(ref LastRequest));

    private static PayLine Pay(long units) => new PayLine(Id(), Amount.FromUnits(units), "");

    private static ProposeLine Propose() => new ProposeLine(Id(), true, Amount.FromUnits(1), "", "");

    private static SignedPage Page(Bench bench, string lines) => Hostile.Page(bench.B.Tab, lines);

    private static SignedPage Page(Bench bench, Func<Page, Page> change, params ImmutableArray<Line> lines) =>
        Hostile.Page(bench.B.Tab, change, lines);

    // Two to the power of 62 is out of reach of honest pages in a test, so the book itself is told to be there.
    private static SignedPage Overflowing(Bench bench)
    {
        bench.Wish(Party.Zero, id => new LimitLine(id, CreditLimit.None));
        bench.Settle();
        foreach (var node in bench.Both)
        {
            var snapshot = node.Tab.Disk.Snapshot!;
            node.Kill();
            node.Tab.Disk = node.Tab.Disk with
            {
                Snapshot = new TabSnapshot(Rich(snapshot.Mine), Rich(snapshot.Theirs), null),
            };
            node.Start();
        }
        bench.Settle();
        return Page(bench, page => page, Pay(1));

        static Fold Rich(Fold fold) => fold with
        {
            Zero = fold.Zero with { Given = PageBounds.MaxGivenAndHeld },
            One = fold.One with { Given = PageBounds.MaxGivenAndHeld },
        };
    }

    // Asks honestly, lets it be delivered, and tells where the line stands.
    private static Ref Asked(Bench bench, Party by, Func<RequestId, Line> line)
    {
        var wish = bench.Wish(by, line);
        bench.Settle();
        return Assert.IsType<IntentDone>(bench.Node(by).Tab.Disk.Intents[wish.RequestId]).FirstLine;
    }

    private void Send(SignedPage page)
    {
        bench.A.Current!.To(Party.Zero).Enqueue(new PageFrame(page));
        bench.Deliver(bench.A.Current, Party.Zero);
    }

    private string? Refusal(Intent wish) =>
        (Honest.Disk.Intents[wish.RequestId] as IntentRefused)?.Refusal.Why.Name;

    // The judge outside: both chains as stored, the page of the Fault, nothing else.
    private void AssertFaultVerifies(string name, SignedPage page, Fold view)
    {
        var sent = Honest.Effects.OfType<SendFault>().Single().Fault;
        Assert.True(FaultCodec.TryDecode(sent.Bytes, out var fault, out _));
        Assert.Equal(name, fault.Fault.Rejection);
        Assert.Equal(page.Hash, fault.Fault.Page.Hash);
        Assert.Equal(name, PageCheck.Judge(view, fault.Fault.Page.Content, out _)?.Why.Name);
    }

    private Fold ViewOf(SignedPage signed, bool without = false)
    {
        var author = signed.Page.Author;
        var own = Honest.Disk.Pages[author].Select(page => page.Content).ToList();
        if (without)
            own = own[..(int)(signed.Page.Number - 1)];
        if (Honest.State.Mine.Of(author).Given >= PageBounds.MaxGivenAndHeld)
            return Honest.State.Mine;
        var seen = Math.Max(signed.Page.Seen.Number, own.Count == 0 ? 0 : own[^1].Page.Seen.Number);
        var draft = new FoldDraft(Fold.Empty(Honest.Terms.Id));
        var others = new Queue<EncodedPage>(
            Honest.Disk.Pages[author.Other()].Select(page => page.Content).Take((int)seen));
        foreach (var page in own)
        {
            while (others.TryPeek(out var next) && next.Page.Number <= page.Page.Seen.Number)
                draft.Apply(others.Dequeue());
            draft.Apply(page);
        }
        foreach (var page in others)
            draft.Apply(page);
        return draft.ToFold();
    }
}
