using Tallystick.Core.Identity;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// Request ids that were added: the last of them one by one, and of all others only between which two they lie.
/// </summary>
/// <param name="idsPerGeneration">Twice as many are kept one by one at most.</param>
internal sealed class RecentIds(int idsPerGeneration)
{
    private IdSet older = new();
    private IdSet newer = new();
    private RequestId firstForgotten = new(UInt128.MaxValue);
    private RequestId lastForgotten;

    /// <summary>False if it was never added; true if it may have been.</summary>
    public bool MayHave(RequestId id) => IsForgotten(id) || newer.Contains(id) || older.Contains(id);

    /// <summary>Adds an id; false, and nothing is changed, if it may have been added before.</summary>
    public bool Add(RequestId id)
    {
        if (IsForgotten(id) || older.Contains(id) || !newer.Add(id))
            return false;
        if (newer.Count < idsPerGeneration)
            return true;
        if (older.Count > 0)
            Forget(older.Lowest, older.Highest);
        older.Clear();
        (older, newer) = (newer, older);
        return true;
    }

    /// <summary>From now on all ids from one to another may have been added.</summary>
    public void Forget(RequestId first, RequestId last)
    {
        firstForgotten = first < firstForgotten ? first : firstForgotten;
        lastForgotten = last > lastForgotten ? last : lastForgotten;
    }

    private bool IsForgotten(RequestId id) => id >= firstForgotten && id <= lastForgotten;
}
