using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Loop;

/// <summary>What a step says to the world and to the store, beside the balances that it leads to.</summary>
public sealed class LoopEffectTests
{
    private readonly LoopPair pair = new();

    public LoopEffectTests() => pair.Settle();

    [Fact]
    public void A_turn_in_which_nothing_happens_leaves_the_very_same_state()
    {
        var state = pair.A.State;

        // A new one would be committed and told, which makes the loop take another turn, for ever.
        Assert.Same(state, TabLoop.Step(state, new Turn(pair.A.NowMs)).State);
    }

    [Fact]
    public void Both_sides_are_told_once_of_each_page_that_is_stored_and_its_author_once_that_it_was_seen()
    {
        Forget();
        var id = pair.Pay(Party.Zero, 5);
        pair.Settle();

        var number = pair.A.State.Mine.Of(Party.Zero).Head.Number;
        foreach (var node in new[] { pair.A, pair.B })
        {
            var stored = node.Effects.OfType<Stored>()
                .Select(effect => (effect.Author, effect.Pages.Single().Page.Number));
            Assert.Equal([(Party.Zero, number), (Party.One, pair.B.State.Mine.Of(Party.One).Head.Number)], stored);
        }
        Assert.Equal([new PeerSaw(number)], pair.A.Effects.OfType<PeerSaw>());
        Assert.Equal([new Answer(id, new IntentDone(new Ref(number, 0)), WasWaiting: false)], Answers(pair.A));
    }

    [Fact]
    public void A_page_tells_each_who_asked_for_a_line_once_and_who_of_them_had_waited()
    {
        Assert.Empty(Answers(pair.A));
        var (waited, alone, group) = (pair.Wish(Pay(1)), pair.Wish(Pay(2)), pair.Wish(Pay(3), Pay(4)));
        var state = pair.A.State with { Waiting = IntentQueue.Empty.Enqueue([waited]) };
        state = TabLoop.Step(state, new Ask([group, alone], 0)).State;
        var done = Assert.Single(TabLoop.Step(state, new Turn(pair.A.NowMs)).Effects.OfType<Done>());

        var page = done.Page.Page.Number;
        Assert.Equal(4, done.Page.Page.Lines.Length);
        Assert.Equal(
            [
                new DoneIntent(waited.RequestId, new Ref(page, 0), WasWaiting: true),
                new DoneIntent(group.RequestId, new Ref(page, 1), WasWaiting: false),
                new DoneIntent(alone.RequestId, new Ref(page, 3), WasWaiting: false),
            ],
            done.Intents);
    }

    [Fact]
    public void The_page_that_opens_a_chain_answers_the_wishes_on_it_and_nobody_for_an_opening_that_was_not_asked_for()
    {
        var (limit, fresh) = (pair.Wish(id => new LimitLine(id, CreditLimit.None)), pair.Wish(Propose));
        var group = pair.Wish(Propose, Propose);
        var terms = pair.A.State.Terms;
        var opened = TabState.Open(terms, Party.Zero, pair.A.State.RunId, null, [], [group]) with
        {
            Session = pair.A.State.Session,
        };

        Assert.Equal([new DoneIntent(group.RequestId, new Ref(1, 1), WasWaiting: true)], Done(opened));
        Assert.Equal(
            [
                new DoneIntent(limit.RequestId, new Ref(1, 0), WasWaiting: false),
                new DoneIntent(group.RequestId, new Ref(1, 1), WasWaiting: true),
                new DoneIntent(fresh.RequestId, new Ref(1, 3), WasWaiting: false),
            ],
            Done(TabLoop.Step(opened, new Ask([limit, fresh], 0)).State));

        IEnumerable<DoneIntent> Done(TabState state) =>
            Assert.Single(TabLoop.Step(state, new Turn(1_000)).Effects.OfType<Done>()).Intents;

        Line Propose(RequestId id) => new ProposeLine(id, PayerIsMe: true, Amount.FromUnits(1), "cash", "");
    }

    [Fact]
    public void A_page_that_has_seen_nothing_new_tells_nobody_that_something_was_seen()
    {
        pair.Pay(Party.One, 4);
        while (pair.DeliverOne(Party.Zero))
        {
        }
        Forget();
        pair.Pay(Party.One, 5);
        while (pair.DeliverOne(Party.Zero))
        {
        }
        Assert.Single(pair.A.Effects.OfType<Stored>());
        Assert.Empty(pair.A.Effects.OfType<PeerSaw>());
    }

