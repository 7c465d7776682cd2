using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>
/// How much of each callee, and of the relay, each caller has: no key, and no address with however many keys, uses up
/// what is there for all. Guarded by the table.
/// </summary>
internal sealed class RelayShares(RelayLimits limits, TimeProvider time)
{
    private readonly Dictionary<(Fingerprint Caller, Fingerprint Callee), RelayShare> byKey = [];
    private readonly Dictionary<(IPAddress Caller, Fingerprint Callee), RelayShare> byAddress = [];
    private readonly Dictionary<IPAddress, int> streams = [];

    /// <summary>Counts a call; false when the caller has its share already.</summary>
    public bool MayCall(RelayRoute route)
    {
        var now = Clock.NowMs(time);
        return streams.GetValueOrDefault(route.Address) < limits.StreamsPerAddress
            && OfKey(route, now).MayCall(now)
            && OfAddress(route, now).MayCall(now);
    }

    /// <summary>A stream was called.</summary>
    public void Began(RelayRoute route) => Add(route, 1);

    /// <summary>It is over.</summary>
    public void Ended(RelayRoute route) => Add(route, -1);

    /// <summary>Forgets those who have nothing and have not called lately.</summary>
    public void Forget()
    {
        Forget(byKey);
        Forget(byAddress);
    }

    private void Add(RelayRoute route, int count)
    {
        var now = Clock.NowMs(time);
        OfKey(route, now).Streams += count;
        OfAddress(route, now).Streams += count;
        if ((streams[route.Address] = streams.GetValueOrDefault(route.Address) + count) == 0)
            streams.Remove(route.Address);
    }

    private RelayShare OfKey(RelayRoute route, long now) => Of(
        byKey, (route.Caller, route.Callee),
        () => new RelayShare(limits.StreamsPerPair, limits.CallsPerPairPerSecond, limits.CallsPerPairAtOnce, now));

    private RelayShare OfAddress(RelayRoute route, long now) => Of(
        byAddress, (route.Address, route.Callee),
        () => new RelayShare(
            limits.StreamsPerAddressAndCallee,
            limits.CallsPerAddressAndCalleePerSecond,
            limits.CallsPerAddressAndCalleeAtOnce,
            now));

    private static RelayShare Of<T>(Dictionary<T, RelayShare> shares, T whose, Func<RelayShare> make)
        where T : notnull =>
        shares.TryGetValue(whose, out var share) ? share : shares[whose] = make();

    private void Forget<T>(Dictionary<T, RelayShare> shares)
        where T : notnull
    {
        var now = Clock.NowMs(time);
        foreach (var (whose, share) in shares)
        {
            if (share.IsUntouched(now))
                shares.Remove(whose);
        }
    }
}
