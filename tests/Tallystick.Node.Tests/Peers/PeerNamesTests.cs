using Tallystick.Node.Peers;

namespace Tallystick.Node.Tests.Peers;

public sealed class PeerNamesTests
{
    [Theory]
    [InlineData("bob", "bob")]
    [InlineData("Bob Smith", "Bob-Smith")]
    [InlineData("bob\u001b[31m\n", "bob-31m")]
    [InlineData("\u202Ebob", "bob")]
    [InlineData("10", "peer")]
    [InlineData("", "peer")]
    [InlineData("for", "peer")]
    [InlineData("Жанна", "Жанна")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    public void A_claimed_name_becomes_one_that_is_allowed(string claimed, string expected)
    {
        Assert.Equal(expected, PeerNames.Harmless(claimed));
        Assert.Null(PeerNames.Problem(PeerNames.Harmless(claimed)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("10")]
    [InlineData("-bob")]
    [InlineData("two words")]
    [InlineData("bob\n")]
    [InlineData("to")]
    [InlineData("a-name-that-is-much-longer-than-any")]
    [InlineData("\ud800")]
    public void A_name_that_would_mislead_is_refused_in_one_sentence(string? name) =>
        Assert.EndsWith(".", PeerNames.Problem(name), StringComparison.Ordinal);

    [Fact]
    public void A_taken_name_gets_a_number_and_keeps_its_length()
    {
        string[] taken = ["bob", "bob-2", new string('x', PeerNames.MaxLength)];
        Assert.Equal("bob-3", PeerNames.Unique("bob", taken.Contains));
        var made = PeerNames.Unique(taken[2], taken.Contains);
        Assert.Equal(PeerNames.MaxLength, made.Length);
        Assert.EndsWith("x-2", made, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bbo", "did you mean bob?")]
    [InlineData("BOB1", "did you mean bob?")]
    [InlineData("zzz", "your peers are bob, carol")]
    public void An_unknown_name_is_answered_with_the_nearest_or_with_all(string typed, string expected) =>
        Assert.Contains(expected, BookRefusal.UnknownPeer(typed, ["bob", "carol"]).Text, StringComparison.Ordinal);
}
