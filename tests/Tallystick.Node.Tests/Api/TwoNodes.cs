using Tallystick.Client;

namespace Tallystick.Node.Tests.Api;

/// <summary>Alice and Bob: two real nodes over TLS and SQLite that know each other and are ready to pay.</summary>
public abstract class TwoNodes : IAsyncLifetime
{
    private protected string Folder { get; } = Directory.CreateTempSubdirectory("tallystick-").FullName;

    private protected RunningTestNode Alice { get; set; } = null!;

    private protected RunningTestNode Bob { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Bob = await RunningTestNode.StartAsync(Folder, "bob");
        Alice = await RunningTestNode.StartAsync(Folder, "alice", ("bob", Bob.Address));
        // Dialling back makes them peers at once; a stranger who is accepted comes back only after some seconds.
        await Bob.Client.AddPeerAsync(new AddPeerRequest("alice", Alice.Address));
        await Alice.UntilReadyAsync("bob");
        await Bob.UntilReadyAsync("alice");
    }

    public async ValueTask DisposeAsync()
    {
        await Alice.DisposeAsync();
        await Bob.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
