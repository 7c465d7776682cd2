using Tallystick.Core.Identity;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// Reads and writes table done_page: what is done on an own page whose request ids grow with time and lie close
/// together. One row stands for all of them; which they are, the page itself tells. Thread-safe.
/// </summary>
internal sealed class DonePages
{
    public const string SelectAround =
        """
        select tab, page, last_id from done_page
        where last_id >= ?1 and last_id < ?2 and first_id <= ?1
        """;

    public const string SelectPage =
        """
        select p.bytes from tab t join page p on p.tab = t.id and p.author = t.me and p.number = ?2 where t.id = ?1
        """;

    private const string Insert = "insert into done_page (last_id, tab, page, first_id) values (?1, ?2, ?3, ?4)";

    private const string Delete = "delete from done_page where last_id = ?1 and tab = ?2 and page = ?3";

    // Pages that were looked into last. After a stop many callers ask again for what stands on the same few pages.
    private const int MostKept = 16;

    private readonly Lock gate = new();
    private readonly LinkedList<(Row Row, Content Content)> kept = new();

    /// <summary>
    /// How far the ids of one row lie apart at most, a second: a page that waits longer has a row for each wish. It can
    /// only grow, for there are books with such rows.
    /// </summary>
    public static UInt128 LongestSpan { get; } = (UInt128)1000 << 80;

    /// <summary>Where a wish is done.</summary>
    public readonly record struct Place(long Tab, Page Page, int Line);

    // The last id makes the key unambiguous even when another page has taken the place of a dropped one.
    private readonly record struct Row(long Tab, long Page, RequestId LastId);

    private sealed record Content(Page Page, Dictionary<RequestId, int> Lines);

    /// <summary>
    /// Writes one row for all wishes of a new own page, if none of them can be in the book; else writes nothing.
    /// </summary>
    /// <returns>Whether it was written.</returns>
    public static bool TryAdd(SqliteConnection book, YoungIds young, long tab, Page page)
    {
        if (RangeOf(page) is not var (first, last) || !young.TryAddAll(page))
            return false;
        book.For(Insert).Bind(1, last).Bind(2, tab).Bind(3, page.Number).Bind(4, first).Run();
        return true;
    }

    /// <summary>Forgets what was done on a page that is about to be dropped.</summary>
    public static void Remove(SqliteConnection book, long tab, Page page)
    {
        if (RangeOf(page) is var (_, last))
            book.For(Delete).Bind(1, last).Bind(2, tab).Bind(3, page.Number).Run();
    }

    /// <summary>Where the wish is done by one of these pages, or null.</summary>
    public Place? Find(SqliteConnection book, RequestId id)
    {
        if (!YoungIds.GrowsWithTime(id))
            return null;
        foreach (var row in RowsAround(book, id))
        {
            var content = ContentOf(book, row);
            if (content.Lines.TryGetValue(id, out var line))
                return new Place(row.Tab, content.Page, line);
        }
        return null;
    }

    private static (RequestId First, RequestId Last)? RangeOf(Page page)
    {
        if (page.Lines.IsEmpty)
            return null;
        var (first, last) = (page.Lines[0].RequestId, page.Lines[0].RequestId);
        foreach (var line in page.Lines)
        {
            var id = line.RequestId;
            if (!YoungIds.GrowsWithTime(id))
                return null;
            first = id < first ? id : first;
            last = id > last ? id : last;
        }
        return last.Value - first.Value <= LongestSpan ? (first, last) : null;
    }

    private static List<Row> RowsAround(SqliteConnection book, RequestId id)
    {
        var rows = book.For(SelectAround).Bind(1, id).Bind(2, new RequestId(id.Value + LongestSpan + 1));
        var around = new List<Row>();
        while (rows.Step())
            around.Add(new Row(rows.Long(0), rows.Long(1), rows.RequestId(2)));
        return around;
    }

    private Content ContentOf(SqliteConnection book, Row row)
    {
        lock (gate)
        {
            for (var node = kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Row != row)
                    continue;
                kept.Remove(node);
                kept.AddFirst(node);
                return node.Value.Content;
            }
        }
        var read = Read(book, row);
        lock (gate)
        {
            kept.AddFirst((row, read));
            if (kept.Count > MostKept)
                kept.RemoveLast();
        }
        return read;
    }

    private static Content Read(SqliteConnection book, Row row)
    {
        var rows = book.For(SelectPage).Bind(1, row.Tab).Bind(2, row.Page);
        if (!rows.Step())
        {
            throw new InvalidDataException(
                $"Wishes are done on page {row.Page} of tab {row.Tab}, which is not stored.");
        }
        var page = StoredBytes.Page(rows.Bytes(0)).Page;
        rows.Reset();
        var lines = new Dictionary<RequestId, int>(page.Lines.Length);
        for (var i = 0; i < page.Lines.Length; i++)
            lines.TryAdd(page.Lines[i].RequestId, i);
        return new Content(page, lines);
    }
}
