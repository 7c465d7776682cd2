using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Writes table intent. Each change states in SQL from which state it may come, so that two cannot both win.</summary>
internal sealed class IntentChanges(SqliteConnection book)
{
    // The page proves it, so it wins over whatever this node believed; a second page with the same id changes nothing.
    private const string UpsertDone =
        """
        insert into intent (request_id, tab, state, page, line) values (?1, ?2, 1, ?3, ?4)
        on conflict (request_id) do update set
            tab = ?2, state = 1, page = ?3, line = ?4, position = null, asked_ms = null, expires_ms = null,
            lines = null, reason = null, reason_class = null, reason_text = null
        where state <> 1
        """;

    private const string InsertWaiting =
        """
        insert into intent (request_id, tab, state, position, asked_ms, expires_ms, lines)
        values (?1, ?2, 0, ?3, ?4, ?5, ?6)
        on conflict (request_id) do nothing
        """;

    private const string ReturnToWaiting =
        """
        update intent set state = 0, page = null, line = null, position = ?4, asked_ms = ?5, lines = ?6
        where request_id = ?1 and tab = ?2 and state = 1 and page = ?3
        """;

    private const string UpdateWaiting =
        """
        update intent set position = ?3, asked_ms = ?4, expires_ms = ?5, lines = ?6
        where request_id = ?1 and tab = ?2 and state = 0
        """;

    private const string Refuse =
        """
        update intent set state = 2, reason = ?3, reason_class = ?4, reason_text = ?5
        where request_id = ?1 and tab = ?2 and state = 0
        """;

    private const string InsertRefused =
        """
        insert into intent
            (request_id, tab, state, reason, reason_class, reason_text, position, asked_ms, expires_ms, lines)
        values (?1, ?2, 2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        on conflict (request_id) do nothing
        """;

    private const string Cancel = "update intent set state = 3 where request_id = ?1 and tab = ?2 and state = 0";

    private const string SelectState = "select tab, state from intent where request_id = ?1";

    private const string SelectLastPosition =
        """
        select max(position) from
            (select (select position from intent i where i.tab = t.id and i.state <> 1 and i.state = s.state
                order by position desc limit 1) as position
            from tab t, (select 0 as state union all select 2 union all select 3) s)
        """;

    private const string SelectFirstWaiting =
        """
        select position from intent where tab = ?1 and state <> 1 and state = 0 order by position limit 1
        """;

    // Grows over all tabs, so that intents of several tabs have one order. A rolled back commit leaves a hole.
    private long nextPosition = book.Ask(SelectLastPosition) + 1;

    /// <summary>Marks the intents of a page of the own chain as done, whoever brought the page.</summary>
    public void WriteDone(long tab, Page page)
    {
        var statement = book.For(UpsertDone).Bind(2, tab).Bind(3, page.Number);
        var last = default(RequestId);
        for (var index = 0; index < page.Lines.Length; index++)
        {
            var id = page.Lines[index].RequestId;
            // The lines of a group share one id, and a line of an unknown kind has none.
            if (id == last || id == default)
                continue;
            last = id;
            statement.Bind(1, id).Bind(4, index).Run();
        }
    }

    /// <summary>Before own pages are dropped: makes their intents wait again, ahead of all that wait on the tab.</summary>
    /// <param name="tab">The tab's row.</param>
    /// <param name="dropped">The pages, oldest first.</param>
    /// <param name="changes">The changes of the same write: what they list as waiting comes first, in their order.</param>
    public void ReturnFrom(long tab, IReadOnlyList<StoredPage> dropped, ImmutableArray<IntentChange> changes)
    {
        var groups = dropped
            .SelectMany(stored => stored.Page.Page.Lines.Select(line => (Line: line, stored.Page.Page)))
            .GroupBy(item => item.Line.RequestId)
            .ToList();
        var order = changes.Where(change => change.State is IntentWaiting).Select(change => change.RequestId)
            .Concat(groups.Select(group => group.Key))
            .Distinct()
            .Select((id, index) => (id, index))
            .ToDictionary(item => item.id, item => item.index);
        var first = FirstPositions(tab, order.Count);
        foreach (var group in groups)
        {
            var page = group.First().Page;
            book.For(ReturnToWaiting)
                .Bind(1, group.Key)
                .Bind(2, tab)
                .Bind(3, page.Number)
                .Bind(4, first + order[group.Key])
                .Bind(5, page.TimeMs)
                .Bind(6, StoredBytes.Of([.. group.Select(item => item.Line)]))
                .Run();
        }
        foreach (var change in changes)
        {
            if (change is { State: IntentWaiting, Intent: { } intent })
                BindWaiting(UpdateWaiting, tab, intent, first + order[change.RequestId]).Run();
        }
    }

