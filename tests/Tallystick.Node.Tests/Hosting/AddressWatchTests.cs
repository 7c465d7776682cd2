using System.Net.NetworkInformation;
using Microsoft.Extensions.Logging.Abstractions;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Tests.Hosting;

public sealed class AddressWatchTests
{
    private const string Here = "192.0.2.7:5000";
    private const string There = "192.0.2.8:5000";

    [Fact]
    public void While_the_system_cannot_say_which_networks_there_are_the_last_picture_stands()
    {
        var (isBroken, place, moved) = (true, Here, 0);
        using var watch = new AddressWatch(
            () => isBroken ? throw new NetworkInformationException() : [place],
            ["alice.example:5000"], () => moved++, NullLogger.Instance);
        Assert.Equal(["alice.example:5000"], watch.Current);
        isBroken = false;
        watch.Look();
        Assert.Equal([Here], watch.Current);
        (isBroken, place) = (true, There);
        watch.Look();
        Assert.Equal([Here], watch.Current);
        Assert.Equal(1, moved);
        isBroken = false;
        watch.Look();
        Assert.Equal([There], watch.Current);
        Assert.Equal(2, moved);
    }

    [Fact]
    public void One_failure_is_followed_by_another_look_and_one_to_tell_peers_ends_nothing()
    {
        var looks = 0;
        using var watch = new AddressWatch(
            () => ++looks == 2 ? throw new NetworkInformationException() : [$"192.0.2.7:{looks}"],
            [], () => throw new InvalidOperationException("A peer is gone."), NullLogger.Instance);
        watch.Look();
        Assert.Equal(3, looks);
        Assert.Equal(["192.0.2.7:3"], watch.Current);
    }
}
