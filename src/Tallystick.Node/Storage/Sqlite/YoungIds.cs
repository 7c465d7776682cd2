using Tallystick.Core.Identity;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// Tells without a read that the book does not have a request id, which is what nearly every payment asks. Ids that
/// grow with time (UUID version 7) are above all that is stored, but for the newest, which are kept here; about any
/// other id it cannot say. Thread-safe.
/// </summary>
/// <remarks>
/// It errs to one side only: an id of the book is always said to be possible. A clock that ran ahead, or ids of another
/// version, make it useless for a while and never wrong.
/// </remarks>
internal sealed class YoungIds
{
    // Twice this many are kept: more than a second of the fastest load, in 4 MiB.
    private const int IdsPerGeneration = 65_536;
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    private const string SelectNewest =
        """
        select request_id from intent
        where request_id < ?1 and substr(request_id, 7, 1) >= x'70' and substr(request_id, 7, 1) < x'80'
        order by request_id desc limit 1
        """;

    private const string SelectNewestOfPages =
        "select last_id from done_page where last_id < ?1 order by last_id desc limit 1";

    private readonly Lock gate = new();
    private readonly int idsPerGeneration;

    // Every stored id of version 7 that lies between the two is in one of the sets.
    private readonly RequestId ceiling;
    private RequestId floor;
    private IdSet older = new();
    private IdSet newer = new();

    /// <param name="book">The book, whose newest id is read.</param>
    /// <param name="now">Ids of more than ten years later are looked up always.</param>
    /// <param name="idsPerGeneration">Twice as many are kept at most.</param>
    public YoungIds(SqliteConnection book, DateTimeOffset now, int idsPerGeneration = IdsPerGeneration)
    {
        this.idsPerGeneration = idsPerGeneration;
        ceiling = new RequestId((UInt128)(ulong)(now + LongestLife).ToUnixTimeMilliseconds() << 80);
        foreach (var select in (string[])[SelectNewest, SelectNewestOfPages])
        {
            var newest = book.For(select).Bind(1, ceiling);
            if (newest.Step() && newest.RequestId(0) is var id && id > floor)
                floor = id;
            newest.Reset();
        }
    }

    // The version stands in the upper half of the seventh byte.
    public static bool GrowsWithTime(RequestId id) => ((id.Value >> 76) & 0xF) == 7;

    /// <summary>False if the book has no such id; true if it may have.</summary>
    public bool MayBeStored(RequestId id)
    {
        if (!GrowsWithTime(id) || id >= ceiling)
            return true;
        lock (gate)
            return id <= floor || newer.Contains(id) || older.Contains(id);
    }

    /// <summary>An id is about to be stored.</summary>
    public void Add(RequestId id)
    {
        if (!GrowsWithTime(id) || id >= ceiling)
            return;
        lock (gate)
            Keep(id);
    }

    /// <summary>The ids of a page are about to be stored, unless one of them may be stored already.</summary>
    /// <returns>Whether the book surely had none of them.</returns>
    public bool TryAddAll(Page page)
    {
        lock (gate)
        {
            var previous = default(RequestId);
            foreach (var line in page.Lines)
            {
                var id = line.RequestId;
                // The lines of a group share one id.
                if (id != previous && (!GrowsWithTime(id) || id >= ceiling || older.Contains(id) || !Keep(id)))
                    return false;
                previous = id;
            }
            return true;
        }
    }

    // False if it is not above all that may be stored, or was here before.
    private bool Keep(RequestId id)
    {
        if (id <= floor || !newer.Add(id))
            return false;
        if (newer.Count < idsPerGeneration)
            return true;
        floor = older.Highest > floor ? older.Highest : floor;
        older.Clear();
        (older, newer) = (newer, older);
        return true;
    }
}
