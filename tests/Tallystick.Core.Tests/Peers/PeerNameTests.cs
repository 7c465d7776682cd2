using Tallystick.Core.Peers;

namespace Tallystick.Core.Tests.Peers;

public sealed class PeerNameTests
{
    [Theory]
    [InlineData("bob")]
    [InlineData("Café-Zoë")]
    [InlineData("peer-5001")]
    [InlineData("東京")]
    [InlineData("🍕")]
    public void A_name_that_people_can_type_and_tell_apart_is_usable(string name) =>
        Assert.True(PeerName.IsUsable(name, out _));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("bob@home")]
    [InlineData("host:5000")]
    [InlineData("a/b")]
    [InlineData("al\u200bice")]
    [InlineData("a\u202eb")]
    [InlineData("a\u0007")]
    [InlineData("a\u3000b")]
    public void Any_other_is_refused_with_one_sentence(string name)
    {
        Assert.False(PeerName.IsUsable(name, out var why));
        Assert.EndsWith(".", why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_at_most_64_bytes()
    {
        Assert.True(PeerName.IsUsable(new string('é', 32), out _));
        Assert.False(PeerName.IsUsable(new string('é', 32) + "e", out _));
    }
}
