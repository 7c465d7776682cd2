using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Bench.Limit;

/// <summary>
/// The least that a durable book can be: one table, one row per page, the log flushed at every commit.
/// </summary>
internal sealed class LimitBook : IDisposable
{
    private const string Append = "insert into page (bytes, signature) values (?1, ?2)";

    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-limit-").FullName;
    private readonly SqliteConnection connection;

    public LimitBook()
    {
        SqliteEngine.Load();
        var file = Path.Combine(folder, "book.db");
        File.Create(file).Dispose();
        connection = SqliteConnection.Open(file, readOnly: false);
        connection.AskText("pragma journal_mode = wal");
        connection.Execute(
            """
            pragma synchronous = full;
            pragma wal_autocheckpoint = 4000;
            pragma cache_size = -16384;
            create table page (seq integer primary key, bytes blob not null, signature blob not null) strict;
            """);
    }

    /// <summary>Writes all of it in one durable transaction.</summary>
    public void Commit(IReadOnlyList<byte[]> frames)
    {
        connection.For("begin immediate").Run();
        foreach (var frame in frames)
            connection.For(Append).Bind(1, LimitFrame.BytesOf(frame)).Bind(2, LimitFrame.SignatureOf(frame)).Run();
        connection.For("commit").Run();
    }

    public void Dispose()
    {
        connection.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
