using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Links;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Links;

public sealed class LinkChoiceTests
{
    private static readonly Hash RunA = Hash.Of("a"u8);
    private static readonly Hash RunB = Hash.Of("b"u8);
    private long nowMs;
    private long highest;

    [Fact]
    public void Key0_takes_the_first_proven_link_by_saying_chosen()
    {
        var (state, effects) = Prove(Key0(), 1, dialled: false, RunA);
        Assert.Equal([new SendChosen(1), new MakeCurrent(1), new ReadLink(1)], effects);
        Assert.Equal(1, state.Current);
        Assert.False(state.WantsDial);
    }

    [Fact]
    public void Key1_waits_until_the_other_chooses()
    {
        var (state, effects) = Prove(Key1(), 1, dialled: true, RunA);
        Assert.Equal([new ReadLink(1)], effects);
        Assert.Null(state.Current);

        (state, effects) = Step(state, new ChosenHeard(nowMs, highest, 1));
        Assert.Equal([new MakeCurrent(1), new ReadLink(1)], effects);
        Assert.Equal(1, state.Current);
    }

    [Fact]
    public void A_node_dials_only_while_it_has_no_link()
    {
        var state = Key1();
        Assert.True(state.WantsDial);
        state = Dial(state, 1);
        Assert.False(state.WantsDial);
        (state, _) = Step(state, new LinkClosed(nowMs, highest, 1));
        Assert.True(state.WantsDial);
    }

    // Schedule 2: the accepted link is proven first, then the one that key0 dialled.
    [Fact]
    public void Key0_that_dialled_too_waits_for_its_own_dial_and_prefers_it()
    {
        var state = Dial(Key0(), 1);
        (state, var effects) = Prove(state, 2, dialled: false, RunA);
        Assert.Equal([new ReadLink(2)], effects);
        Assert.Null(state.Current);

        (state, effects) = Prove(state, 1, dialled: true, RunA);
        Assert.Equal(
            [new CloseLink(2, "replaced"), new SendChosen(1), new MakeCurrent(1), new ReadLink(1)], effects);
        Assert.Equal(1, state.Current);
    }

    [Fact]
    public void Key0_takes_the_accepted_link_when_its_own_dial_fails()
    {
        var state = Dial(Key0(), 1);
        (state, _) = Prove(state, 2, dialled: false, RunA);
        (state, var effects) = Step(state, new LinkClosed(nowMs, highest, 1));
        Assert.Equal([new SendChosen(2), new MakeCurrent(2)], effects);
        Assert.Equal(2, state.Current);
    }

    // Schedule 2 again: a link that was under way when another was taken is fenced and could carry no tab.
    [Fact]
    public void A_link_numbered_before_the_choice_is_never_taken_after_it()
    {
        highest = 7;
        var (state, _) = Prove(Key0(), 5, dialled: false, RunA);
        (state, var effects) = Prove(state, 6, dialled: false, RunA);
        Assert.Equal([new CloseLink(6, "replaced")], effects);
        Assert.Equal(5, state.Current);
    }

    [Fact]
    public void A_new_link_of_the_same_process_replaces_the_old_at_key0()
    {
        var (state, _) = Prove(Key0(), 1, dialled: false, RunA);
        (state, var effects) = Prove(state, 2, dialled: false, RunA);
        Assert.Equal(
            [new CloseLink(1, "replaced"), new SendChosen(2), new MakeCurrent(2), new ReadLink(2)], effects);
        Assert.Equal(2, state.Current);
        Assert.Single(state.Links);
    }

    [Fact]
    public void Key1_moves_only_when_it_is_told()
    {
        var state = ChosenAtKey1(RunA);
        (state, var effects) = Prove(state, 2, dialled: false, RunA);
        Assert.Equal([new ReadLink(2)], effects);
        Assert.Equal(1, state.Current);

        (state, effects) = Step(state, new ChosenHeard(nowMs, highest, 2));
        Assert.Equal([new CloseLink(1, "replaced"), new MakeCurrent(2), new ReadLink(2)], effects);
        Assert.Equal(2, state.Current);
    }

