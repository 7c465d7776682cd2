using SQLitePCL;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// A prepared statement that is bound, stepped and used again. Parameters count from 1, columns from 0.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        this.database = database;
        SqliteFailure.Check(database, raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    public SqliteStatement Bind(int at, long value)
    {
        SqliteFailure.Check(database, raw.sqlite3_bind_int64(statement, at, value));
        return this;
    }

    public SqliteStatement Bind(int at, long? value) => value is { } number ? Bind(at, number) : BindNull(at);

    public SqliteStatement Bind(int at, bool value) => Bind(at, value ? 1L : 0L);

    public SqliteStatement Bind(int at, string? value)
    {
        if (value is null)
            return BindNull(at);
        SqliteFailure.Check(database, raw.sqlite3_bind_text(statement, at, value));
        return this;
    }

    public SqliteStatement Bind(int at, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite would take for NULL.
        SqliteFailure.Check(database, value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(statement, at, 0)
            : raw.sqlite3_bind_blob(statement, at, value));
        return this;
    }

    public SqliteStatement Bind(int at, Hash value)
    {
        Span<byte> bytes = stackalloc byte[Core.Identity.Hash.Size];
        value.CopyTo(bytes);
        return Bind(at, bytes);
    }

    public SqliteStatement Bind(int at, RequestId value)
    {
        Span<byte> bytes = stackalloc byte[Core.Identity.RequestId.Size];
        value.CopyTo(bytes);
        return Bind(at, bytes);
    }

    public SqliteStatement BindNull(int at)
    {
        SqliteFailure.Check(database, raw.sqlite3_bind_null(statement, at));
        return this;
    }

    /// <summary>Moves to the next row; after the last one the statement is ready to be used again.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
        {
            var failure = SqliteFailure.Of(database, result);
            Reset();
            throw failure;
        }
        Reset();
        return false;
    }

    /// <summary>Runs a statement that returns no rows; returns how many rows it changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }
        return raw.sqlite3_changes(database);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public int Int(int column) => raw.sqlite3_column_int(statement, column);

    public bool Bool(int column) => Long(column) != 0;

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public Hash Hash(int column) => new(raw.sqlite3_column_blob(statement, column));

    public RequestId RequestId(int column) =>
        Core.Identity.RequestId.FromBytes(raw.sqlite3_column_blob(statement, column));

    /// <summary>Ends the reading of rows early; an open statement would hold its snapshot of the book.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    public void Dispose() => statement.Dispose();
}