    public void WriteWaiting(long tab, Intent intent)
    {
        if (BindWaiting(InsertWaiting, tab, intent, nextPosition++).Run() == 0)
            Require(tab, intent.RequestId, IntentRows.Waiting);
    }

    /// <summary>Writes a change to any state but waiting.</summary>
    public void Write(long tab, IntentChange change)
    {
        switch (change.State)
        {
            case IntentDone done:
                book.For(UpsertDone)
                    .Bind(1, change.RequestId)
                    .Bind(2, tab)
                    .Bind(3, done.FirstLine.Page)
                    .Bind(4, done.FirstLine.Line)
                    .Run();
                break;
            case IntentRefused refused:
                WriteRefused(tab, change, refused.Refusal);
                break;
            case IntentCancelled:
                if (book.For(Cancel).Bind(1, change.RequestId).Bind(2, tab).Run() == 0)
                    Require(tab, change.RequestId, IntentRows.Cancelled);
                break;
            default:
                throw new StoreConflictException($"An intent cannot become {change.State} here.");
        }
    }

    private void WriteRefused(long tab, IntentChange change, Refusal refusal)
    {
        if (BindRefusal(Refuse, tab, change.RequestId, refusal).Run() > 0)
            return;
        var inserted = change.Intent is { } intent
            && BindRefusal(InsertRefused, tab, change.RequestId, refusal)
                .Bind(6, nextPosition++)
                .Bind(7, intent.AskedMs)
                .Bind(8, intent.ExpiresMs)
                .Bind(9, StoredBytes.Of(intent.Lines))
                .Run() > 0;
        if (!inserted)
            Require(tab, change.RequestId, IntentRows.Refused);
    }

    private SqliteStatement BindRefusal(string sql, long tab, RequestId id, Refusal refusal) => book.For(sql)
        .Bind(1, id)
        .Bind(2, tab)
        .Bind(3, refusal.Why.Name)
        .Bind(4, (long)refusal.Why.Class)
        .Bind(5, refusal.Text);

    private SqliteStatement BindWaiting(string sql, long tab, Intent intent, long position) => book.For(sql)
        .Bind(1, intent.RequestId)
        .Bind(2, tab)
        .Bind(3, position)
        .Bind(4, intent.AskedMs)
        .Bind(5, intent.ExpiresMs)
        .Bind(6, StoredBytes.Of(intent.Lines));

    private long FirstPositions(long tab, int count)
    {
        var row = book.For(SelectFirstWaiting).Bind(1, tab);
        if (!row.Step())
            return (nextPosition += count) - count;
        var first = row.Long(0) - count;
        row.Reset();
        return first;
    }

    // A change that is already made is fine: the same step may be written again. Any other state is a contradiction.
    private void Require(long tab, RequestId id, int state)
    {
        var row = book.For(SelectState).Bind(1, id);
        if (!row.Step())
            throw new StoreConflictException($"Intent {id} is not stored.");
        var (storedTab, stored) = (row.Long(0), row.Int(1));
        row.Reset();
        if (storedTab != tab || stored != state)
            throw new StoreConflictException($"Intent {id} is in state {stored} of tab {storedTab}, so it cannot change.");
    }
}
