using Tallystick.Core.Identity;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// Request ids that were added: the last of them one by one, and of all others the ranges in which they lie.
/// </summary>
/// <param name="idsPerGeneration">Twice as many are kept one by one at most.</param>
/// <param name="areOrdered">
/// Whether they come in about their order, so that one range from the lowest possible id will do for the others; else
/// each generation is sorted when it is forgotten.
/// </param>
internal sealed class RecentIds(int idsPerGeneration, bool areOrdered)
{
    private readonly IdRanges forgotten = new();
    private IdSet older = new();
    private IdSet newer = new();

    /// <summary>False if it was never added; true if it may have been.</summary>
    public bool MayHave(RequestId id) => forgotten.Contains(id) || newer.Contains(id) || older.Contains(id);

    /// <summary>Adds an id; false, and nothing is changed, if it may have been added before.</summary>
    public bool Add(RequestId id)
    {
        if (forgotten.Contains(id) || older.Contains(id) || !newer.Add(id))
            return false;
        if (newer.Count < idsPerGeneration)
            return true;
        if (areOrdered)
            forgotten.Add((default, older.Highest));
        else
            forgotten.Add(older.Ids.Select(each => (each, each)));
        older.Clear();
        (older, newer) = (newer, older);
        return true;
    }

    /// <summary>From now on every id from one to another may have been added.</summary>
    public void Forget(RequestId first, RequestId last) => forgotten.Add((first, last));
}
