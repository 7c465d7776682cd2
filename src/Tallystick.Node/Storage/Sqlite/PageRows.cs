using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Reads and writes table page.</summary>
internal static class PageRows
{
    private const string Columns = "seq, stored_ms, bytes, signature";

    public const string SelectFrom =
        $"""
        select {Columns} from page
        where tab = (select id from tab where tab_id = ?1) and author = ?2 and number >= ?3
        order by number limit ?4
        """;

    public const string SelectHash =
        "select hash from page where tab = (select id from tab where tab_id = ?1) and author = ?2 and number = ?3";

    // Only the index is read here; the pages themselves follow for those that are wanted after the merge.
    public const string SelectNewest =
        """
        select seq from page where tab = (select id from tab where tab_id = ?1) and has_lines = 1 and seq < ?2
        order by seq desc limit ?3
        """;

    private const string SelectOne = $"select {Columns} from page where seq = ?1";

    private const string SelectHead =
        "select number, hash from page where tab = ?1 and author = ?2 order by number desc limit 1";

    private const string Insert =
        """
        insert into page (tab, author, number, hash, bytes, signature, has_lines, stored_ms)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """;

    private const string Delete = "delete from page where tab = ?1 and author = ?2 and number > ?3";

    public static List<StoredPage> From(SqliteConnection book, TabId tab, Party author, long from, int most)
    {
        var rows = book.For(SelectFrom).Bind(1, tab.Hash).Bind(2, (long)author).Bind(3, from).Bind(4, most);
        var pages = new List<StoredPage>();
        while (rows.Step())
            pages.Add(Page(rows));
        return pages;
    }

    public static Hash? HashOf(SqliteConnection book, TabId tab, Party author, long number)
    {
        var rows = book.For(SelectHash).Bind(1, tab.Hash).Bind(2, (long)author).Bind(3, number);
        return rows.Step() ? rows.Hash(0) : null;
    }

    public static List<StoredPage> Newest(
        SqliteConnection book, IReadOnlyCollection<TabId> tabs, long beforeSequence, int most)
    {
        var sequences = new List<long>();
        foreach (var tab in tabs)
        {
            var rows = book.For(SelectNewest).Bind(1, tab.Hash).Bind(2, beforeSequence).Bind(3, most);
            while (rows.Step())
                sequences.Add(rows.Long(0));
        }
        var pages = new List<StoredPage>();
        foreach (var sequence in sequences.OrderDescending().Take(most))
            pages.Add(One(book, sequence));
        return pages;
    }

    public static StoredPage One(SqliteConnection book, long sequence)
    {
        var row = book.For(SelectOne).Bind(1, sequence);
        if (!row.Step())
            throw new InvalidDataException($"page {sequence} is missing.");
        var page = Page(row);
        row.Reset();
        return page;
    }

    public static Head Head(SqliteConnection book, long tab, TabId id, Party author)
    {
        var rows = book.For(SelectHead).Bind(1, tab).Bind(2, (long)author);
        var head = rows.Step() ? new Head(rows.Long(0), rows.Hash(1)) : Core.Pages.Head.Empty(id);
        rows.Reset();
        return head;
    }

    public static void Append(
        SqliteConnection book, long tab, EncodedPage content, ReadOnlySpan<byte> signature, long nowMs)
    {
        var page = content.Page;
        book.For(Insert)
            .Bind(1, tab)
            .Bind(2, (long)page.Author)
            .Bind(3, page.Number)
            .Bind(4, content.Hash)
            .Bind(5, content.Bytes.Span)
            .Bind(6, signature)
            .Bind(7, !page.IsReceipt)
            .Bind(8, nowMs)
            .Run();
    }

    public static void DeleteAfter(SqliteConnection book, long tab, Party author, long number) =>
        book.For(Delete).Bind(1, tab).Bind(2, (long)author).Bind(3, number).Run();

    private static StoredPage Page(SqliteStatement row) =>
        new(row.Long(0), row.Long(1), new SignedPage(StoredBytes.Page(row.Bytes(2)), row.Bytes(3)));
}