    // Schedule 3: key0 moves to a new link, which dies at once.
    [Fact]
    public void After_a_move_to_a_link_that_dies_both_dial_again()
    {
        var (zero, _) = Prove(Key0(), 1, dialled: false, RunA);
        (zero, _) = Prove(zero, 2, dialled: false, RunA);
        (zero, _) = Step(zero, new LinkClosed(nowMs, highest, 2));
        Assert.Null(zero.Current);
        Assert.True(zero.WantsDial);

        // key1 never heard of the move: its old link is closed by the other side, the new one died.
        var one = ChosenAtKey1(RunA);
        (one, _) = Prove(one, 2, dialled: true, RunA);
        (one, _) = Step(one, new LinkClosed(nowMs, highest, 2));
        (one, _) = Step(one, new LinkClosed(nowMs, highest, 1));
        Assert.True(one.WantsDial);
    }

    [Fact]
    public void A_link_once_left_is_never_taken_again()
    {
        var state = ChosenAtKey1(RunA);
        (state, _) = Prove(state, 2, dialled: false, RunA);
        (state, _) = Step(state, new ChosenHeard(nowMs, highest, 2));
        (state, var effects) = Step(state, new ChosenHeard(nowMs, highest, 1));
        Assert.Empty(effects);
        Assert.Equal(2, state.Current);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_process_is_refused_while_the_first_answers(bool iAmKey0)
    {
        var state = iAmKey0 ? Prove(Key0(), 1, dialled: false, RunA).State : ChosenAtKey1(RunA);
        (state, var effects) = Prove(state, 2, dialled: false, RunB);
        var ping = Assert.IsType<SendPing>(Assert.Single(effects));
        Assert.Equal(1, ping.Number);

        nowMs += 4_999;
        (state, effects) = Step(state, new PongHeard(nowMs, highest, 1, ping.Token));
        Assert.Equal([new CloseLink(2, Rejections.SecondInstance.Name)], effects);
        Assert.Equal(1, state.Current);
    }

    [Fact]
    public void A_new_process_replaces_one_that_does_not_answer_and_is_not_read_before()
    {
        var (state, _) = Prove(Key0(), 1, dialled: false, RunA);
        (state, var effects) = Prove(state, 2, dialled: false, RunB);
        Assert.DoesNotContain(new ReadLink(2), effects);
        Assert.Equal(5_000, state.DueMs);

        nowMs = 5_000;
        (state, effects) = Step(state, new TimePassed(nowMs, highest));
        Assert.Equal(
            [new CloseLink(1, "silent"), new SendChosen(2), new MakeCurrent(2), new ReadLink(2)], effects);
        Assert.Equal(2, state.Current);
    }

    [Fact]
    public void Key1_reads_a_new_process_after_the_old_is_silent_and_follows_its_choice()
    {
        var state = ChosenAtKey1(RunA);
        (state, _) = Prove(state, 2, dialled: false, RunB);
        nowMs = 5_000;
        (state, var effects) = Step(state, new TimePassed(nowMs, highest));
        Assert.Equal([new CloseLink(1, "silent"), new ReadLink(2)], effects);
        (state, effects) = Step(state, new ChosenHeard(nowMs, highest, 2));
        Assert.Equal([new MakeCurrent(2), new ReadLink(2)], effects);
    }

    [Fact]
    public void A_choice_on_an_older_candidate_of_another_process_is_examined_too()
    {
        var (state, _) = Prove(Key1(), 1, dialled: false, RunA);
        (state, _) = Prove(state, 2, dialled: false, RunB);
        highest = 0;
        (state, _) = Step(state, new ChosenHeard(nowMs, 0, 2));
        // Taking the second closed the first; a later one of the first process is asked about.
        highest = 3;
        (state, var effects) = Prove(state, 3, dialled: false, RunA);
        var ping = Assert.IsType<SendPing>(Assert.Single(effects));
        (_, effects) = Step(state, new LinkClosed(nowMs, highest, 2));
        Assert.Equal([new ReadLink(3)], effects);
        Assert.Equal(2, ping.Number);
    }

    // Schedule 4: each side holds another dead link and has nothing to send.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_silent_link_is_pinged_and_closed_when_nothing_answers(bool iAmKey0)
    {
        var state = iAmKey0 ? Prove(Key0(), 1, dialled: false, RunA).State : ChosenAtKey1(RunA);
        Assert.Equal(30_000, state.DueMs);
        nowMs = 30_000;
        (state, var effects) = Step(state, new TimePassed(nowMs, highest));
        Assert.IsType<SendPing>(Assert.Single(effects));
        Assert.Equal(35_000, state.DueMs);

        nowMs = 35_000;
        (state, effects) = Step(state, new TimePassed(nowMs, highest));
        Assert.Equal([new CloseLink(1, "silent")], effects);
        Assert.True(state.WantsDial);
    }

    [Fact]
    public void A_link_that_answers_its_ping_lives_on()
    {
        var (state, _) = Prove(Key0(), 1, dialled: false, RunA);
        nowMs = 30_000;
        (state, var effects) = Step(state, new TimePassed(nowMs, highest));
        var ping = Assert.IsType<SendPing>(Assert.Single(effects));
        nowMs = 34_000;
        (state, _) = Step(state, new PongHeard(nowMs, highest, 1, ping.Token));
        nowMs = 35_000;
        (state, effects) = Step(state, new TimePassed(nowMs, highest));
        Assert.Empty(effects);
        Assert.Equal(64_000, state.DueMs);
    }

    [Fact]
    public void Only_key0_may_choose()
    {
        var (state, _) = Prove(Key0(), 1, dialled: false, RunA);
        (state, var effects) = Step(state, new ChosenHeard(nowMs, highest, 1));
        Assert.Equal([new CloseLink(1, Rejections.BadEncoding.Name)], effects);
        Assert.Null(state.Current);
    }

    [Fact]
    public void A_peer_cannot_pile_up_links_that_are_never_chosen()
    {
        var state = ChosenAtKey1(RunA);
        for (var number = 2; number <= 50; number++)
            (state, _) = Prove(state, number, dialled: false, RunA);
        Assert.Equal(1, state.Current);
        Assert.Equal(LinkChoice.MaxLinks, state.Links.Length);
        Assert.Contains(state.Links, l => l.Number == 50);
    }

    [Fact]
    public void Every_ping_has_a_token_of_its_own()
    {
        var (state, _) = Prove(Key0(), 1, dialled: false, RunA);
        var tokens = new List<ulong>();
        for (var i = 0; i < 3; i++)
        {
            nowMs += 30_000;
            (state, var effects) = Step(state, new TimePassed(nowMs, highest));
            tokens.Add(Assert.IsType<SendPing>(Assert.Single(effects)).Token);
            (state, _) = Step(state, new PongHeard(nowMs, highest, 1, tokens[^1]));
        }
        Assert.Equal([1UL, 2UL, 3UL], tokens);
    }

    [Fact]
    public void Anything_that_is_heard_puts_the_next_ping_off()
    {
        var (state, _) = Prove(Key0(), 1, dialled: false, RunA);
        nowMs = 20_000;
        (state, var effects) = Step(state, new LinkHeard(nowMs, highest, 1));
        Assert.Empty(effects);
        Assert.Equal(50_000, state.DueMs);
        nowMs = 49_999;
        (_, effects) = Step(state, new TimePassed(nowMs, highest));
        Assert.Empty(effects);
    }

    [Fact]
    public void A_link_with_the_number_of_the_fence_itself_is_fenced()
    {
        highest = 6;
        var (state, _) = Prove(Key0(), 5, dialled: false, RunA);
        Assert.Equal(6, state.Floor);
        (_, var effects) = Prove(state, 6, dialled: false, RunA);
        Assert.Equal([new CloseLink(6, "replaced")], effects);
        (_, effects) = Prove(state, 7, dialled: false, RunA);
        Assert.DoesNotContain(new CloseLink(7, "replaced"), effects);
    }

    [Fact]
    public void What_is_heard_of_a_link_that_is_not_proven_or_not_known_changes_nothing()
    {
        var dialled = Dial(Key1(), 1);
        var (state, effects) = Step(dialled, new ChosenHeard(nowMs, highest, 1));
        Assert.Empty(effects);
        Assert.Null(state.Current);
        (state, effects) = Step(dialled, new ChosenHeard(nowMs, highest, 9));
        Assert.Empty(effects);
        Assert.Single(state.Links);
        Assert.True(Assert.Single(dialled.Links).IDialled);
    }

    [Fact]
    public void A_second_choice_of_the_same_link_is_no_word_of_the_protocol()
    {
        var (state, effects) = Step(ChosenAtKey1(RunA), new ChosenHeard(nowMs, highest, 1));
        Assert.Equal([new CloseLink(1, Rejections.BadEncoding.Name)], effects);
        Assert.Null(state.Current);
    }

    [Fact]
    public void A_dial_that_fails_at_key1_moves_nothing_that_waits_to_be_chosen()
    {
        var state = Dial(Key1(), 1);
        (state, _) = Prove(state, 2, dialled: false, RunA);
        (state, var effects) = Step(state, new LinkClosed(nowMs, highest, 1));
        Assert.Empty(effects);
        Assert.Null(state.Current);
        Assert.Single(state.Links);
    }

    [Fact]
    public void Only_the_current_link_can_answer_for_the_process_that_is_there()
    {
        var (state, _) = Prove(Key0(), 1, dialled: false, RunA);
        (state, var effects) = Prove(state, 2, dialled: false, RunB);
        var ping = Assert.IsType<SendPing>(Assert.Single(effects));
        (state, effects) = Step(state, new PongHeard(nowMs, highest, 2, ping.Token));
        Assert.Empty(effects);
        Assert.Equal(2, state.Links.Length);
    }

    [Fact]
    public void Of_several_that_waited_for_the_current_link_to_fail_only_the_newest_is_taken()
    {
        var (state, _) = Prove(Key0(), 1, dialled: false, RunA);
        (state, _) = Prove(state, 2, dialled: false, RunB);
        (state, _) = Prove(state, 3, dialled: false, RunB);
        (state, var effects) = Step(state, new LinkClosed(nowMs, highest, 1));
        Assert.Equal(
            [new CloseLink(2, "replaced"), new SendChosen(3), new MakeCurrent(3), new ReadLink(3)], effects);
        Assert.Equal(3, state.Current);
        Assert.Single(state.Links);
    }

    [Fact]
    public void An_input_that_is_not_known_is_a_bug_and_is_named()
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => Step(Key0(), new StrangeInput()));
        Assert.Contains("Not a link input", refused.Message, StringComparison.Ordinal);
    }

    private sealed record StrangeInput() : LinkInput(0, 0);

    private static PeerLinks Key0() => PeerLinks.None(KeyOf(2), KeyOf(3));

    private static PeerLinks Key1() => PeerLinks.None(KeyOf(3), KeyOf(2));

    private static PublicKey KeyOf(byte sign)
    {
        var bytes = new byte[PublicKey.Size];
        bytes[0] = sign;
        Assert.True(PublicKey.TryCreate(bytes, out var key));
        return key;
    }

    private PeerLinks ChosenAtKey1(Hash run)
    {
        var (state, _) = Prove(Key1(), 1, dialled: false, run);
        return Step(state, new ChosenHeard(nowMs, highest, 1)).State;
    }

    private PeerLinks Dial(PeerLinks state, long number)
    {
        highest = Math.Max(highest, number);
        return Step(state, new DialStarted(nowMs, highest, number)).State;
    }

    private (PeerLinks State, ImmutableArray<LinkEffect> Effects) Prove(
        PeerLinks state, long number, bool dialled, Hash run)
    {
        highest = Math.Max(highest, number);
        return Step(state, new LinkProven(nowMs, highest, number, dialled, run));
    }

    private static (PeerLinks State, ImmutableArray<LinkEffect> Effects) Step(PeerLinks state, LinkInput input) =>
        LinkChoice.Step(state, input);
}
