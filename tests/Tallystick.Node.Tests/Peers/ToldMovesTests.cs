using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Money;
using Tallystick.Node.Identity;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage.Sqlite;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Peers;

/// <summary>Peers that say where they are, some of them too often.</summary>
public sealed class ToldMovesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private readonly NodeIdentity me = NodeIdentity.CreateFresh();
    private readonly ManualTime time = new();
    private readonly SqliteLedgerStore store;
    private readonly PeerBook book;
    private readonly ToldMoves moves;
    private int noted;

    public ToldMovesTests()
    {
        store = SqliteLedgerStore.Open(folder, TimeProvider.System);
        book = new PeerBook(store, me.Key, "alice", TimeProvider.System);
        moves = new ToldMoves(book, time) { Noted = () => noted++ };
    }

    public void Dispose()
    {
        moves.Dispose();
        store.Dispose();
        me.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void One_who_moves_all_the_time_does_not_keep_another_from_being_heard()
    {
        var (bob, carol) = (NewPeer("bob"), NewPeer("carol"));
        for (var port = 1; port <= 10_000; port++)
            moves.Hear(bob, Place(port));
        moves.Hear(carol, Place(7));
        Assert.Equal(Place(7), book.Find(carol)!.Told);
        Assert.Equal(Place(ToldMoves.AtOnce), book.Find(bob)!.Told);
        Assert.Equal(ToldMoves.AtOnce + 1, noted);
    }

    [Fact]
    public void The_newest_word_of_one_who_said_too_much_is_written_down_later()
    {
        var bob = NewPeer("bob");
        for (var port = 1; port <= 100; port++)
            moves.Hear(bob, Place(port));
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(Place(ToldMoves.AtOnce), book.Find(bob)!.Told);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Place(100), book.Find(bob)!.Told);
        Assert.Equal(ToldMoves.AtOnce + 1, noted);
    }

    [Fact]
    public void Saying_the_same_again_costs_nothing_and_takes_back_what_waits()
    {
        var bob = NewPeer("bob");
        moves.Hear(bob, Place(1));
        for (var times = 0; times < 1_000; times++)
            moves.Hear(bob, Place(1));
        for (var port = 2; port <= ToldMoves.AtOnce; port++)
            moves.Hear(bob, Place(port));
        Assert.Equal(Place(ToldMoves.AtOnce), book.Find(bob)!.Told);
        moves.Hear(bob, Place(100));
        moves.Hear(bob, Place(ToldMoves.AtOnce));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Place(ToldMoves.AtOnce), book.Find(bob)!.Told);
    }

    [Fact]
    public void Nothing_is_written_once_the_node_has_stopped()
    {
        var bob = NewPeer("bob");
        for (var port = 1; port <= 100; port++)
            moves.Hear(bob, Place(port));
        moves.Dispose();
        time.Advance(TimeSpan.FromMinutes(1));
        moves.Hear(bob, Place(200));
        Assert.Equal(Place(ToldMoves.AtOnce), book.Find(bob)!.Told);
    }

    private static string Place(int port) => $"192.0.2.7:{port}";

    private PublicKey NewPeer(string name)
    {
        using var identity = NodeIdentity.CreateFresh();
        book.Join(
            new InviteLink(
                identity.Key, name, Asset.Credits, CreditLimit.None, 2_000_000_000, UInt128.One, ["192.0.2.9:5000"]),
            name: null);
        return identity.Key;
    }
}
