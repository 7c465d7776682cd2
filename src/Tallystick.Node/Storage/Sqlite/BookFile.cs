using SQLitePCL;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Opens <c>book.db</c> for writing, and says in one sentence why it cannot.</summary>
internal static class BookFile
{
    public const string Name = "book.db";

    // WAL with synchronous=FULL flushes the log at every commit; NORMAL could lose a commit on power loss.
    // The log is copied into the book every 16 MB: rarer means fewer flushes, more means a longer start after a crash.
    private const string Settings = """
        pragma synchronous = full;
        pragma wal_autocheckpoint = 4000;
        pragma journal_size_limit = 67108864;
        pragma cache_size = -16384;
        pragma temp_store = memory;
        """;

    /// <exception cref="CannotStartException">The message says what to do.</exception>
    public static SqliteConnection Open(string folder)
    {
        SqliteEngine.Load();
        var file = Path.Combine(folder, Name);
        MakeFile(folder, file);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnection.Open(file, readOnly: false);
            Prepare(connection, file);
            return connection;
        }
        catch (SqliteFailure failure)
        {
            connection?.Dispose();
            throw new CannotStartException(failure.PrimaryCode == raw.SQLITE_NOTADB
                ? $"{file} is not a Tallystick book: move it away, or choose another data folder with --data."
                : failure.Sentence(file), failure);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    // The file is made before SQLite opens it, so that its mode, which SQLite copies to -wal and -shm, is never wider.
    private static void MakeFile(string folder, string file)
    {
        try
        {
            PrivateFile.CreateFolder(folder);
            var options = PrivateFile.Options(
                FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            using (new FileStream(file, options))
                PrivateFile.CloseIfWider(file);
            // What a book that was copied here had beside it keeps the mode that it came with.
            foreach (var beside in (string[])[file + "-wal", file + "-shm"])
            {
                if (File.Exists(beside))
                    PrivateFile.CloseIfWider(beside);
            }
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new CannotStartException(
                $"The data folder {folder} cannot be read and written ({problem.Message.TrimEnd('.')}); "
                + "check its permissions, or choose another with --data.", problem);
        }
    }

    private static void Prepare(SqliteConnection connection, string file)
    {
        var version = connection.Ask("pragma user_version");
        if (version > BookSchema.Version)
        {
            throw new CannotStartException(
                $"{file} was written by a newer Tallystick (version {version}, this one knows {BookSchema.Version}); "
                + "update Tallystick.");
        }
        var empty = connection.Ask("select count(*) from sqlite_schema") == 0;
        if (empty ? version != 0 : connection.Ask("pragma application_id") != BookSchema.ApplicationId)
        {
            throw new CannotStartException(
                $"{file} is not a Tallystick book: move it away, or choose another data folder with --data.");
        }
        if (connection.AskText("pragma journal_mode = wal") != "wal")
        {
            throw new CannotStartException(
                $"{file} lies on a file system without shared memory; choose a local data folder with --data.");
        }
        connection.Execute(Settings);
        if (version < BookSchema.Version)
            Upgrade(connection);
    }

    // One transaction, so that a book is of one version or of the next, and never in between.
    private static void Upgrade(SqliteConnection connection)
    {
        connection.Execute("begin immediate");
        try
        {
            // Another process may have done it meanwhile.
            var version = connection.Ask("pragma user_version");
            if (version == 0)
            {
                connection.Execute(BookSchema.Create);
                connection.Execute($"pragma application_id = {BookSchema.ApplicationId}");
                version = 1;
            }
            foreach (var upgrade in BookSchema.Upgrades.Skip((int)version - 1))
                connection.Execute(upgrade);
            if (version < BookSchema.FirstWithSettlementLines)
                SettlementRows.AddAll(connection);
            connection.Execute($"pragma user_version = {BookSchema.Version}");
            connection.Execute("commit");
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }
}
