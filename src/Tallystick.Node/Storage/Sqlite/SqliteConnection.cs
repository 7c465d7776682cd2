using SQLitePCL;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    /// <summary>How long a statement waits for another connection's lock.</summary>
    public const int PatienceMs = 5000;

    // Statements are named by the constant that holds their text, so the text itself need not be compared.
    private readonly Dictionary<string, SqliteStatement> statements = new(ReferenceEqualityComparer.Instance);
    private readonly sqlite3 database;

    private SqliteConnection(sqlite3 database) => this.database = database;

    public static SqliteConnection Open(string file, bool readOnly)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE);
        var result = raw.sqlite3_open_v2(file, out var database, flags, null);
        if (result != raw.SQLITE_OK)
        {
            var failure = SqliteFailure.Of(database, result);
            database.Dispose();
            throw failure;
        }
        raw.sqlite3_busy_timeout(database, PatienceMs);
        return new SqliteConnection(database);
    }

    /// <summary>The statement with this text, which must be a constant.</summary>
    public SqliteStatement For(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
            statements.Add(sql, statement = new SqliteStatement(database, sql));
        return statement;
    }

    /// <summary>A statement for one use; the caller disposes it.</summary>
    public SqliteStatement Prepare(string sql) => new(database, sql);

    /// <summary>Runs statements that return nothing.</summary>
    public void Execute(string sql) => SqliteFailure.Check(database, raw.sqlite3_exec(database, sql));

    /// <summary>Asks for one number, once.</summary>
    public long Ask(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>Asks for one text, once.</summary>
    public string AskText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : string.Empty;
    }

    /// <summary>The row id of the last insertion.</summary>
    public long LastId => raw.sqlite3_last_insert_rowid(database);

    /// <summary>How many pages this connection has written, to the log or the book, since it was last asked.</summary>
    public int TakePagesWritten()
    {
        var result = raw.sqlite3_db_status(
            database, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 1);
        SqliteFailure.Check(database, result);
        return pages;
    }

    /// <summary>Undoes the open transaction, if the failure has not done so already.</summary>
    public void RollBack()
    {
        ResetAll();
        if (raw.sqlite3_get_autocommit(database) == 0)
            _ = raw.sqlite3_exec(database, "rollback");
    }

    public void ResetAll()
    {
        foreach (var statement in statements.Values)
            statement.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
            statement.Dispose();
        database.Dispose();
    }
}
