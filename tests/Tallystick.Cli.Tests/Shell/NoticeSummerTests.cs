using Tallystick.Cli.Sentences;
using Tallystick.Cli.Shell;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Shell;

public sealed class NoticeSummerTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Five_in_a_second_are_shown_and_the_rest_is_summed_when_the_second_is_over()
    {
        var summer = new NoticeSummer();
        var shown = Enumerable.Range(0, 100).Count(_ => summer.ShowsAtOnce(Paid("alice", "1.10"), Start));
        Assert.Equal(5, shown);
        Assert.Equal(Start + NoticeSummer.Window, summer.Due);
        Assert.Empty(summer.TakeDue(Start + TimeSpan.FromMilliseconds(999)));
        var held = summer.TakeDue(Start + NoticeSummer.Window);
        Assert.Equal("You were paid 104.50 by alice in 95 payments!", NoticeSentences.Summed(held, "credits"));
        Assert.Null(summer.Due);
    }

    [Fact]
    public void A_flood_that_lasts_gives_one_line_a_second_and_then_single_notices_again()
    {
        var summer = new NoticeSummer();
        var lines = 0;
        for (var ms = 0; ms < 10_000; ms++)
        {
            var now = Start + TimeSpan.FromMilliseconds(ms);
            lines += summer.ShowsAtOnce(Paid("alice", "1.00"), now) ? 1 : 0;
            lines += summer.TakeDue(now).Count > 0 ? 1 : 0;
        }
        Assert.InRange(lines, 10, 15);
        summer.TakeAll();
        Assert.True(summer.ShowsAtOnce(Paid("alice", "1.00"), Start + TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_slow_trickle_is_never_held()
    {
        var summer = new NoticeSummer();
        for (var second = 0; second < 20; second++)
            Assert.True(summer.ShowsAtOnce(Paid("alice", "1.00"), Start + TimeSpan.FromSeconds(second * 0.25)));
    }

    [Fact]
    public void A_few_that_were_held_are_told_one_by_one()
    {
        Notice[] held = [Paid("alice", "1.00"), Trouble, Paid("bob", "2.00"), Paid("bob", "3.00"), Paid("bob", "4.00")];
        var (apart, summed) = NoticeSummer.Divide(held);
        Assert.Equal(held, apart);
        Assert.Empty(summed);
    }

    [Fact]
    public void In_a_flood_no_more_than_five_are_told_apart_and_those_are_what_nothing_else_tells()
    {
        var flood = Enumerable.Repeat(Paid("alice", "1.00"), 50).ToList();
        var (apart, summed) = NoticeSummer.Divide([.. flood, Trouble, .. flood]);
        Assert.Equal([Trouble], apart);
        Assert.Equal("You were paid 100.00 by alice in 100 payments!", NoticeSentences.Summed(summed, "credits"));

        (apart, summed) = NoticeSummer.Divide([.. Enumerable.Range(0, 20).Select(n => Trouble with { Text = $"{n}" })]);
        Assert.Equal(["0", "1", "2", "3", "4"], apart.Select(notice => notice.Text));
        Assert.Equal(15, summed.Count);
    }

    [Fact]
    public void What_stopped_is_told_before_many_that_were_refused()
    {
        var refused = Enumerable.Range(0, 20)
            .Select(n => new Notice(NoticeKinds.Refused, "bob", $"{n}", "credits", null, null)).ToList();
        var (apart, summed) = NoticeSummer.Divide([.. refused, Trouble]);
        Assert.Equal([.. refused.Take(4), Trouble], apart);
        Assert.Equal(refused.Skip(4), summed);
    }

    [Fact]
    public void Payers_and_assets_are_summed_apart_and_the_rest_is_counted()
    {
        Notice[] notices =
        [
            Paid("alice", "1.00"), Paid("carol", "2.00"), Paid("alice", "3.00"),
                Paid("alice", "4.00") with { Asset = "EUR" },
            new(NoticeKinds.Connected, "dave", null, null, null, null),
        ];
        Assert.Equal(
            "You were paid 4.00 by alice in 2 payments, 2.00 by carol in 1 payment, 4.00 EUR by alice in 1 payment! "
            + "There were 1 other notice.",
            NoticeSentences.Summed(notices, "credits"));
    }

    [Theory]
    [InlineData(null, "credits", "You were paid 10.00 by alice!")]
    [InlineData("lunch", "credits", "You were paid 10.00 by alice for lunch!")]
    [InlineData("lunch", "EUR", "You were paid 10.00 EUR by alice for lunch!")]
    [InlineData("a\e[2J\r\nb\u202Ec", "credits", "You were paid 10.00 by alice for a\uFFFD[2J  b\uFFFDc!")]
    public void A_payment_is_told_in_one_harmless_line(string? memo, string asset, string sentence) =>
        Assert.Equal(
            sentence, NoticeSentences.Of(Paid("alice", "10.00") with { Text = memo, Asset = asset }, "credits"));

    private static Notice Trouble => new(
        NoticeKinds.Trouble, string.Empty, null, null, null, "The relay cannot be used.");

    private static Notice Paid(string peer, string amount) =>
        new(NoticeKinds.Paid, peer, amount, "credits", null, null);
}