    [Fact]
    public void The_counts_of_unseen_pages_are_those_of_the_pages_at_every_moment()
    {
        for (var i = 0; i < 5; i++)
        {
            pair.Pay(Party.Zero, 1);
            AssertCounts();
        }
        pair.Pay(Party.One, 1);
        while (pair.DeliverOne(Party.Zero))
        {
        }
        pair.A.Turn();
        AssertCounts();
        Assert.True(pair.A.State.UnseenCount >= 5);
        pair.Settle();
        AssertCounts();
        Assert.Equal(0, pair.A.State.UnseenWithLines);
        pair.Kill(Party.Zero);
        pair.A.Start();
        AssertCounts();
    }

    [Fact]
    public void Pages_that_come_back_count_as_unseen_and_answer_their_wishes()
    {
        var empty = LoopDisk.Empty;
        var ids = new[] { pair.Pay(Party.Zero, 5), pair.Pay(Party.Zero, 6) };
        pair.Settle();
        pair.Pay(Party.One, 1);
        pair.Settle();
        pair.Kill(Party.Zero);
        pair.A.Disk = empty;
        pair.A.Start();
        pair.A.Effects.Clear();
        pair.Connect();
        var counted = false;
        for (var i = 0; i < 20; i++)
        {
            pair.DeliverOne(Party.One);
            pair.DeliverOne(Party.Zero);
            AssertCounts();
            counted |= pair.A.State.UnseenWithLines > 0;
        }
        pair.Settle();
        AssertCounts();

        Assert.True(counted);
        foreach (var id in ids)
        {
            var answer = Assert.Single(Answers(pair.A), answer => answer.RequestId == id);
            Assert.IsType<IntentDone>(answer.State);
            Assert.True(answer.WasWaiting);
        }
        var own = pair.A.Disk.Pages[Party.Zero].Length;
        Assert.Equal(own, pair.A.Effects.OfType<Stored>().Count(effect => effect.Author == Party.Zero));
    }

    [Fact]
    public void A_wish_that_was_asked_again_and_comes_back_done_is_answered_as_the_fresh_one_it_is()
    {
        var id = pair.Pay(Party.Zero, 5);
        pair.Settle();
        var done = pair.A.Disk.Intents[id];
        pair.Kill(Party.Zero);
        pair.A.Disk = LoopDisk.Empty;
        pair.A.Start();
        pair.A.Effects.Clear();
        pair.A.Step(new Ask(new Intent(id, [new PayLine(id, Amount.FromUnits(5), "")], 1_000, null), 0));
        pair.Connect();
        while (pair.DeliverOne(Party.One) | pair.DeliverOne(Party.Zero))
        {
        }

        Assert.Equal([new Answer(id, done, WasWaiting: false)], Answers(pair.A));
        Assert.Equal(0, pair.A.State.Fresh.Count);
        pair.Settle();
        Assert.Equal(5, pair.B.Balance);
    }

    [Fact]
    public void A_wish_that_was_looked_up_before_pages_came_back_is_looked_up_again_and_paid_once()
    {
        var id = pair.Pay(Party.Zero, 5);
        pair.Settle();
        pair.Kill(Party.Zero);
        pair.A.Disk = LoopDisk.Empty;
        pair.A.Start();
        var before = pair.A.State.Returned;
        pair.Connect();
        pair.Settle();
        Assert.IsType<IntentDone>(pair.A.Disk.Intents[id]);
        pair.A.Effects.Clear();
        var again = new Intent(id, [new PayLine(id, Amount.FromUnits(5), "")], 1_000, null);
        pair.A.Step(new Ask(again, before));
        pair.A.Turn();

        Assert.Equal([new LookAgain(id)], pair.A.Effects);
        pair.Settle();
        Assert.Equal(5, pair.B.Balance);

        var other = pair.Wish(Pay(1));
        Assert.Empty(TabLoop.Step(pair.A.State, new Ask(other, pair.A.State.Returned)).Effects);
    }

    [Fact]
    public void The_peers_hello_is_stored_with_the_first_page_that_rests_on_it_and_only_once()
    {
        pair.Connect();
        while (pair.DeliverOne(Party.One) | pair.DeliverOne(Party.Zero))
        {
        }
        var basis = pair.A.State.Session!.Theirs!;
        var first = Written(pair.A.State);
        Assert.Equal(basis, first.Write!.Hello);
        Assert.Equal(basis.Content.Hash, first.Write.Pages.Single().Content.Page.Basis);
        Assert.Null(Written(first.State).Write!.Hello);

        pair.Pay(Party.One, 1);
        pair.A.Outbox.Clear();
        var page = pair.B.Disk.Pages[Party.One][^1];
        var judged = TabLoop.Step(pair.A.State, new PageCame(pair.A.State.Session.Link, page, null));
        Assert.Equal(basis, judged.Write!.Hello);
    }

