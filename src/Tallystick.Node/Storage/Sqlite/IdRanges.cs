using Tallystick.Core.Identity;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// A few ranges of request ids that hold all that were ever added: what lies closest together becomes one range, so
/// that few others are in it.
/// </summary>
internal sealed class IdRanges
{
    private const int Most = 64;

    // In order, and apart.
    private List<(RequestId First, RequestId Last)> ranges = [];

    public bool Contains(RequestId id)
    {
        foreach (var (first, last) in ranges)
        {
            if (id <= last)
                return id >= first;
        }
        return false;
    }

    /// <summary>Adds ranges, from the first to the last id of each, in whatever order.</summary>
    public void Add(params IEnumerable<(RequestId First, RequestId Last)> more)
    {
        var apart = Join(ranges.Concat(more).OrderBy(range => range.First), widestGap: 0);
        if (apart.Count > Most)
        {
            var gaps = apart.Zip(apart.Skip(1), (one, next) => next.First.Value - one.Last.Value).Order().ToList();
            apart = Join(apart, gaps[apart.Count - Most - 1]);
        }
        ranges = apart;
    }

    private static List<(RequestId First, RequestId Last)> Join(
        IEnumerable<(RequestId First, RequestId Last)> inOrder, UInt128 widestGap)
    {
        var joined = new List<(RequestId First, RequestId Last)>();
        foreach (var (first, last) in inOrder)
        {
            if (joined.Count > 0 && joined[^1] is var before
                && (first <= before.Last || first.Value - before.Last.Value <= widestGap))
            {
                joined[^1] = (before.First, last > before.Last ? last : before.Last);
            }
            else
            {
                joined.Add((first, last));
            }
        }
        return joined;
    }
}
