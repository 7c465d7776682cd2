using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Node.Relays;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Relays;

/// <summary>What each caller may have of a callee, alone and on a clock that the test moves.</summary>
public sealed class RelaySharesTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("192.0.2.2");
    private readonly ManualTime time = new();

    [Fact]
    public void One_key_has_few_streams_with_one_callee_and_as_many_with_another()
    {
        var shares = new RelayShares(new RelayLimits { StreamsPerPair = 2 }, time);
        Assert.Equal(2, Begin(shares, Here, callers: 1, callee: 1));
        Assert.Equal(2, Begin(shares, Here, callers: 1, callee: 2));
        shares.Ended(Route(caller: 0, Here, callee: 1));
        Assert.Equal(1, Begin(shares, Here, callers: 1, callee: 1));
    }

    [Fact]
    public void All_keys_of_one_address_leave_streams_of_a_callee_to_other_addresses()
    {
        var shares = new RelayShares(new RelayLimits { StreamsPerAddressAndCallee = 5 }, time);
        Assert.Equal(5, Begin(shares, Here, callers: 10, callee: 1));
        Assert.Equal(5, Begin(shares, Elsewhere, callers: 10, callee: 1));
    }

    [Fact]
    public void All_keys_of_one_address_leave_streams_of_the_relay_to_other_addresses()
    {
        var shares = new RelayShares(new RelayLimits { StreamsPerAddress = 7 }, time);
        Assert.Equal(7, Enumerable.Range(0, 20).Sum(callee => Begin(shares, Here, callers: 1, callee)));
        Assert.Equal(7, Begin(shares, Elsewhere, callers: 1, callee: 1));
    }

    [Fact]
    public void Calls_that_end_at_once_are_counted_too()
    {
        var shares = new RelayShares(new RelayLimits { CallsPerPairAtOnce = 4, CallsPerPairPerSecond = 1 }, time);
        Assert.Equal(4, Call(shares, callers: 1));
        time.Advance(TimeSpan.FromSeconds(2));
        shares.Forget();
        Assert.Equal(2, Call(shares, callers: 1));
        time.Advance(TimeSpan.FromHours(1));
        shares.Forget();
        Assert.Equal(4, Call(shares, callers: 1));
    }

    [Fact]
    public void Calls_of_all_keys_of_one_address_are_counted_together()
    {
        var shares = new RelayShares(
            new RelayLimits { CallsPerAddressAndCalleeAtOnce = 30, CallsPerAddressAndCalleePerSecond = 1 }, time);
        Assert.Equal(30, Call(shares, callers: 10));
    }

    /// <summary>How many of a hundred calls make a stream that stays.</summary>
    private static int Begin(RelayShares shares, IPAddress address, int callers, int callee)
    {
        var begun = 0;
        for (var call = 0; call < 100; call++)
        {
            var route = Route(call % callers, address, callee);
            if (!shares.MayCall(route))
                continue;
            shares.Began(route);
            begun++;
        }
        return begun;
    }

    /// <summary>How many of a hundred calls may be made whose streams end at once.</summary>
    private static int Call(RelayShares shares, int callers) =>
        Enumerable.Range(0, 100).Count(call => shares.MayCall(Route(call % callers, Here, callee: 1)));

    private static RelayRoute Route(int caller, IPAddress address, int callee) =>
        new(Number(caller), address, Number(100 + callee));

    private static Fingerprint Number(int number) =>
        Fingerprint.FromBytes([.. new byte[19], (byte)number]);
}
