using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// Writes table intent. Each change states in SQL from which state it may come, so that two cannot both win.
/// </summary>
internal sealed class IntentChanges(SqliteConnection book, YoungIds young, DonePages donePages)
{
    private const string MakeDone =
        """
        insert into intent (request_id, tab, state, page, line) values (?1, ?2, 1, ?3, ?4)
        on conflict (request_id) do update set
            tab = ?2, state = 1, page = ?3, line = ?4, position = null, asked_ms = null, expires_ms = null,
            lines = null, reason = null, reason_class = null, reason_text = null
        """;

    private const string UpsertDone = $"{MakeDone} where state = 0 and tab = ?2";

    // The peer's copy proves it, so it wins over whatever this node believed; a second page with the same id changes
    // nothing.
    private const string UpsertReturned = $"{MakeDone} where state <> 1";

    private const string SelectDone =
        "select 1 from intent where request_id = ?1 and tab = ?2 and state = 1 and page = ?3 and line = ?4";

    private const string DeleteDone =
        "delete from intent where request_id = ?1 and tab = ?2 and state = 1 and page > ?3";

    private const string InsertUnsigned =
        """
        insert into intent
            (request_id, tab, state, position, asked_ms, expires_ms, lines, reason, reason_class, reason_text)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        on conflict (request_id) do nothing
        """;

    private const string MoveWaiting =
        "update intent set position = ?3 where request_id = ?1 and tab = ?2 and state = 0";

    private const string EndWaiting =
        """
        update intent set state = ?3, reason = ?4, reason_class = ?5, reason_text = ?6
        where request_id = ?1 and tab = ?2 and state = 0
        """;

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

    /// <summary>Marks the intents of a page of the own chain as done.</summary>
    /// <param name="tab">The tab's row.</param>
    /// <param name="page">The page.</param>
    /// <param name="isReturned">Whether the peer gave the page back.</param>
    /// <exception cref="StoreConflictException">The page is new and repeats what is done or has ended.</exception>
    public void WriteDone(long tab, Page page, bool isReturned)
    {
        if (!isReturned && DonePages.TryAdd(book, young, tab, page))
            return;
        var statement = book.For(isReturned ? UpsertReturned : UpsertDone).Bind(2, tab).Bind(3, page.Number);
        var last = default(RequestId);
        for (var index = 0; index < page.Lines.Length; index++)
        {
            var id = page.Lines[index].RequestId;
            // The lines of a group share one id, and a line of an unknown kind has none.
            if (id == last || id == default)
                continue;
            last = id;
            if (young.MayBeStored(id) && donePages.Find(book, id) is { } done)
            {
                if (isReturned)
                    continue;
                throw new StoreConflictException($"Intent {id} is done by line {done.Line} of page {done.Page.Number}.");
            }
            young.Add(id);
            if (statement.Bind(1, id).Bind(4, index).Run() == 0 && !isReturned)
                RequireDone(tab, id, new Ref(page.Number, index));
        }
    }

    /// <summary>
    /// Forgets what was done on pages after <paramref name="number"/>, which are about to be dropped.
    /// </summary>
    public void ForgetDone(long tab, long number, IEnumerable<StoredPage> dropped)
    {
        var statement = book.For(DeleteDone).Bind(2, tab).Bind(3, number);
        foreach (var page in dropped.Select(stored => stored.Page.Page))
        {
            DonePages.Remove(book, tab, page);
            foreach (var line in page.Lines)
                statement.Bind(1, line.RequestId).Run();
        }
    }

    /// <summary>Lets intents wait behind all that wait; those that wait already keep their place.</summary>
    public void WriteWaiting(long tab, IEnumerable<Intent> asked)
    {
        foreach (var intent in asked)
        {
            if (!Insert(tab, IntentRows.Waiting, intent, nextPosition++))
                Require(tab, intent.RequestId, IntentRows.Waiting);
        }
    }

    /// <summary>
    /// Lets intents wait ahead of all others on the tab, in the order given: their pages were dropped.
    /// </summary>
    public void WriteWaitingFirst(long tab, IReadOnlyCollection<Intent> returned)
    {
        var position = FirstWaiting(tab) - returned.Count;
        foreach (var intent in returned)
        {
            var moved = book.For(MoveWaiting).Bind(1, intent.RequestId).Bind(2, tab).Bind(3, position).Run() > 0;
            if (!moved && !Insert(tab, IntentRows.Waiting, intent, position))
                Require(tab, intent.RequestId, IntentRows.Waiting);
            position++;
        }
    }

    /// <summary>Ends an intent that is on no page.</summary>
    public void Write(long tab, IntentChange change)
    {
        switch (change.State)
        {
            case IntentRefused refused:
                End(tab, change, IntentRows.Refused, refused.Refusal);
                break;
            case IntentCancelled:
                End(tab, change, IntentRows.Cancelled, refusal: null);
                break;
            default:
                throw new StoreConflictException($"An intent cannot become {change.State} here.");
        }
    }

    // An intent may end before it ever waited durably; then it comes with its lines.
    private void End(long tab, IntentChange change, int state, Refusal? refusal)
    {
        var statement = book.For(EndWaiting).Bind(1, change.RequestId).Bind(2, tab).Bind(3, state);
        if (BindRefusal(statement, 4, refusal).Run() > 0)
            return;
        if (change.Intent is not { } intent || !Insert(tab, state, intent, nextPosition++, refusal))
            Require(tab, change.RequestId, state);
    }

    private bool Insert(long tab, int state, Intent intent, long position, Refusal? refusal = null)
    {
        if (young.MayBeStored(intent.RequestId) && donePages.Find(book, intent.RequestId) is { } done)
        {
            throw new StoreConflictException(
                $"Intent {intent.RequestId} is done by line {done.Line} of page {done.Page.Number}.");
        }
        young.Add(intent.RequestId);
        var statement = book.For(InsertUnsigned)
            .Bind(1, intent.RequestId)
            .Bind(2, tab)
            .Bind(3, state)
            .Bind(4, position)
            .Bind(5, intent.AskedMs)
            .Bind(6, intent.ExpiresMs)
            .Bind(7, StoredBytes.Of(intent.Lines));
        return BindRefusal(statement, 8, refusal).Run() > 0;
    }

    private static SqliteStatement BindRefusal(SqliteStatement statement, int at, Refusal? refusal) => statement
        .Bind(at, refusal?.Why.Name)
        .Bind(at + 1, (long?)refusal?.Why.Class)
        .Bind(at + 2, refusal?.Text);

    private long FirstWaiting(long tab)
    {
        var row = book.For(SelectFirstWaiting).Bind(1, tab);
        var first = row.Step() ? row.Long(0) : nextPosition;
        row.Reset();
        return first;
    }

    private void RequireDone(long tab, RequestId id, Ref at)
    {
        var row = book.For(SelectDone).Bind(1, id).Bind(2, tab).Bind(3, at.Page).Bind(4, at.Line);
        var isDone = row.Step();
        row.Reset();
        if (!isDone)
            throw new StoreConflictException($"Intent {id} is not done by line {at.Line} of page {at.Page}.");
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
            throw new StoreConflictException(
                $"Intent {id} is in state {stored} of tab {storedTab}, so it cannot change.");
    }
}
