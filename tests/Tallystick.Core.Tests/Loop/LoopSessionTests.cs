using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Loop;

/// <summary>Single steps around sessions, forks of the own key and stops, with states made for them.</summary>
public sealed class LoopSessionTests
{
    private readonly LoopPair pair = new();

    // On a second link, so that both Hellos name the heads as they are.
    public LoopSessionTests()
    {
        pair.Settle();
        pair.Connect();
        pair.Settle();
    }

    private TabState A => pair.A.State;

    private long Link => A.Session!.Link;

    [Fact]
    public void A_tab_is_ready_only_with_the_same_fold_and_level_with_what_the_peer_said()
    {
        Assert.True(A.IsReady());
        Assert.False(Told(hello => hello with { FoldVersion = 2 }).IsReady());
        Assert.False(Told(hello => hello with { Held = Above(hello.Held) }).IsReady());
        Assert.False(Told(hello => hello with { Mine = Above(hello.Mine) }).IsReady());
        Assert.False((A with { Stop = TabStop.SelfFork }).IsReady());
        Assert.False((A with { Session = A.Session! with { Disputed = true } }).IsReady());
        Assert.False((A with { Session = A.Session! with { Theirs = null } }).IsReady());
        Assert.False((A with { Session = null }).IsReady());
        var ahead = A.Mine with { Zero = A.Mine.Zero with { Seen = Above(A.Mine.One.Head) } };
        Assert.False((A with { Mine = ahead }).IsReady());
        var bad = new Freeze(Samples.Fault, ByMe: true);
        Assert.True((Told(hello => hello with { Mine = Above(hello.Mine) }) with { Freeze = bad }).IsReady());
        Assert.False(
            (Told(hello => hello with { Mine = Above(hello.Mine) }) with { Freeze = bad with { ByMe = false } })
            .IsReady());

        static Head Above(Head head) => head with { Number = head.Number + 1 };
    }

    [Fact]
    public void A_hello_that_is_not_the_peers_of_this_link_and_tab_closes_the_link()
    {
        var hello = A.Session!.Theirs!.Hello;
        var fresh = A with { Session = A.Session with { Theirs = null } };
        AssertStale(hello with { Link = hello.Link with { DiallerNonce = default } });
        AssertStale(hello with { Author = Party.Zero });
        AssertStale(hello with { Tab = new TabId(default) });
        var good = TabLoop.Step(fresh, Came(hello));
        Assert.NotNull(good.State.Session!.Theirs);

        void AssertStale(Hello wrong)
        {
            var step = TabLoop.Step(fresh, Came(wrong));
            Assert.Null(step.State.Session);
            Assert.Equal("stale-hello", Assert.IsType<CloseLink>(Assert.Single(step.Effects)).Reason);
        }

        HelloCame Came(Hello said) => new(
            Link, Link, hello.Link, new SignedHello(HelloCodec.Encode(said), Samples.Signature), null, null);
    }

    [Fact]
    public void A_second_hello_on_one_link_closes_it_once_and_changes_nothing_else()
    {
        var again = TabLoop.Step(
            A, new HelloCame(Link, Link, A.Session!.Theirs!.Hello.Link, A.Session.Theirs, null, null));
        Assert.Null(again.State.Session);
        Assert.Equal("stale-hello", Assert.IsType<CloseLink>(Assert.Single(again.Effects)).Reason);
        Assert.Null(again.Write);
    }

    [Fact]
    public void Only_what_the_peer_lacks_is_sent_and_nothing_when_it_lacks_nothing()
    {
        var (own, peers) = (A.Mine.Zero.Head, A.Mine.One.Head);
        Assert.Empty(Compared(own, peers));
        Assert.Equal([new SendStored(Link, own.Number, own.Number, peers.Number + 1, peers.Number)],
            Compared(Before(Party.Zero), peers));
        Assert.Equal([new SendStored(Link, own.Number + 1, own.Number, peers.Number, peers.Number)],
            Compared(own, Before(Party.One)));
        Assert.Empty(Compared(own with { Number = own.Number + 4 }, peers with { Number = peers.Number + 4 }));
        Assert.Equal([new AskForPage(Link, Party.Zero, own.Number)], Compared(own with { Hash = default }, peers));
        Assert.Equal([new SendEvidence(Link, Party.One, peers.Number)], Compared(own, peers with { Hash = default }));

        Head Before(Party author) => pair.A.Disk.Pages[author] is [.., var before, _]
            ? before.Content.Head
            : Head.Empty(A.Terms.Id);

        IEnumerable<TabEffect> Compared(Head held, Head mine)
        {
            var hello = A.Session!.Theirs!.Hello with { Held = held, Mine = mine };
            return TabLoop.Step(
                A with { Session = A.Session with { Theirs = null } },
                new HelloCame(
                    Link, Link, hello.Link, new SignedHello(HelloCodec.Encode(hello), Samples.Signature), null, null))
                .Effects;
        }
    }

