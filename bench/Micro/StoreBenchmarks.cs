using BenchmarkDotNet.Attributes;
using Tallystick.Node.Identity;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Bench.Micro;

/// <summary>
/// One page made and put on the disk by a payer, with the flush. What making it costs stands with the other benchmarks.
/// </summary>
public class StoreBenchmarks
{
    private string folder = string.Empty;
    private SqliteLedgerStore store = null!;
    private PaidPages pages = null!;

    /// <summary>Payments on the page.</summary>
    [Params(1, 100)]
    public int Payments { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
        store = SqliteLedgerStore.Open(folder, TimeProvider.System);
        using var payer = NodeIdentity.CreateFresh();
        using var paid = NodeIdentity.CreateFresh();
        pages = new PaidPages(payer, paid);
    }

    [Benchmark]
    public void Commit() => store.Commit([pages.Commit(pages.Next(Payments))]);

    [GlobalCleanup]
    public void Clean()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
