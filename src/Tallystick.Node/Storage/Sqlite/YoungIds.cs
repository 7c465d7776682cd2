using Tallystick.Core.Identity;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// Tells without a read that the book does not have a request id, which is what nearly every payment asks. Of ids that
/// grow with time (UUID version 7) the newest are kept here, and all others of the book lie below them; those that are
/// dated ahead of the clock are kept apart, so that they do not lift that bound. Thread-safe.
/// </summary>
/// <remarks>
/// It errs to one side only: an id of the book is always said to be possible. Of ids of another version, and of those
/// dated more than ten years ahead, it says just that.
/// </remarks>
internal sealed class YoungIds
{
    // Twice this many are kept of today's, more than a second of the fastest load, and as many of those dated ahead.
    private const int IdsPerGeneration = 65_536;

    // Rows that are read at the start, of each table.
    private const int MostRowsAhead = 16_384;

    private const string SelectLast =
        "select request_id from intent where request_id < ?1 order by request_id desc limit 1";

    private const string SelectLastOfPages =
        "select last_id from done_page where last_id < ?1 order by last_id desc limit 1";

    private const string SelectAhead =
        """
        select request_id, request_id from intent
        where request_id >= ?1 and request_id < ?2
            and substr(request_id, 7, 1) >= x'70' and substr(request_id, 7, 1) < x'80'
        order by request_id limit ?3
        """;

    private const string SelectPagesAhead =
        "select first_id, last_id from done_page where last_id >= ?1 and last_id < ?2 order by last_id limit ?3";

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    // Beyond it an id is dated ahead. Until so much time has passed, one may lift the bound of today's ids.
    private static readonly TimeSpan LargestDifference = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly RequestId ceiling;

    // Every stored id of version 7 below the ceiling is in one of the two, as far as they can tell.
    private readonly RecentIds today;
    private readonly RecentIds ahead;

    /// <param name="book">The book, whose newest ids are read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="idsPerGeneration">Four times as many are kept at most.</param>
    public YoungIds(SqliteConnection book, TimeProvider time, int idsPerGeneration = IdsPerGeneration)
    {
        this.time = time;
        today = new RecentIds(idsPerGeneration, areOrdered: true);
        ahead = new RecentIds(idsPerGeneration, areOrdered: false);
        ceiling = EarliestAt(time.GetUtcNow() + LongestLife);
        var limit = Limit();
        foreach (var select in (string[])[SelectLast, SelectLastOfPages])
        {
            var newest = book.For(select).Bind(1, limit);
            if (newest.Step())
                today.Forget(default, newest.RequestId(0));
            newest.Reset();
        }
        ReadAhead(book, SelectAhead, limit, ceiling);
        // The ids of a page may lie on both sides of the ceiling.
        ReadAhead(book, SelectPagesAhead, limit, new RequestId(ceiling.Value + DonePages.LongestSpan));
    }

    // The version stands in the upper half of the seventh byte.
    public static bool GrowsWithTime(RequestId id) => ((id.Value >> 76) & 0xF) == 7;

    /// <summary>False if the book has no such id; true if it may have.</summary>
    public bool MayBeStored(RequestId id)
    {
        if (!GrowsWithTime(id) || id >= ceiling)
            return true;
        lock (gate)
            return today.MayHave(id) || ahead.MayHave(id);
    }

    /// <summary>An id is about to be stored.</summary>
    public void Add(RequestId id)
    {
        if (!GrowsWithTime(id) || id >= ceiling)
            return;
        var limit = Limit();
        lock (gate)
            Keep(id, limit);
    }

    /// <summary>The ids of a page are about to be stored, unless one of them may be stored already.</summary>
    /// <returns>Whether the book surely had none of them.</returns>
    public bool TryAddAll(Page page)
    {
        var limit = Limit();
        lock (gate)
        {
            var previous = default(RequestId);
            foreach (var line in page.Lines)
            {
                var id = line.RequestId;
                // The lines of a group share one id.
                if (id != previous && (!GrowsWithTime(id) || id >= ceiling || !Keep(id, limit)))
                    return false;
                previous = id;
            }
            return true;
        }
    }

    // False if it may be stored already. Time passes, and clocks are set: which of the two has an id, nobody can tell.
    private bool Keep(RequestId id, RequestId limit) => id < limit
        ? !ahead.MayHave(id) && today.Add(id)
        : !today.MayHave(id) && ahead.Add(id);

    // One by one, or as the range of a page. What is beyond the last row that is read may be anything.
    private void ReadAhead(SqliteConnection book, string select, RequestId limit, RequestId end)
    {
        var rows = book.For(select).Bind(1, limit).Bind(2, end).Bind(3, MostRowsAhead);
        var (count, ranges) = (0, new List<(RequestId First, RequestId Last)>());
        for (; rows.Step(); count++)
        {
            var (first, last) = (rows.RequestId(0), rows.RequestId(1));
            if (first != last)
                ranges.Add((first, last));
            else
                ahead.Add(first);
            if (count == MostRowsAhead - 1)
                ranges.Add((new RequestId(last.Value - DonePages.LongestSpan), end));
        }
        rows.Reset();
        foreach (var (first, last) in ranges)
            ahead.Forget(first, last);
    }

    private RequestId Limit() => EarliestAt(time.GetUtcNow() + LargestDifference);

    private static RequestId EarliestAt(DateTimeOffset moment) =>
        new((UInt128)(ulong)moment.ToUnixTimeMilliseconds() << 80);
}