    [Fact]
    public void Several_pages_of_one_step_are_all_stored()
    {
        var state = pair.A.State;
        for (var i = 0; i < PageBounds.MaxLines + 1; i++)
            state = TabLoop.Step(state, new Ask(Payment(i, ""), 0)).State;
        var step = TabLoop.Step(state, new Turn(1_000));
        Assert.Equal(2, step.Write!.Pages.Length);
        Assert.Equal([PageBounds.MaxLines, 1], step.Write.Pages.Select(page => page.Content.Page.Lines.Length));
    }

    [Fact]
    public void A_page_is_filled_up_to_its_bytes_and_no_further()
    {
        var state = pair.A.State;
        var memo = new string('x', PageBounds.MaxMemoBytes);
        for (var i = 0; i < 700; i++)
            state = TabLoop.Step(state, new Ask(Payment(i, memo), 0)).State;
        var pages = TabLoop.Step(state, new Turn(1_000)).Write!.Pages;
        Assert.Equal(2, pages.Length);
        var line = LineCodec.EncodedSize(Payment(0, memo).Lines[0]);
        Assert.InRange(pages[0].Content.Bytes.Length, PageBounds.MaxPageBytes - 2 * line, PageBounds.MaxPageBytes);
    }

    [Fact]
    public void A_group_of_the_most_lines_fits_on_one_page_and_a_larger_one_is_refused()
    {
        Forget();
        var most = pair.Wish([.. Enumerable.Repeat<Func<RequestId, Line>>(Pay(1), PageBounds.MaxLines)]);
        pair.A.Ask(most);
        Assert.IsType<IntentDone>(pair.A.Disk.Intents[most.RequestId]);
        var memo = new string('x', PageBounds.MaxMemoBytes);
        var large = pair.Wish([.. Enumerable.Repeat<Func<RequestId, Line>>(
            id => new PayLine(id, Amount.FromUnits(1), memo), 600)]);
        pair.A.Ask(large);
        Assert.Equal("out-of-bounds", Refused(large));
    }

    [Fact]
    public void A_wish_beyond_a_bound_is_refused_for_that_alone_or_in_a_group_whatever_else_is_wrong()
    {
        pair.SetLimit(Party.One, CreditLimit.FromUnits(10));
        pair.Settle();
        Line TooLong(RequestId id) => new PayLine(id, Amount.FromUnits(1_000), new string('x', 257));
        foreach (var wish in new[] { pair.Wish(TooLong), pair.Wish(Pay(1), TooLong) })
        {
            pair.A.Ask(wish);
            Assert.Equal("out-of-bounds", Refused(wish));
        }
    }

    [Fact]
    public void A_page_says_the_time_and_a_clock_before_1970_says_0()
    {
        pair.A.NowMs = 123_456;
        pair.Pay(Party.Zero, 1);
        Assert.Equal(123_456, pair.A.Disk.Pages[Party.Zero][^1].Page.TimeMs);
        pair.A.NowMs = -5;
        pair.Pay(Party.Zero, 1);
        Assert.Equal(0, pair.A.Disk.Pages[Party.Zero][^1].Page.TimeMs);
    }

    [Fact]
    public void No_more_than_two_pages_are_on_their_way_to_the_disk()
    {
        var state = pair.A.State;
        var before = state.UnseenCount;
        for (var i = 1; i <= 3; i++)
        {
            state = TabLoop.Step(state, new Ask(Payment(i, ""), 0)).State;
            state = TabLoop.Step(state, new Turn(1_000)).State;
            Assert.Equal(before + Math.Min(i, 2), state.UnseenCount);
        }
        Assert.Equal(1, state.Fresh.Count);
        var number = state.Mine.Of(Party.Zero).Head.Number;
        state = TabLoop.Step(state, new Committed(number - 1)).State;
        Assert.Equal(before + 3, TabLoop.Step(state, new Turn(1_000)).State.UnseenCount);
        state = TabLoop.Step(state, new Committed(number - 2)).State;
        Assert.Equal(number - 1, state.CommittedNumber);
    }

    [Fact]
    public void Nothing_is_written_beyond_the_most_pages_that_the_peer_has_not_seen()
    {
        var full = pair.A.State with { UnseenCount = TabLoop.MaxUnseenPages };
        Assert.Null(Written(full).Write);
        Assert.NotNull(Written(full with { UnseenCount = TabLoop.MaxUnseenPages - 1 }).Write);
    }

