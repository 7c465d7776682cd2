using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Node.Identity;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Peers;

/// <summary>Somebody nearby is accepted by a fingerprint that anybody there can say.</summary>
public sealed class NearbyPeerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private readonly NodeIdentity me = NodeIdentity.CreateFresh();
    private readonly NodeIdentity bob = NodeIdentity.CreateFresh();
    private readonly SqliteLedgerStore store;
    private readonly PeerBook book;

    public NearbyPeerTests()
    {
        store = SqliteLedgerStore.Open(folder, TimeProvider.System);
        book = new PeerBook(store, me.Key, "alice", TimeProvider.System);
    }

    private string[] Places =>
        [$"192.0.2.66:5000/{bob.Fingerprint}", $"192.0.2.7:5000/{bob.Fingerprint}"];

    public void Dispose()
    {
        store.Dispose();
        me.Dispose();
        bob.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Who_is_nearby_is_looked_for_wherever_the_fingerprint_was_heard()
    {
        var peer = book.AddNearby(name: null, "bob", bob.Fingerprint, Places).Peer!;
        Assert.Equal(("bob", false, null), (peer.Name, peer.NameIsOurs, peer.Key));
        Assert.Equal(Places, peer.Addresses);
        Assert.Equal(peer, book.AddNearby("bob", "bob", bob.Fingerprint, Places).Peer);
        var verdict = book.Judge(Greets(bob.Key), Places[0], "192.0.2.7:5000");
        Assert.Equal((Trust.Peer, bob.Key), (verdict.Trust, Assert.Single(book.Peers).Key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_name_of_a_peer_is_not_given_to_somebody_nearby(bool isPinned)
    {
        book.Add("carol", "192.0.2.8:5000");
        using var carol = NodeIdentity.CreateFresh();
        if (isPinned)
            book.Judge(Greets(carol.Key), "192.0.2.8:5000", "192.0.2.8:5000");
        Assert.Equal("name-taken", book.AddNearby("carol", "bob", bob.Fingerprint, Places).Refusal!.Name);
        Assert.Equal("192.0.2.8:5000", Assert.Single(book.Peers).Address);
    }

    [Fact]
    public void Who_is_a_peer_already_keeps_name_and_address()
    {
        book.Add("robert", "192.0.2.8:5000");
        book.Judge(Greets(bob.Key), "192.0.2.8:5000", "192.0.2.8:5000");
        Assert.Equal("name-taken", book.AddNearby("bob", "bob", bob.Fingerprint, Places).Refusal!.Name);
        var peer = book.AddNearby(name: null, "bob", bob.Fingerprint, Places).Peer!;
        Assert.Equal(("robert", "192.0.2.8:5000"), (peer.Name, peer.Address));
    }

    private static Greeting Greets(PublicKey key) =>
        new(key, "bob", Hash.Of([1]), Hash.Of([2]), ListenPort: 5000, MinVersion: 1, MaxVersion: 1);
}
