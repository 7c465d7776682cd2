using Tallystick.Node.Storage;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

/// <summary>The same for request ids that do not grow with time.</summary>
public sealed class SqliteLedgerStoreOfOtherIdsTests() : LedgerStoreContract(idsGrowWithTime: false), IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    internal override ILedgerStore Open() => SqliteLedgerStore.Open(folder.Path, TimeProvider.System);
}
