using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class LogGrowthTests
{
    [Fact]
    public void The_log_begins_anew_when_it_is_large()
    {
        const int Largest = 1024 * 1024;
        using var folder = new TemporaryFolder();
        using var store = SqliteLedgerStore.Open(folder.Path, TimeProvider.System, largestLogBytes: Largest);
        var tab = new TabScript();
        for (var commit = 0; commit < 200; commit++)
            store.Commit([tab.WritePages(64)]);

        var bytes = new FileInfo(folder.Book + "-wal").Length;
        Assert.True(bytes < 2 * Largest, $"the log has {bytes} bytes");
        Assert.Equal(12_800, store.ReadPages(tab.Id, tab.Me, 1, int.MaxValue).Count);
    }
}
