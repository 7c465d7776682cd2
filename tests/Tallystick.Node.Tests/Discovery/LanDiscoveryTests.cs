using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Logging.Abstractions;
using Tallystick.Node.Discovery;
using Tallystick.Node.Identity;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Discovery;

public sealed class LanDiscoveryTests
{
    private static readonly LanNetwork Home = new(IPAddress.Parse("192.0.2.7"), PrefixLength: 24, Number: 2);

    [Fact]
    public async Task A_system_that_cannot_say_which_networks_there_are_is_asked_again_in_the_next_round()
    {
        var (time, looks) = (new ManualTime(), 0);
        using var identity = NodeIdentity.CreateFresh();
        var discovery = LanDiscovery.Start(
            "alice", identity.Fingerprint, new IPEndPoint(IPAddress.Any, 5000), () =>
            {
                Interlocked.Increment(ref looks);
                throw new NetworkInformationException();
            },
            time, NullLogger.Instance, Task.CompletedTask);
        await Eventually.Holds(() => time.TimerCount > 0, "the first round pauses");
        var first = looks;
        Assert.InRange(first, 1, int.MaxValue);
        await Eventually.Holds(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return looks > first;
            },
            "it looks again");
        await discovery.DisposeAsync();
        Assert.Empty(discovery.Nodes);
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.8", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("2001:db8::7", false)]
    public void A_node_announces_itself_only_where_it_is_heard(string listen, bool isHeard) =>
        Assert.Equal(isHeard, Home.Reaches(new IPEndPoint(IPAddress.Parse(listen), 5000)));

    [Fact]
    public void A_node_that_listens_nowhere_announces_itself_nowhere() => Assert.False(Home.Reaches(listen: null));
}