    [Fact]
    public void A_tab_holds_the_most_wishes_that_wait_and_refuses_the_next()
    {
        Refused(pair.A.State with { Waiting = Many(TabLoop.MaxWaiting) });
        Refused(pair.A.State with { Fresh = Many(TabLoop.MaxWaiting) });
        Refused(pair.A.State with { Waiting = Many(TabLoop.MaxWaiting - 1), Fresh = Many(1) });
        var almost = pair.A.State with { Waiting = Many(TabLoop.MaxWaiting - 1) };
        var last = TabLoop.Step(almost, new Ask(Payment(1, ""), 0));
        Assert.Equal(1, last.State.Fresh.Count);
        Assert.Null(last.Write);

        static void Refused(TabState full)
        {
            var step = TabLoop.Step(full, new Ask(Payment(1, ""), 0));
            var answer = Assert.IsType<Answer>(Assert.Single(step.Effects));
            Assert.Equal("too-many-waiting", Assert.IsType<IntentRefused>(answer.State).Refusal.Why.Name);
            Assert.False(answer.WasWaiting);
            Assert.Same(full, step.State);
        }
    }

    [Fact]
    public void Of_what_is_asked_together_as_much_is_taken_as_there_is_room_for()
    {
        var almost = pair.A.State with { Waiting = Many(TabLoop.MaxWaiting - 2) };
        var step = TabLoop.Step(almost, new Ask([Payment(1, ""), Payment(2, ""), Payment(3, "")], 0));
        Assert.Equal([Payment(1, "").RequestId, Payment(2, "").RequestId], step.State.Fresh.Select(i => i.RequestId));
        Assert.Equal(Payment(3, "").RequestId, Assert.IsType<Answer>(Assert.Single(step.Effects)).RequestId);

        var late = TabLoop.Step(pair.A.State, new Ask([Payment(1, ""), Payment(2, "")], pair.A.State.Returned - 1));
        Assert.Equal(
            [Payment(1, "").RequestId, Payment(2, "").RequestId],
            late.Effects.Cast<LookAgain>().Select(look => look.RequestId));
        Assert.Same(pair.A.State, late.State);
    }

    [Fact]
    public void Evidence_is_given_only_on_the_current_link_and_only_of_pages_that_there_are()
    {
        var link = pair.A.State.Session!.Link;
        var head = pair.A.State.Mine.Of(Party.One).Head.Number;
        Assert.Equal([new SendEvidence(link, Party.One, head)], Asked(link, head));
        Assert.Empty(Asked(link, head + 1));
        Assert.Empty(Asked(link + 1, head));

        ImmutableArray<TabEffect> Asked(long on, long number) =>
            TabLoop.Step(pair.A.State, new PageAsked(on, Party.One, number)).Effects;
    }

    [Fact]
    public void An_input_that_the_loop_does_not_know_is_a_bug_and_is_named()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => TabLoop.Step(pair.A.State, new StrangeInput()));
        Assert.Contains(nameof(StrangeInput), refused.Message, StringComparison.Ordinal);
    }

    private sealed record StrangeInput : TabInput;

    private static IntentQueue Many(int count) =>
        IntentQueue.Empty.Enqueue([.. Enumerable.Repeat(Payment(9, ""), count)]);

    private static Func<RequestId, Line> Pay(long units) => id => new PayLine(id, Amount.FromUnits(units), "");

    private static Intent Payment(int number, string memo)
    {
        var id = new RequestId((UInt128)(uint)number + 50_000);
        return new Intent(id, [new PayLine(id, Amount.FromUnits(1), memo)], 1_000, null);
    }

    private static TabStep Written(TabState state) =>
        TabLoop.Step(TabLoop.Step(state, new Ask(Payment(7, ""), 0)).State, new Turn(1_000));

    private static IEnumerable<Answer> Answers(LoopNode node) => node.Effects.OfType<Answer>();

    private string? Refused(Intent wish) =>
        (pair.A.Disk.Intents[wish.RequestId] as IntentRefused)?.Refusal.Why.Name;

    private void Forget()
    {
        pair.A.Effects.Clear();
        pair.B.Effects.Clear();
    }

    private void AssertCounts()
    {
        foreach (var state in new[] { pair.A.State, pair.B.State })
        {
            Assert.Equal(state.Unseen.Count(), state.UnseenCount);
            Assert.Equal(state.Unseen.Count(page => !page.Page.IsReceipt), state.UnseenWithLines);
            Assert.Equal(state.Waiting.ToArray().Length, state.Waiting.Count);
            Assert.Equal(state.Fresh.ToArray().Length, state.Fresh.Count);
        }
    }
}
