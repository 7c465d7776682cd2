namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Read-only connections, lent to one thread at a time. As many exist as were ever needed at once.</summary>
internal sealed class ReaderPool(string file) : IDisposable
{
    // More than this are closed on return: a burst of readers must not keep its memory.
    private const int MostKept = 8;

    private readonly Stack<SqliteConnection> idle = new();
    private readonly Lock gate = new();
    private bool closed;

    /// <summary>Reads with a connection that sees one unchanging state of the book.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        var connection = Take();
        try
        {
            connection.For("begin").Run();
            return read(connection);
        }
        catch (SqliteFailure failure)
        {
            throw new StoreFailedException(failure.Sentence(file), failure);
        }
        catch (InvalidDataException damage)
        {
            throw new StoreFailedException($"{file} is damaged: {damage.Message}", damage);
        }
        finally
        {
            connection.RollBack();
            Return(connection);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            while (idle.TryPop(out var connection))
                connection.Dispose();
        }
    }

    private SqliteConnection Take()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (idle.TryPop(out var connection))
                return connection;
        }
        try
        {
            return SqliteConnection.Open(file, readOnly: true);
        }
        catch (SqliteFailure failure)
        {
            throw new StoreFailedException(failure.Sentence(file), failure);
        }
    }

    private void Return(SqliteConnection connection)
    {
        lock (gate)
        {
            if (closed || idle.Count >= MostKept)
                connection.Dispose();
            else
                idle.Push(connection);
        }
    }
}
