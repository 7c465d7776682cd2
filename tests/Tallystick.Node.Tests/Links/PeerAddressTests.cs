using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("192.0.2.7:5001", "192.0.2.7", 5001)]
    [InlineData("example.org:1", "example.org", 1)]
    [InlineData("[::1]:65535", "::1", 65_535)]
    public void HOST_and_PORT_are_read(string text, string host, int port)
    {
        Assert.True(PeerAddress.TryParse(text, out var address));
        Assert.Equal(new PeerAddress(host, port), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData(":5001")]
    [InlineData("localhost:")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:-1")]
    [InlineData("localhost: 5")]
    [InlineData("::1:5001")]
    [InlineData("two words:5001")]
    public void Anything_else_is_not(string text) => Assert.False(PeerAddress.TryParse(text, out _));
}
