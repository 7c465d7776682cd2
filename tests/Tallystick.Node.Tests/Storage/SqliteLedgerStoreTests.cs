using Tallystick.Node.Storage;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract, IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    internal override ILedgerStore Open() => SqliteLedgerStore.Open(folder.Path, TimeProvider.System);
}