    [Fact]
    public void A_page_of_the_peer_out_of_order_or_of_another_session_closes_the_link_once()
    {
        pair.Pay(Party.One, 1);
        var page = pair.B.Disk.Pages[Party.One][^1];
        AssertCloses("gap", Changed(page, p => p with { Number = p.Number + 1 }));
        AssertCloses("stale-basis", Changed(page, p => p with { Basis = default }));
        AssertCloses("seen-ahead", Changed(page, p => p with { Seen = p.Seen with { Number = p.Seen.Number + 1 } }));
        AssertCloses("wrong-tab", Changed(page, p => p with { Tab = new TabId(default) }));
        Assert.NotNull(TabLoop.Step(A, new PageCame(Link, page, null)).Write);
        Assert.Empty(TabLoop.Step(A, new PageCame(Link + 1, page, null)).Effects);
        Assert.Empty(TabLoop.Step(A with { Stop = TabStop.SelfFork }, new PageCame(Link, page, null)).Effects);
        var disputed = A with { Session = A.Session! with { Disputed = true } };
        Assert.Empty(TabLoop.Step(disputed, new PageCame(Link, page, null)).Effects);
    }

    [Fact]
    public void An_own_page_that_nobody_can_have_closes_the_link_once()
    {
        var state = Told(hello => hello with { Held = hello.Held with { Number = hello.Held.Number + 1 } });
        var next = Own(state, Pay(1));
        AssertCloses(state, "gap", Changed(next, p => p with { Number = p.Number + 1 }));
        AssertCloses(state, "seen-ahead", Changed(next, p => p with { Seen = p.Seen with { Number = 99 } }));
        AssertCloses(A, "gap", next);

        var taken = TabLoop.Step(state, new PageCame(Link, next, null));
        Assert.Equal(next.Hash, taken.State.Mine.Zero.Head.Hash);
        Assert.Equal(0, taken.State.OwedPages);
    }

    [Fact]
    public void An_own_page_that_continues_another_chain_is_a_self_fork_at_the_head()
    {
        var state = Told(hello => hello with { Held = hello.Held with { Number = hello.Held.Number + 1 } });
        var other = Changed(Own(state, Pay(1)), p => p with { Previous = default });
        Assert.True(A.Theirs.Zero.Head.Number < A.Mine.Zero.Head.Number);
        var step = TabLoop.Step(state, new PageCame(Link, other, null));
        Assert.Equal(A.Theirs.Zero.Head.Number, step.Write!.TruncateOwnAfter);
        Assert.Equal("self-fork", Assert.Single(step.Effects.OfType<CloseLink>()).Reason);
    }

