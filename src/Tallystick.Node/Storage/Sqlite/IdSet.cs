using System.Runtime.InteropServices;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// A set of request ids. Those that come in order, as most do, only join the end of a list; the others are hashed.
/// </summary>
internal sealed class IdSet
{
    // Each is above all before it.
    private readonly List<RequestId> ascending = [];
    private readonly HashSet<RequestId> others = [];

    public int Count => ascending.Count + others.Count;

    /// <summary>The highest one, or zero.</summary>
    public RequestId Highest => ascending.Count > 0 ? ascending[^1] : default;

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<RequestId> Ids => ascending.Concat(others);

    public bool Contains(RequestId id) => id <= Highest && (IsAscending(id) || others.Contains(id));

    /// <summary>Adds an id; false if it is there already.</summary>
    public bool Add(RequestId id)
    {
        if (id <= Highest)
            return !IsAscending(id) && others.Add(id);
        ascending.Add(id);
        return true;
    }

    public void Clear()
    {
        ascending.Clear();
        others.Clear();
    }

    private bool IsAscending(RequestId id) => CollectionsMarshal.AsSpan(ascending).BinarySearch(id) >= 0;
}
