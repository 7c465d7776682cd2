using System.IO.Pipelines;
using System.Net;
using Tallystick.Core.Sync;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Peers;

namespace Tallystick.Node.Tests.Peers;

/// <summary>What is believed of a peer's word, and what is added to it, depends on where the link comes from.</summary>
public sealed class ToldAddressesTests
{
    [Fact]
    public void Where_the_link_comes_from_is_added_with_the_port_that_was_told() =>
        Assert.Equal("10.0.0.7:5000 192.0.2.7:5000", Told("192.0.2.7", isRelayed: false, "10.0.0.7:5000"));

    [Fact]
    public void Through_a_relay_nobody_knows_where_it_comes_from() =>
        Assert.Equal("10.0.0.7:5000", Told("192.0.2.7", isRelayed: true, "10.0.0.7:5000"));

    [Fact]
    public void Only_this_computer_may_name_ports_of_this_computer()
    {
        Assert.Equal("127.0.0.1:22 127.0.0.1:5000", Told("127.0.0.1", isRelayed: false, "127.0.0.1:22"));
        Assert.Null(Told("127.0.0.1", isRelayed: true, "127.0.0.1:22", "0.0.0.0:22", "localhost:22"));
        Assert.Equal("192.0.2.7:5000", Told("192.0.2.7", isRelayed: false, "127.0.0.1:22", "0.0.0.0:22", "[::]:22"));
    }

    private static string? Told(string from, bool isRelayed, params string[] said)
    {
        using var peer = NodeIdentity.CreateFresh();
        var link = new PeerLink(
            Stream.Null, new FrameReader(PipeReader.Create(Stream.Null)), new LinkLimits(), TimeProvider.System)
        {
            Number = 1,
            Binding = new LinkBinding(RandomHash.Next(), RandomHash.Next(), RandomHash.Next(), RandomHash.Next()),
            PeerGreeting = new Greeting(peer.Key, "bob", RandomHash.Next(), RandomHash.Next(), 5000, 1, 2),
            IDialled = false,
            Remote = new IPEndPoint(IPAddress.Parse(from), 40_000),
            IsRelayed = isRelayed,
        };
        return ToldAddresses.Of(new AddressesFrame([.. said]), link);
    }
}
