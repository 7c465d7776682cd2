using Tallystick.Node.Peers;

namespace Tallystick.Node.Tests.Peers;

public sealed class LookAlikesTests
{
    [Theory]
    [InlineData("bоb")]
    [InlineData("BOB")]
    [InlineData("b0b")]
    [InlineData("ｂｏｂ")]
    [InlineData("ЬоЬ")]
    public void A_name_that_looks_like_a_peers_is_flagged_with_the_peers_name(string name) =>
        Assert.Contains("looks like bob's", LookAlikes.Warning(name, ["alice", "bob"]), StringComparison.Ordinal);

    [Theory]
    [InlineData("modern", "modem")]
    [InlineData("Iris", "lris")]
    [InlineData("vvilma", "wilma")]
    [InlineData("paul-1", "paul-l")]
    public void Strokes_that_run_together_are_one(string one, string other) =>
        Assert.NotNull(LookAlikes.Warning(one, [other]));

    [Theory]
    [InlineData("аlice")]
    [InlineData("Αnna")]
    public void A_name_of_two_alphabets_is_flagged_even_if_nobody_else_is_called_so(string name) =>
        Assert.Contains("mixes alphabets", LookAlikes.Warning(name, ["bob"]), StringComparison.Ordinal);

    [Theory]
    [InlineData("bob")]
    [InlineData("Jörg")]
    [InlineData("Мария")]
    [InlineData("Γιώργος")]
    [InlineData("太郎")]
    [InlineData("bob-2")]
    public void An_honest_name_is_left_alone(string name) => Assert.Null(LookAlikes.Warning(name, ["alice", "carol"]));
}
