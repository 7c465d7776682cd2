using SQLitePCL;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>SQLite refused a call.</summary>
internal sealed class SqliteFailure(int code, string text) : Exception($"SQLite error {code}: {text}")
{
    /// <summary>The extended result code.</summary>
    public int Code => code;

    /// <summary>The family of <see cref="Code"/>.</summary>
    public int PrimaryCode => code & 0xff;

    public static void Check(sqlite3 database, int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw Of(database, result);
    }

    public static SqliteFailure Of(sqlite3 database, int result)
    {
        // Some calls fail before the connection knows of it; then only the plain result is right.
        var extended = raw.sqlite3_extended_errcode(database);
        return (extended & 0xff) == (result & 0xff)
            ? new SqliteFailure(extended, raw.sqlite3_errmsg(database).utf8_to_string())
            : new SqliteFailure(result, raw.sqlite3_errstr(result).utf8_to_string());
    }

    /// <summary>The failure as one sentence for the person whose disk holds <paramref name="file"/>.</summary>
    public string Sentence(string file) => PrimaryCode switch
    {
        raw.SQLITE_FULL => $"The disk is full: {file} cannot grow; free some space and start again.",
        raw.SQLITE_IOERR => $"The disk failed while {file} was used ({Message}); check the disk and start again.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            $"Another program keeps {file} locked; close it and start again.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
            $"{file} is damaged ({Message}); restore a backup, or move it away and let your peers give its pages back.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN =>
            $"{file} cannot be written any more ({Message}); check its permissions and start again.",
        _ => $"{file} cannot be used ({Message}).",
    };
}
