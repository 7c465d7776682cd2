using Tallystick.Node.Storage;
using Tallystick.Node.Tests.Storage;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Tests;

public sealed class SimulatedStoreTests : LedgerStoreContract, IDisposable
{
    private readonly SimulatedStore disk = new();

    public void Dispose() => disk.Dispose();

    internal override ILedgerStore Open() => disk;
}
