namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Finds pages by when they were stored. Sequences grow with time, so no index is needed for that.</summary>
internal static class PageTimes
{
    public const string SelectFrom = "select seq, stored_ms from page where seq >= ?1 order by seq limit 1";

    private const string SelectLast = "select seq from page order by seq desc limit 1";

    public static long FindSequence(SqliteConnection book, long storedMs)
    {
        // Below low everything is older, from high on nothing is.
        var (low, high) = (1L, Last(book) + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var row = book.For(SelectFrom).Bind(1, middle);
            var (sequence, ms) = row.Step() ? (row.Long(0), row.Long(1)) : (high, long.MaxValue);
            row.Reset();
            if (ms < storedMs)
                low = sequence + 1;
            else
                high = middle;
        }
        return low;
    }

    private static long Last(SqliteConnection book)
    {
        var row = book.For(SelectLast);
        var last = row.Step() ? row.Long(0) : 0;
        row.Reset();
        return last;
    }
}
