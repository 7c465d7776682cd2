namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Keeps the log of the book (<c>book.db-wal</c>) from growing without end.</summary>
/// <remarks>
/// The log begins anew by itself whenever no reader is in it. Readers that overlap without a pause leave no such
/// moment, so beyond a size the writer waits for them, for a second at most. The file is looked at as rarely as that
/// allows: after each look ext4 writes the file's time along with the next flush, which then takes half as long again.
/// </remarks>
/// <param name="writer">The one connection that writes.</param>
/// <param name="file">The log's path.</param>
/// <param name="largestBytes">The size beyond which the writer waits for readers.</param>
internal sealed class BookLog(SqliteConnection writer, string file, long largestBytes)
{
    private const int PatienceMs = 1000;

    // A page of 4 KiB and what stands before it.
    private const int FrameBytes = 4096 + 24;

    private readonly FileInfo log = new(file);
    private long pagesUntilLook;

    // How much of it readers could not be waited for.
    private long keptBytes;

    /// <summary>Called after a commit.</summary>
    public void KeepSmall()
    {
        pagesUntilLook -= writer.TakePagesWritten();
        if (pagesUntilLook > 0)
            return;
        log.Refresh();
        var bytes = log.Exists ? log.Length : 0;
        if (bytes >= keptBytes + largestBytes)
            keptBytes = BeginAnew() ? 0 : bytes;
        // Each page that is written makes the log longer by a frame at the most.
        pagesUntilLook = (keptBytes + largestBytes - bytes) / FrameBytes;
    }

    // What is in the log is durable already, so a failure here is none of the commit's: the next one will meet it.
    private bool BeginAnew()
    {
        try
        {
            writer.Execute($"pragma busy_timeout = {PatienceMs}");
            return writer.Ask("pragma wal_checkpoint(restart)") == 0;
        }
        catch (SqliteFailure)
        {
            return false;
        }
        finally
        {
            writer.Execute($"pragma busy_timeout = {SqliteConnection.PatienceMs}");
        }
    }
}
