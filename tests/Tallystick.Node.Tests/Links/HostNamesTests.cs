using System.Net;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

/// <summary>What a host's name may stand for is known when it is looked up.</summary>
public sealed class HostNamesTests
{
    private static readonly IPAddress Elsewhere = IPAddress.Parse("192.0.2.7");

    [Fact]
    public void A_name_that_a_peer_tells_does_not_lead_to_this_computer()
    {
        IPAddress[] found =
        [
            IPAddress.Loopback, IPAddress.Any, IPAddress.IPv6Loopback, IPAddress.Parse("::ffff:127.0.0.1"), Elsewhere,
        ];
        Assert.Equal([Elsewhere], HostNames.Allowed(Where("bob.example:5000") with { IsTold = true }, found));
        Assert.Equal(found, HostNames.Allowed(Where("bob.example:5000"), found));
    }

    [Fact]
    public void The_name_that_shows_where_it_leads_is_believed_of_whoever_may_tell_it() => Assert.Equal(
        [IPAddress.Loopback],
        HostNames.Allowed(Where("localhost:5000") with { IsTold = true }, [IPAddress.Loopback]));

    [Fact]
    public void A_name_has_few_places() => Assert.Equal(
        8, HostNames.Allowed(Where("bob.example:5000"), Enumerable.Repeat(Elsewhere, 100)).Length);

    private static PeerAddress Where(string text) =>
        PeerAddress.TryParse(text, out var address, out var problem)
            ? address
            : throw new InvalidOperationException(problem);
}
