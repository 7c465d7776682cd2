using Tallystick.Core.Identity;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// Tells without a read that the book does not have a request id, which is what nearly every payment asks. Ids that
/// grow with time (UUID version 7) are above all that is stored, but for the newest, which are kept here; about any
/// other id it cannot say. Thread-safe.
/// </summary>
/// <remarks>
/// It errs to one side only: an id of the book is always said to be possible. Ids of another version make it useless
/// and never wrong; ids from a clock that runs ahead are kept apart, so that they say nothing about those of today.
/// </remarks>
internal sealed class YoungIds
{
    // Twice this many are kept: more than a second of the fastest load, in 4 MiB.
    private const int IdsPerGeneration = 65_536;

    private const string SelectFirst =
        """
        select request_id from intent
        where request_id >= ?1 and request_id < ?2
            and substr(request_id, 7, 1) >= x'70' and substr(request_id, 7, 1) < x'80'
        order by request_id limit 1
        """;

    private const string SelectLast =
        """
        select request_id from intent
        where request_id >= ?1 and request_id < ?2
            and substr(request_id, 7, 1) >= x'70' and substr(request_id, 7, 1) < x'80'
        order by request_id desc limit 1
        """;

    private const string SelectFirstOfPages =
        "select last_id from done_page where last_id >= ?1 and last_id < ?2 order by last_id limit 1";

    private const string SelectLastOfPages =
        "select last_id from done_page where last_id >= ?1 and last_id < ?2 order by last_id desc limit 1";

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    // How far callers' clocks may differ. What is dated later is kept apart.
    private static readonly TimeSpan LargestDifference = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly TimeProvider time;

    // Every stored id of version 7 below the ceiling may be in one of the two.
    private readonly RequestId ceiling;
    private readonly RecentIds today;
    private readonly RecentIds ahead;

    /// <param name="book">The book, whose newest ids are read.</param>
    /// <param name="time">The clock. Ids of more than ten years later than it says now are looked up always.</param>
    /// <param name="idsPerGeneration">Four times as many are kept at most.</param>
    public YoungIds(SqliteConnection book, TimeProvider time, int idsPerGeneration = IdsPerGeneration)
    {
        this.time = time;
        (today, ahead) = (new RecentIds(idsPerGeneration), new RecentIds(idsPerGeneration));
        ceiling = EarliestAt(time.GetUtcNow() + LongestLife);
        var limit = Limit();
        // The ids of a page's row are at most so far below the one that is read here.
        var (span, endOfPages) = (DonePages.LongestSpan, new RequestId(ceiling.Value + DonePages.LongestSpan));
        today.Forget(default, Read(book, SelectLast, default, limit) ?? default);
        today.Forget(default, Read(book, SelectLastOfPages, default, limit) ?? default);
        if (Read(book, SelectFirst, limit, ceiling) is { } first)
            ahead.Forget(first, Read(book, SelectLast, limit, ceiling)!.Value);
        if (Read(book, SelectFirstOfPages, limit, endOfPages) is { } firstOfPages)
        {
            var last = Read(book, SelectLastOfPages, limit, endOfPages)!.Value;
            ahead.Forget(new RequestId(firstOfPages.Value - span), last);
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

    private RequestId Limit() => EarliestAt(time.GetUtcNow() + LargestDifference);

    private static RequestId EarliestAt(DateTimeOffset moment) =>
        new((UInt128)(ulong)moment.ToUnixTimeMilliseconds() << 80);

    private static RequestId? Read(SqliteConnection book, string select, RequestId from, RequestId before)
    {
        var found = book.For(select).Bind(1, from).Bind(2, before);
        RequestId? id = found.Step() ? found.RequestId(0) : null;
        found.Reset();
        return id;
    }
}