    [Fact]
    public void An_own_page_that_breaks_its_own_rules_is_a_bug()
    {
        var state = Told(hello => hello with { Held = hello.Held with { Number = hello.Held.Number + 1 } });
        var wrong = Changed(Own(state, Pay(1)), p => p with { StateDigest = default });
        var thrown = Assert.Throws<InvalidOperationException>(
            () => TabLoop.Step(state, new PageCame(Link, wrong, null)));
        Assert.Contains("wrong-digest", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_own_page_under_a_number_that_the_peer_covered_stops_the_tab()
    {
        pair.Pay(Party.Zero, 1);
        pair.Settle();
        var covered = pair.A.Disk.Pages[Party.Zero][^1];
        Assert.Equal(covered.Page.Number, A.Theirs.Zero.Head.Number);
        Assert.Empty(TabLoop.Step(A, new PageCame(Link, covered, covered.Hash)).Effects);

        var other = Changed(covered, p => p with { TimeMs = p.TimeMs + 1 });
        var step = TabLoop.Step(A, new PageCame(Link, other, covered.Hash));
        Assert.Equal(TabStop.SelfFork, step.State.Stop);
        Assert.Equal([new Stopped(TabStop.SelfFork)], step.Effects);
        Assert.Null(step.Write);
    }

    [Fact]
    public void Another_own_page_under_a_number_that_nobody_covered_takes_back_what_was_written_since()
    {
        pair.Pay(Party.Zero, 3);
        var paid = pair.A.Disk.Pages[Party.Zero][^1];
        var proposed = pair.Wish(id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""));
        pair.A.Ask(proposed);
        var at = ((IntentDone)pair.A.Disk.Intents[proposed.RequestId]).FirstLine;
        var withdrawn = pair.Wish(Pay(1), id => new WithdrawLine(id, at));
        pair.A.Ask(withdrawn);
        var waiting = pair.Wish(Pay(9));
        var covered = A.Theirs.Zero.Head.Number;
        var state = A with { Waiting = A.Waiting.Enqueue(waiting) };

        var step = TabLoop.Step(
            state, new PageCame(Link, Changed(paid, p => p with { TimeMs = p.TimeMs + 1 }), paid.Hash));
        Assert.True(covered < paid.Page.Number);
        Assert.Equal(covered, step.Write!.TruncateOwnAfter);
        Assert.Equal(
            [paid.Page.Lines[0].RequestId, proposed.RequestId, waiting.RequestId],
            step.State.Waiting.Select(intent => intent.RequestId));
        Assert.Equal(3, step.State.Waiting.Count);
        Assert.Equal(0, step.State.UnseenCount + step.State.UnseenWithLines);
        Assert.Equal(covered, step.State.CommittedNumber);
        Assert.Equal(A.Theirs, step.State.Mine);
        Assert.Equal(
            [typeof(IntentWaiting), typeof(IntentWaiting), typeof(IntentRefused)],
            step.Write.Intents.Select(change => change.State.GetType()));
        var answer = Assert.Single(step.Effects.OfType<Answer>());
        Assert.Equal((withdrawn.RequestId, true), (answer.RequestId, answer.WasWaiting));
        Assert.Equal("self-fork", ((IntentRefused)answer.State).Refusal.Why.Name);
        var close = Assert.Single(step.Effects.OfType<CloseLink>());
        Assert.Equal("self-fork", close.Reason);
        Assert.EndsWith(".", close.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wish_that_refers_to_a_page_that_stays_is_asked_again_after_a_self_fork()
    {
        var proposed = pair.Wish(id => new ProposeLine(id, true, Amount.FromUnits(1), "", ""));
        pair.A.Ask(proposed);
        pair.Settle();
        var at = ((IntentDone)pair.A.Disk.Intents[proposed.RequestId]).FirstLine;
        Assert.Equal(at.Page, A.Theirs.Zero.Head.Number);
        pair.A.Ask(pair.Wish(id => new WithdrawLine(id, at)));
        var page = pair.A.Disk.Pages[Party.Zero][^1];

        var step = TabLoop.Step(
            A, new PageCame(Link, Changed(page, p => p with { TimeMs = p.TimeMs + 1 }), page.Hash));
        Assert.Equal(1, step.State.Waiting.Count);
        Assert.Empty(step.Effects.OfType<Answer>());
    }

    [Fact]
    public void Stopping_and_freezing_are_told()
    {
        var agreed = A with { Mine = Agreed(A.Mine), Theirs = Agreed(A.Theirs) };
        pair.Pay(Party.One, 1);
        var page = pair.B.Disk.Pages[Party.One][^1];
        var later = Changed(page, p => p with { Lines = [new UnknownLine(default, 64, [])] });
        var stopped = TabLoop.Step(agreed, new PageCame(Link, later, null));
        Assert.Equal([new Stopped(TabStop.UpgradeNeeded)], stopped.Effects);

        var bad = Changed(page, p => p with { StateDigest = default });
        var frozen = TabLoop.Step(A, new PageCame(Link, bad, null));
        Assert.Equal(frozen.State.Freeze, Assert.Single(frozen.Effects.OfType<Froze>()).Freeze);
        Assert.Equal(Link, Assert.Single(frozen.Effects.OfType<SendFault>()).Link);
        Assert.Equal(frozen.State.Freeze, frozen.Write!.After.Freeze);

        static Fold Agreed(Fold fold) =>
            fold with { Zero = fold.Zero with { Version = 2 }, One = fold.One with { Version = 2 } };
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1_000, false)]
    [InlineData(1_999, false)]
    [InlineData(2_000, true)]
    public void A_wish_that_a_full_window_keeps_back_is_stored_after_a_second_or_when_the_clock_goes_back(
        long nowMs, bool isStored)
    {
        var full = A with { UnseenWithLines = PageBounds.WindowPages };
        var asked = TabLoop.Step(full, new Ask(pair.Wish(Pay(1)), 0)).State;
        var step = TabLoop.Step(asked, new Turn(nowMs));
        Assert.Equal(isStored ? (1, 0) : (0, 1), (step.State.Waiting.Count, step.State.Fresh.Count));
        if (!isStored)
            return;
        var answer = Assert.IsType<Answer>(Assert.Single(step.Effects));
        Assert.IsType<IntentWaiting>(answer.State);
        Assert.False(answer.WasWaiting);
        Assert.Single(step.Write!.Intents);
    }

    [Fact]
    public void A_group_with_one_hold_in_it_does_not_wait_either()
    {
        var group = pair.Wish(Pay(1), id => new HoldLine(id, Amount.FromUnits(1), [default], [], 0));
        var off = TabLoop.Step(A with { Session = null }, new Ask(group, 0)).State;
        var step = TabLoop.Step(off, new Turn(1_000));
        var answer = Assert.IsType<Answer>(Assert.Single(step.Effects));
        Assert.Equal("not-ready", Assert.IsType<IntentRefused>(answer.State).Refusal.Why.Name);
        Assert.False(answer.WasWaiting);
        Assert.Equal(0, step.State.Waiting.Count + step.State.Fresh.Count);
    }

    [Fact]
    public void A_wish_expires_when_its_time_has_come_and_not_before()
    {
        foreach (var (nowMs, expired) in new[] { (4_999L, false), (5_000L, true), (5_001L, true) })
        {
            var wish = pair.Wish(Pay(1)) with { ExpiresMs = 5_000 };
            var step = TabLoop.Step(TabLoop.Step(A, new Ask(wish, 0)).State, new Turn(nowMs));
            Assert.Equal(expired, step.Effects.OfType<Answer>().Any(answer => answer.State is IntentRefused));
            Assert.Equal(!expired, step.Effects.OfType<Done>().Any());
        }
    }

    [Fact]
    public void Cancelling_takes_exactly_the_named_wish_out_of_its_queue()
    {
        var (first, second, third) = (pair.Wish(Pay(1)), pair.Wish(Pay(2)), pair.Wish(Pay(3)));
        var state = A with
        {
            Session = null,
            Waiting = A.Waiting.Enqueue(first).Enqueue(second),
            Fresh = A.Fresh.Enqueue(third),
        };
        var stored = TabLoop.Step(state, new Cancel(second.RequestId));
        Assert.Equal([first], stored.State.Waiting);
        Assert.Equal((1, 1), (stored.State.Waiting.Count, stored.State.Fresh.Count));
        Assert.Equal([new Answer(second.RequestId, new IntentCancelled(), WasWaiting: true)], stored.Effects);
        var fresh = TabLoop.Step(state, new Cancel(third.RequestId));
        Assert.Empty(fresh.State.Fresh);
        Assert.Equal((2, 0), (fresh.State.Waiting.Count, fresh.State.Fresh.Count));
        Assert.Equal([new Answer(third.RequestId, new IntentCancelled(), WasWaiting: false)], fresh.Effects);
        var unknown = TabLoop.Step(state, new Cancel(new RequestId(1)));
        Assert.Equal([new CannotCancel(new RequestId(1))], unknown.Effects);
        Assert.Null(unknown.Write);
    }

    [Fact]
    public void Freezing_refuses_what_waits_and_what_is_fresh_and_keeps_what_only_lowers_a_claim()
    {
        var (stored, kept) = (pair.Wish(Pay(1)), pair.Wish(id => new DisputeLine(id, new Ref(9, 9), "")));
        var (fresh, mixed) = (pair.Wish(Pay(2)), pair.Wish(id => new DisputeLine(id, new Ref(9, 9), ""), Pay(3)));
        var state = A with
        {
            Freeze = new Freeze(Samples.Fault, ByMe: true),
            Session = null,
            Waiting = A.Waiting.Enqueue(stored).Enqueue(kept),
            Fresh = A.Fresh.Enqueue(fresh).Enqueue(mixed),
        };
        var step = TabLoop.Step(state, new Turn(1_000));
        Assert.Equal(
            [(stored.RequestId, true), (fresh.RequestId, false), (mixed.RequestId, false)],
            step.Effects.OfType<Answer>().Select(answer => (answer.RequestId, answer.WasWaiting)));
        Assert.All(
            step.Effects.OfType<Answer>(),
            answer => Assert.Equal("frozen", ((IntentRefused)answer.State).Refusal.Why.Name));
        Assert.Equal([kept], step.State.Waiting);
        Assert.Equal((1, 0), (step.State.Waiting.Count, step.State.Fresh.Count));
        Assert.Empty(TabLoop.Step(step.State, new Turn(1_000)).Effects);
    }

    [Fact]
    public void A_tab_that_is_opened_again_counts_what_is_unseen_and_what_it_owes()
    {
        pair.Pay(Party.Zero, 1);
        pair.Pay(Party.Zero, 1);
        var before = A;
        Assert.True(before.UnseenWithLines >= 2);
        Assert.Equal(0, before.OwedPages);
        Assert.Equal((before.UnseenCount, before.UnseenWithLines, 0), Counts(Opened()));
        Assert.Equal(before.Mine.Zero.Head.Number, Opened().CommittedNumber);

        pair.Pay(Party.One, 1);
        while (pair.DeliverOne(Party.Zero))
        {
        }
        Assert.Equal(1, A.OwedPages);
        Assert.Equal((A.UnseenCount, A.UnseenWithLines, 1), Counts(Opened()));

        static (int, int, int) Counts(TabState state) =>
            (state.UnseenCount, state.UnseenWithLines, state.OwedPages);

        TabState Opened() => TabState.Open(A.Terms, A.Me, A.RunId, A.Snapshot, [.. A.Unseen], []);
    }

    [Fact]
    public void What_waited_is_written_in_order_and_answered_as_having_waited()
    {
        pair.Cut();
        var ids = new[] { pair.Pay(Party.Zero, 1), pair.Pay(Party.Zero, 2) };
        Assert.Equal(2, A.Waiting.Count);
        pair.A.Effects.Clear();
        pair.Settle();
        Assert.Equal(0, A.Waiting.Count);
        Assert.Equal(
            ids.Select(id => (id, true)),
            pair.A.Effects.OfType<Answer>().Select(answer => (answer.RequestId, answer.WasWaiting)));
    }

    [Fact]
    public void The_opening_limit_has_a_request_id_that_follows_from_the_tab_alone()
    {
        foreach (var author in new[] { Party.Zero, Party.One })
        {
            var opening = pair.A.Disk.Pages[author][0].Page.Lines[0];
            var name = System.Text.Encoding.ASCII.GetBytes($"tab-opening/1 {A.Terms.Id.Hash} {(int)author}");
            var id = RequestId.FromBytes(Hash.Of(name).ToArray().AsSpan(0, RequestId.Size));
            Assert.Equal(new LimitLine(id, CreditLimit.None), opening);
        }
    }

    private static Func<RequestId, Line> Pay(long units) => id => new PayLine(id, Amount.FromUnits(units), "");

    private static SignedPage Changed(SignedPage page, Func<Page, Page> change) =>
        new(PageCodec.Encode(change(page.Page)), Samples.Signature);

    // The page that this key would write next, as another process of it may have done.
    private SignedPage Own(TabState state, Func<RequestId, Line> line)
    {
        var wish = pair.Wish(line);
        var ready = state with { Session = A.Session };
        var step = TabLoop.Step(TabLoop.Step(ready, new Ask(wish, 0)).State, new Turn(1_000));
        return new SignedPage(step.Write!.Pages.Single().Content, Samples.Signature);
    }

    private TabState Told(Func<Hello, Hello> change)
    {
        var hello = HelloCodec.Encode(change(A.Session!.Theirs!.Hello));
        return A with { Session = A.Session with { Theirs = new SignedHello(hello, Samples.Signature) } };
    }

    private void AssertCloses(string reason, SignedPage page) => AssertCloses(A, reason, page);

    private void AssertCloses(TabState state, string reason, SignedPage page)
    {
        var step = TabLoop.Step(state, new PageCame(Link, page, null));
        Assert.Equal(reason, Assert.IsType<CloseLink>(Assert.Single(step.Effects)).Reason);
        Assert.Null(step.State.Session);
        Assert.Null(step.Write);
        Assert.Equal(state.Mine, step.State.Mine);
    }
}
