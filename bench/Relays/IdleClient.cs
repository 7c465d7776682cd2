using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;

namespace Tallystick.Bench.Relays;

/// <summary>A node's line to a relay, and nothing else of the node.</summary>
internal sealed class IdleClient : IAsyncDisposable
{
    private readonly NodeIdentity identity = NodeIdentity.CreateFresh();
    private readonly LinkTls tls = new(TimeProvider.System);
    private readonly RelayLine line;

    public IdleClient(string relay)
    {
        if (!PeerAddress.TryParseRelay(relay, out var address, out var problem))
            throw new InvalidOperationException(problem);
        line = new RelayLine(address, new RelayHome
        {
            Self = new LinkSelf(identity, "idle", RandomHash.Next(), ListenPort: 0, tls),
            Limits = new LinkLimits(),
            Time = TimeProvider.System,
            Arrived = socket => socket.Dispose(),
        });
    }

    public bool IsRegistered => line.IsRegistered;

    public async ValueTask DisposeAsync()
    {
        await line.DisposeAsync();
        tls.Dispose();
        identity.Dispose();
    }
}
