using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

public sealed class PeerAddressTests
{
    private const string Somebody = "AAAQ-EAYE-AUDA-OCAJ-BIFQ-YDIO-B4IB-CEQT";

    [Theory]
    [InlineData("192.0.2.7:5001", "192.0.2.7:5001")]
    [InlineData("192.0.2.7", "192.0.2.7:5000")]
    [InlineData(" Bob.Example:80 ", "bob.example:80")]
    [InlineData("localhost", "localhost:5000")]
    [InlineData("[::1]:5001", "[::1]:5001")]
    [InlineData("[::1]", "[::1]:5000")]
    [InlineData("2001:db8::7", "[2001:db8::7]:5000")]
    [InlineData("Relay:Hub.Example/aaaqeayeaudaocajbifqydiob4ibceqt", "relay:hub.example:7000/" + Somebody)]
    [InlineData("relay:[::1]:7001/" + Somebody, "relay:[::1]:7001/" + Somebody)]
    [InlineData("bob.example/" + Somebody, "bob.example:5000/" + Somebody)]
    public void Every_way_of_writing_an_address_has_one_form(string typed, string expected)
    {
        Assert.True(PeerAddress.TryParse(typed, out var address, out _));
        Assert.Equal(expected, address.ToString());
        Assert.True(PeerAddress.TryParse(address.ToString(), out var again, out _));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("bob:0")]
    [InlineData("bob:65536")]
    [InlineData("bob:-1")]
    [InlineData("bob:")]
    [InlineData("bob:http")]
    [InlineData("bob: 5000")]
    [InlineData("[::1]:99999")]
    public void A_bad_port_is_refused_in_one_sentence_that_says_so(string typed)
    {
        Assert.False(PeerAddress.TryParse(typed, out _, out var problem));
        Assert.Contains("is not a port", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":5000")]
    [InlineData("[::1")]
    [InlineData("[::1]5000")]
    [InlineData("[bob]:5000")]
    [InlineData("two words:5000")]
    [InlineData("http://bob:5000")]
    [InlineData("bob/x")]
    [InlineData("relay:")]
    [InlineData("relay:hub.example")]
    [InlineData("relay:hub.example:7000/")]
    [InlineData("relay:hub.example:7000/AAAQ-EAYE")]
    [InlineData("relay:hub.example:0/" + Somebody)]
    [InlineData("relay:/" + Somebody)]
    [InlineData("bob.example:5001/AAAQ-EAYE")]
    public void What_is_no_address_is_refused_in_one_sentence(string? typed)
    {
        Assert.False(PeerAddress.TryParse(typed, out _, out var problem));
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }
}
