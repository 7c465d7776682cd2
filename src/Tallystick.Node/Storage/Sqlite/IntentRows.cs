using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Reads table intent; <see cref="IntentChanges"/> writes it.</summary>
internal static class IntentRows
{
    public const int Waiting = 0;
    public const int IsDone = 1;
    public const int Refused = 2;
    public const int Cancelled = 3;

    public const string SelectWaiting =
        """
        select request_id, lines, asked_ms, expires_ms from intent
        where tab = ?1 and state <> 1 and state = 0 order by position
        """;

    private const string Columns =
        """
        i.request_id, i.state, i.page, i.line, i.asked_ms, i.lines, i.reason, i.reason_class, i.reason_text
        """;

    public const string SelectOne =
        $"""
        select {Columns}, t.tab_id, p.bytes
        from intent i join tab t on t.id = i.tab
        left join page p on p.tab = i.tab and p.author = t.me and p.number = i.page
        where i.request_id = ?1
        """;

    public const string SelectUnsigned =
        $"""
        select {Columns}, i.position from intent i
        where i.tab = (select id from tab where tab_id = ?1) and i.state <> 1 and i.state = ?2
        order by i.position desc limit ?3
        """;

    public static ImmutableArray<Intent> ReadWaiting(SqliteConnection book, long tab)
    {
        var rows = book.For(SelectWaiting).Bind(1, tab);
        var intents = ImmutableArray.CreateBuilder<Intent>();
        while (rows.Step())
        {
            intents.Add(new Intent(
                rows.RequestId(0),
                StoredBytes.Lines(rows.Bytes(1)),
                rows.Long(2),
                rows.IsNull(3) ? null : rows.Long(3)));
        }
        return intents.ToImmutable();
    }

    private const string SelectTabId = "select tab_id from tab where id = ?1";

    public static StoredIntent? Find(SqliteConnection book, DonePages donePages, RequestId id)
    {
        var row = book.For(SelectOne).Bind(1, id);
        if (!row.Step())
            return donePages.Find(book, id) is { } place ? DoneAt(book, place, id) : null;
        var tab = new TabId(row.Hash(9));
        if (row.Int(1) != IsDone)
            return Unsigned(tab, row);
        if (row.IsNull(10))
            throw new InvalidDataException($"Intent {id} is done on a page that is not stored.");
        return Done(tab, id, StoredBytes.Page(row.Bytes(10)).Page, row.Int(3));
    }

    private static StoredIntent DoneAt(SqliteConnection book, DonePages.Place place, RequestId id)
    {
        var row = book.For(SelectTabId).Bind(1, place.Tab);
        var tab = row.Step() ? new TabId(row.Hash(0)) : throw new InvalidDataException($"There is no tab {place.Tab}.");
        return Done(tab, id, place.Page, place.Line);
    }

    private static StoredIntent Done(TabId tab, RequestId id, Page page, int line)
    {
        var end = line + 1;
        while (end < page.Lines.Length && page.Lines[end].RequestId == id)
            end++;
        return new StoredIntent(tab, id, new IntentDone(new Ref(page.Number, line)), page.Lines[line..end], page.TimeMs);
    }

    public static List<StoredIntent> ReadUnsigned(SqliteConnection book, IReadOnlyCollection<TabId> tabs, int most)
    {
        var found = new List<(long Position, StoredIntent Intent)>();
        foreach (var tab in tabs)
        {
            foreach (var state in (ReadOnlySpan<int>)[Waiting, Refused, Cancelled])
            {
                var rows = book.For(SelectUnsigned).Bind(1, tab.Hash).Bind(2, state).Bind(3, most);
                while (rows.Step())
                    found.Add((rows.Long(9), Unsigned(tab, rows)));
            }
        }
        return [.. found.OrderByDescending(item => item.Position).Take(most).Select(item => item.Intent)];
    }

    private static StoredIntent Unsigned(TabId tab, SqliteStatement row) => new(
        tab,
        row.RequestId(0),
        row.Int(1) switch
        {
            Waiting => new IntentWaiting(),
            Refused => new IntentRefused(
                new Refusal(new Rejection(row.Text(6), (RejectionClass)row.Int(7)), row.Text(8))),
            Cancelled => new IntentCancelled(),
            var state => throw new InvalidDataException($"An intent has the state {state}."),
        },
        row.IsNull(5) ? [] : StoredBytes.Lines(row.Bytes(5)),
        row.Long(4));
}
