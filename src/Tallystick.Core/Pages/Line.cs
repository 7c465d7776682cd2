using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;

namespace Tallystick.Core.Pages;

/// <summary>One statement on a page. A line may only worsen its own author.</summary>
/// <param name="RequestId">The wish of the author's user that this line fulfils.</param>
public abstract record Line(RequestId RequestId);

/// <summary>The author owes <paramref name="Amount"/> more.</summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="Amount">Units of the tab's asset.</param>
/// <param name="Memo">UTF-8, at most 256 bytes.</param>
public sealed record PayLine(RequestId RequestId, Amount Amount, string Memo) : Line(RequestId);

/// <summary>The most that the other party may owe the author from now on.</summary>
public sealed record LimitLine(RequestId RequestId, CreditLimit Limit) : Line(RequestId);

/// <summary>Proposes that an amount was paid outside.</summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="PayerIsMe">True when the author says it paid; then the other party is the receiver.</param>
/// <param name="Amount">Units of the tab's asset.</param>
/// <param name="Method">How it was paid: UTF-8, at most 128 bytes.</param>
/// <param name="Reference">Where to find it: UTF-8, at most 128 bytes.</param>
public sealed record ProposeLine(RequestId RequestId, bool PayerIsMe, Amount Amount, string Method, string Reference)
    : Line(RequestId);

/// <summary>Makes a new newest revision of the author's own settlement.</summary>
public sealed record ModifyLine(RequestId RequestId, Ref Settlement, Amount Amount, string Method, string Reference)
    : Line(RequestId);

/// <summary>Takes back the author's own settlement.</summary>
public sealed record WithdrawLine(RequestId RequestId, Ref Settlement) : Line(RequestId);

/// <summary>Accepts one revision of the other party's settlement; books it if the author is the receiver.</summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="Revision">The Propose or Modify line, in the other party's chain, that the author saw.</param>
public sealed record AcceptLine(RequestId RequestId, Ref Revision) : Line(RequestId);

/// <summary>Disputes one revision of the other party's settlement.</summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="Revision">The Propose or Modify line, in the other party's chain, that the author saw.</param>
/// <param name="Reason">UTF-8, at most 256 bytes.</param>
public sealed record DisputeLine(RequestId RequestId, Ref Revision, string Reason) : Line(RequestId);

/// <summary>The author, receiver of its own settlement, says that the money arrived, and books it.</summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="Revision">The Propose or Modify line, in the author's own chain.</param>
public sealed record ReceivedLine(RequestId RequestId, Ref Revision) : Line(RequestId);

/// <summary>
/// Promises an amount to whoever shows the preimages of the locks; only the other party can answer it.
/// </summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="Amount">Units of the tab's asset.</param>
/// <param name="Locks">One or two SHA-256 values.</param>
/// <param name="Data">At most 2 KiB for the parties that forward.</param>
/// <param name="NotAfterMs">Unix milliseconds after which it should not be forwarded; it ends nothing.</param>
public sealed record HoldLine(
    RequestId RequestId, Amount Amount, ImmutableArray<Hash> Locks, ImmutableArray<byte> Data, long NotAfterMs)
    : Line(RequestId)
{
    /// <inheritdoc/>
    public bool Equals(HoldLine? other) =>
        base.Equals(other)
        && Amount == other.Amount
        && NotAfterMs == other.NotAfterMs
        && Locks.AsSpan().SequenceEqual(other.Locks.AsSpan())
        && Data.AsSpan().SequenceEqual(other.Data.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RequestId, Amount, NotAfterMs, Locks.Length, Data.Length);
}

/// <summary>Answers the other party's hold with its preimages; the held amount becomes owed.</summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="Hold">The Hold line, in the other party's chain.</param>
/// <param name="Preimages">One 32-byte preimage for each lock, in the order of the locks.</param>
public sealed record FulfilLine(RequestId RequestId, Ref Hold, ImmutableArray<Hash> Preimages) : Line(RequestId)
{
    /// <inheritdoc/>
    public bool Equals(FulfilLine? other) =>
        base.Equals(other) && Hold == other.Hold && Preimages.AsSpan().SequenceEqual(other.Preimages.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RequestId, Hold, Preimages.Length);
}

/// <summary>Lets the other party's hold go; nothing becomes owed.</summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="Hold">The Hold line, in the other party's chain.</param>
/// <param name="Reason">UTF-8, at most 256 bytes.</param>
public sealed record ReleaseLine(RequestId RequestId, Ref Hold, string Reason) : Line(RequestId);

/// <summary>The author's software understands line kinds up to this version.</summary>
public sealed record VersionLine(RequestId RequestId, int Version) : Line(RequestId);

/// <summary>A line of a kind that this software does not know: framed, so that it can be named and refused.</summary>
/// <param name="RequestId">Zero: what the body of an unknown kind means is unknown.</param>
/// <param name="Kind">The kind's number.</param>
/// <param name="Body">The bytes after kind and length.</param>
public sealed record UnknownLine(RequestId RequestId, int Kind, ImmutableArray<byte> Body) : Line(RequestId)
{
    /// <inheritdoc/>
    public bool Equals(UnknownLine? other) =>
        base.Equals(other) && Kind == other.Kind && Body.AsSpan().SequenceEqual(other.Body.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RequestId, Kind, Body.Length);
}

/// <summary>
/// A line of a known kind and a readable shape with a value beyond its bounds, such as an amount of 0. It is kept
/// as bytes so that the page around it can be decoded, named in a Fault and encoded again.
/// </summary>
/// <param name="RequestId">The author's request.</param>
/// <param name="Kind">The kind's number.</param>
/// <param name="Body">The bytes after kind and length, the request id included.</param>
public sealed record OutOfBoundsLine(RequestId RequestId, int Kind, ImmutableArray<byte> Body) : Line(RequestId)
{
    /// <inheritdoc/>
    public bool Equals(OutOfBoundsLine? other) =>
        base.Equals(other) && Kind == other.Kind && Body.AsSpan().SequenceEqual(other.Body.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RequestId, Kind, Body.Length);
}
