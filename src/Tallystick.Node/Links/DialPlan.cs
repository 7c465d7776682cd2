using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;

namespace Tallystick.Node.Links;

/// <summary>Where one peer may be and when it is dialled next. Used by the hub's loop alone.</summary>
/// <param name="changed">Told when it may be due at another time.</param>
internal sealed class DialPlan(DialTarget target, LinkLimits limits, Action<DialPlan> changed)
{
    private const long HasteMs = 1_000;

    // By then the computer may be on another network, where the address is the peer's.
    private const long AvoidMs = 60_000;

    // In the order in which they are tried.
    private ImmutableList<string> addresses = AddressesOf(target);

    // Addresses that led to this node itself, and until when they are left out.
    private readonly Dictionary<string, long> avoided = [];

    private long hastenedMs = long.MinValue / 2;
    private long waitMs = (long)limits.FirstDialWait.TotalMilliseconds;

    /// <summary>The address by which it is known here.</summary>
    public string Address { get; } = target.Address;

    /// <summary>Those of its addresses that only the peer itself says.</summary>
    public IReadOnlyCollection<string> Told { get; private set; } = target.Told;

    /// <summary>What is shown to the peer, or null.</summary>
    public InviteToken? Token { get; private set; } = target.Token;

    /// <summary>The key pinned to the address, or proven there in this run; null while none is known.</summary>
    public PublicKey? Key { get; set; } = target.Key;

    /// <summary>The number of the dial that is under way, or null.</summary>
    public long? Dialling
    {
        get;
        set
        {
            field = value;
            changed(this);
        }
    }

    /// <summary>Not dialled before.</summary>
    public long NextMs
    {
        get;
        private set
        {
            field = value;
            changed(this);
        }
    }

    /// <summary>Takes what is new in a target of the same address. An invitation is shown at once.</summary>
    public void Update(DialTarget now)
    {
        Key = now.Key ?? Key;
        var wanted = AddressesOf(now);
        addresses = [.. addresses.Where(wanted.Contains), .. wanted.Except(addresses)];
        if (now.Token is { } token && token != Token)
            NextMs = long.MinValue / 2;
        (Token, Told) = (now.Token, now.Told);
    }

    /// <summary>Every address that is of use now, in the order in which they are tried.</summary>
    public IReadOnlyList<string> AddressesAt(long nowMs) =>
        addresses.RemoveAll(address => avoided.TryGetValue(address, out var untilMs) && nowMs < untilMs);

    /// <summary>The peer is there: tried first from now on.</summary>
    public void Worked(string address)
    {
        if (addresses.Contains(address))
            addresses = addresses.Remove(address).Insert(0, address);
    }

    /// <summary>Something else answered there: tried last, so that it does not hide the peer for ever.</summary>
    public void Misled(string address)
    {
        if (addresses.Contains(address))
            addresses = addresses.Remove(address).Add(address);
    }

    /// <summary>It led to this node itself: left out for a while, so that it hides not how the others are.</summary>
    public void LedHere(string address, long nowMs) => avoided[address] = nowMs + AvoidMs;

    /// <summary>Waits longer after every failure, and not in step with the other side.</summary>
    public void Failed(long nowMs)
    {
        NextMs = nowMs + Jittered(waitMs);
        waitMs = Math.Min(waitMs * 2, (long)limits.LongestDialWait.TotalMilliseconds);
    }

    /// <summary>The other side answered that it does not want this link now.</summary>
    public void Refused(long nowMs) => NextMs = nowMs + (long)limits.LongestDialWait.TotalMilliseconds;

    /// <summary>Whoever is meant may be there by now: dialled soon, but never more often than once a second.</summary>
    public void Hasten(long nowMs)
    {
        if (nowMs - hastenedMs < HasteMs)
            return;
        hastenedMs = nowMs;
        NextMs = Math.Min(NextMs, nowMs);
    }

    /// <summary>The peer was linked and is no more; a link that held for a while is dialled again at once.</summary>
    public void Lost(long nowMs, long linkedMs)
    {
        if (linkedMs >= limits.LongestDialWait.TotalMilliseconds)
            waitMs = (long)limits.FirstDialWait.TotalMilliseconds;
        Failed(nowMs);
    }

    private static ImmutableList<string> AddressesOf(DialTarget target)
    {
        var expected = ExpectedAt(target.Address);
        var others = target.Others.Where(
            other => target.Key is not null || (expected is not null && ExpectedAt(other) == expected));
        return [.. others.Prepend(target.Address).Distinct()];
    }

    private static Fingerprint? ExpectedAt(string address) =>
        PeerAddress.TryParse(address, out var where, out _) ? where.Expected : null;

    private static long Jittered(long ms) => ms / 2 + Random.Shared.NextInt64(ms / 2 + 1);
}
