using Tallystick.Core.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>
/// What one key has of the relay, over all of its connections: coming again gives nobody more. Guarded by the table,
/// but for the bytes.
/// </summary>
internal sealed class RelayAccount(Fingerprint owner, RelayLimits limits, TimeProvider time)
{
    private readonly RateAllowance calls = new(limits.CallsPerSecond, limits.CallsAtOnce, Clock.NowMs(time));

    public Fingerprint Owner { get; } = owner;

    /// <summary>The connection on which it is registered, or null.</summary>
    public RelayGuest? Guest { get; set; }

    /// <summary>The streams that it called, open or on the way.</summary>
    public int Called { get; set; }

    /// <summary>The streams that others called and it joined. What it never joined costs it nothing.</summary>
    public int Answered { get; set; }

    /// <summary>What it may send through its streams, in bytes.</summary>
    public Pace Bytes { get; } = new(limits.BytesPerSecond, limits.BytesAtOnce, time);

    /// <summary>What it may say to the relay, in messages.</summary>
    public Pace Messages { get; } = new(limits.MessagesPerSecond, limits.MessagesAtOnce, time);

    /// <summary>When it was used last.</summary>
    public long UsedMs { get; set; } = Clock.NowMs(time);

    public bool MayCall()
    {
        UsedMs = Clock.NowMs(time);
        return calls.TryTake(UsedMs);
    }
}
