using Tallystick.Core.Holds;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>Compares two folds in every field, the records of closed settlements and holds included.</summary>
internal static class SameFold
{
    public static bool Are(Fold one, Fold other)
    {
        if (ReferenceEquals(one, other))
            return true;
        return one.Zero == other.Zero && one.One == other.One && one.OpenObjects == other.OpenObjects
            && one.Tab == other.Tab && AreSettlements(one, other) && AreHolds(one, other)
            && StateDigest.Of(one) == StateDigest.Of(other);
    }

    private static bool AreSettlements(Fold one, Fold other)
    {
        if (ReferenceEquals(one.Settlements, other.Settlements))
            return true;
        if (one.Settlements.Count != other.Settlements.Count)
            return false;
        foreach (var (key, settlement) in one.Settlements)
        {
            if (!other.Settlements.TryGetValue(key, out var same) || !Are(settlement, same))
                return false;
        }
        return true;
    }

    private static bool AreHolds(Fold one, Fold other)
    {
        if (ReferenceEquals(one.Holds, other.Holds))
            return true;
        if (one.Holds.Count != other.Holds.Count)
            return false;
        foreach (var (key, hold) in one.Holds)
        {
            if (!other.Holds.TryGetValue(key, out var same) || !Are(hold, same))
                return false;
        }
        return true;
    }

    // Without the array that only differs as an object, the record's own equality compares every field, new ones too.
    private static bool Are(Settlement one, Settlement other) =>
        ReferenceEquals(one, other)
        || (one.Revisions.AsSpan().SequenceEqual(other.Revisions.AsSpan())
            && one with { Revisions = [] } == other with { Revisions = [] });

    private static bool Are(Hold one, Hold other) =>
        ReferenceEquals(one, other)
        || (one.Locks.AsSpan().SequenceEqual(other.Locks.AsSpan())
            && one with { Locks = [] } == other with { Locks = [] });
}
