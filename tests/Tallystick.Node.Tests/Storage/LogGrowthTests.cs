using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class LogGrowthTests
{
    [Fact]
    public async Task Readers_that_never_pause_do_not_let_the_log_grow_without_end()
    {
        using var folder = new TemporaryFolder();
        using var store = SqliteLedgerStore.Open(folder.Path, TimeProvider.System);
        var tab = new TabScript();
        store.Commit([tab.WritePages(64)]);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                store.ReadPages(tab.Id, tab.Me, 1, 64);
        })).ToArray();
        var largest = 0L;
        for (var commit = 0; commit < 1_500; commit++)
        {
            store.Commit([tab.WritePages(64)]);
            largest = Math.Max(largest, new FileInfo(folder.Book + "-wal").Length);
        }
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.True(largest < 100 * 1024 * 1024, $"the log grew to {largest / 1024 / 1024} MB");
    }
}
