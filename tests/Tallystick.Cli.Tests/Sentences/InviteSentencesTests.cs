using Tallystick.Cli.Commands;
using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Sentences;

public sealed class InviteSentencesTests
{
    private static readonly Invitation Open = new(
        "3f2a81c0", InviteStates.Open, "100.00", "credits",
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), Peer: null, Phrase: null);

    private static readonly NewInvitation Made = new(
        "tallystick://join/" + new string('A', 150), ["192.0.2.7:5000"], OnlyHere: false, Open);

    [Fact]
    public void The_whole_line_for_the_other_computer_is_one_line()
    {
        var lines = InviteSentences.Made(Made, once: false, new AnswerStyle { Plain = true });
        Assert.Contains($"  ./tallystick join {Made.Link}", lines);
        Assert.DoesNotContain(lines, line => line.Contains('█', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(40, false)]
    public void The_code_is_shown_where_it_fits(int width, bool isShown)
    {
        var lines = InviteSentences.Made(Made, once: false, new AnswerStyle { Width = width });
        Assert.Equal(isShown, lines.Any(line => line.Contains('█', StringComparison.Ordinal)));
    }

    [Fact]
    public void Both_are_told_the_same_of_what_each_may_owe()
    {
        var limited = new JoinResult("alice", JoinStates.Joined, "FP", "a b c d", "100.00", "credits", Reason: null);
        Assert.Contains(
            "You may owe them at most 100.00 credits, and they may owe you at most as much.",
            InviteSentences.Made(Made, once: true, new AnswerStyle()));
        Assert.Contains(
            "You may owe alice at most 100.00 credits, and alice may owe you at most as much.",
            InviteSentences.Joined(limited));
        Assert.Contains(
            InviteSentences.Joined(limited with { Limit = null }),
            line => line.StartsWith("There is no limit:", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_peer_wrote_cannot_steer_the_terminal()
    {
        Assert.DoesNotContain('\e', InviteSentences.Joined("bob\e[2J", "a b\e c"));
        var waiting = new JoinResult("al\eice", JoinStates.Waiting, "FP", "a b c d", null, "credits", "why\e.");
        Assert.All(InviteSentences.Joined(waiting), line => Assert.DoesNotContain('\e', line));
    }
}
