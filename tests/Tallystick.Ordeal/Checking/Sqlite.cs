using System.Runtime.InteropServices;
using SQLitePCL;

namespace Tallystick.Ordeal.Checking;

/// <summary>The system's SQLite, as little of it as is needed here.</summary>
internal sealed class Sqlite : IDisposable
{
    private static readonly Lock Loading = new();
    private static bool IsLoaded;
    private readonly sqlite3 database;

    private Sqlite(string file, int flags)
    {
        Load();
        Check(raw.sqlite3_open_v2(file, out database, flags, null), file);
        raw.sqlite3_busy_timeout(database, 10_000);
    }

    public static Sqlite Read(string file) => new(file, raw.SQLITE_OPEN_READONLY);

    public static Sqlite Write(string file) => new(file, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);

    /// <summary>Copies a database as it is at one moment, also while a node writes it.</summary>
    public static void Backup(string from, string to)
    {
        using var source = Read(from);
        using var target = Write(to);
        using var backup = raw.sqlite3_backup_init(target.database, "main", source.database, "main");
        if (backup is null || raw.sqlite3_backup_step(backup, -1) != raw.SQLITE_DONE)
        {
            throw new IOException(
                $"{from} could not be copied: {raw.sqlite3_errmsg(target.database).utf8_to_string()}");
        }
    }

    public List<T> Rows<T>(string sql, Func<Row, T> read, params object[] values)
    {
        Check(raw.sqlite3_prepare_v2(database, sql, out var statement), sql);
        using (statement)
        {
            for (var i = 0; i < values.Length; i++)
            {
                Check(values[i] switch
                {
                    byte[] bytes => raw.sqlite3_bind_blob(statement, i + 1, bytes),
                    string text => raw.sqlite3_bind_text(statement, i + 1, text),
                    var number => raw.sqlite3_bind_int64(
                        statement, i + 1, Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture)),
                }, sql);
            }
            var rows = new List<T>();
            int step;
            while ((step = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                rows.Add(read(new Row(statement)));
            if (step != raw.SQLITE_DONE)
                Check(step, sql);
            return rows;
        }
    }

    public void Run(string sql, params object[] values) => Rows(sql, _ => 0, values);

    public void Dispose() => database.Dispose();

    private void Check(int result, string what)
    {
        if (result != raw.SQLITE_OK)
            throw new IOException($"{what}: {raw.sqlite3_errmsg(database).utf8_to_string()}");
    }

    private static void Load()
    {
        lock (Loading)
        {
            if (IsLoaded)
                return;
            var provider = new SQLite3Provider_e_sqlite3();
            NativeLibrary.SetDllImportResolver(provider.GetType().Assembly, (name, _, _) =>
                name == "e_sqlite3" ? NativeLibrary.Load("libsqlite3.so.0") : 0);
            raw.SetProvider(provider);
            IsLoaded = true;
        }
    }

    /// <summary>One row of an answer.</summary>
    internal readonly struct Row(sqlite3_stmt statement)
    {
        public long Long(int column) => raw.sqlite3_column_int64(statement, column);

        public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

        public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

        public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
    }
}
