using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Money;
using Tallystick.Core.Sync;
using Tallystick.Node.Identity;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Peers;

public sealed class PeerBookTests : IDisposable
{
    private const string Elsewhere = "198.51.100.9:40000";
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private readonly NodeIdentity me = NodeIdentity.CreateFresh();
    private SqliteLedgerStore store;
    private PeerBook book;

    public PeerBookTests()
    {
        store = SqliteLedgerStore.Open(folder, TimeProvider.System);
        book = new PeerBook(store, me.Key, "alice", TimeProvider.System);
    }

    public void Dispose()
    {
        store.Dispose();
        me.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_key_is_pinned_where_this_node_dialled_the_address_that_the_person_named()
    {
        book.Add("bob", "192.0.2.7:5001");
        var bob = NewKey();
        var verdict = book.Judge(Greets(bob, "Robert"), "192.0.2.7:5001", "192.0.2.7:5001");
        Assert.Equal(Trust.Peer, verdict.Trust);
        Assert.True(verdict.Pinned);
        Reopen();
        var peer = Assert.Single(book.Peers);
        Assert.Equal(("bob", bob, "Robert"), (peer.Name, peer.Key, peer.ClaimedName));
    }

    [Fact]
    public void A_stranger_who_dials_first_is_no_peer_even_under_the_name_of_one()
    {
        book.Add("bob", "192.0.2.7:5001");
        var mallory = NewKey();
        var verdict = book.Judge(Greets(mallory, "bob"), dialledAddress: null, "192.0.2.7:5001");
        Assert.Equal(Trust.NotYetAccepted, verdict.Trust);
        Assert.NotNull(verdict.FirstKnock);
        Assert.Null(book.Find(mallory));
        Assert.Null(Assert.Single(book.Peers).Key);
        Assert.Equal(mallory, Assert.Single(book.Strangers).Key);
    }

    [Fact]
    public void A_relay_that_joins_with_somebody_else_than_was_called_gets_nobody_trusted()
    {
        var (bob, mallory) = (NewKey(), NewKey());
        var address = $"relay:relay.example:7000/{Fingerprint.Of(bob)}";
        book.Add("bob", address);
        var verdict = book.Judge(Greets(mallory, "bob"), address, "192.0.2.9:7000");
        Assert.Equal(Trust.OtherKey, verdict.Trust);
        Assert.Contains(Fingerprint.Of(mallory).ToString(), verdict.Trouble, StringComparison.Ordinal);
        Assert.Null(Assert.Single(book.Peers).Key);
        Assert.Equal(Trust.Peer, book.Judge(Greets(bob, "bob"), address, "192.0.2.9:7000").Trust);
        Assert.Equal(bob, Assert.Single(book.Peers).Key);
    }

    [Fact]
    public void A_peer_that_says_it_is_where_another_was_is_taken_there_and_the_other_stays_who_it_is()
    {
        const string shared = "192.0.2.7:5001";
        var (bob, carol) = (NewKey(), NewKey());
        book.Add("bob", shared);
        book.Judge(Greets(bob, "bob"), shared, shared);
        book.Judge(Greets(carol, "carol"), dialledAddress: null, Elsewhere);
        book.Accept(Fingerprint.Of(carol).ToString(), name: null);
        Assert.Equal(Trust.OtherKey, book.Judge(Greets(carol, "carol"), shared, shared).Trust);

        Assert.True(book.Told(carol, shared));
        Assert.False(book.Told(carol, shared));
        Assert.Equal(Trust.Peer, book.Judge(Greets(carol, "carol"), shared, shared).Trust);
        Assert.Equal(bob, book.Find("bob")!.Key);
        Assert.Equal(carol, book.Find("carol")!.Key);
        Assert.Equal(Trust.OtherKey, book.Judge(Greets(NewKey(), "bob"), shared, shared).Trust);
    }

    [Fact]
    public void A_stranger_is_news_once()
    {
        var stranger = NewKey();
        Assert.NotNull(book.Judge(Greets(stranger, "carol"), null, Elsewhere).FirstKnock);
        Assert.Null(book.Judge(Greets(stranger, "carol"), null, Elsewhere).FirstKnock);
    }

    [Fact]
    public void A_pinned_address_that_shows_another_key_is_never_trusted()
    {
        var bob = Pinned("bob", "192.0.2.7:5001");
        var mallory = NewKey();
        var verdict = book.Judge(Greets(mallory, "bob"), "192.0.2.7:5001", "192.0.2.7:5001");
        Assert.Equal(Trust.OtherKey, verdict.Trust);
        Assert.Contains(Fingerprint.Of(mallory).ToString(), verdict.Trouble, StringComparison.Ordinal);
        Assert.Equal(bob, book.Find("bob")!.Key);
        Assert.Empty(book.Strangers);
    }

    [Fact]
    public void A_pinned_peer_is_trusted_from_wherever_it_dials()
    {
        var bob = Pinned("bob", "192.0.2.7:5001");
        Assert.Equal(Trust.Peer, book.Judge(Greets(bob, "bob"), null, Elsewhere).Trust);
    }

    [Fact]
    public void Oneself_is_never_a_peer()
    {
        book.Add("mirror", "127.0.0.1:5000");
        Assert.Equal(Trust.Oneself, book.Judge(Greets(me.Key, "alice"), "127.0.0.1:5000", "127.0.0.1:5000").Trust);
        Assert.Equal(Trust.Oneself, book.Judge(Greets(me.Key, "alice"), null, Elsewhere).Trust);
        Assert.Null(book.Find("mirror")!.Key);
        Assert.Empty(book.Strangers);
    }

    [Fact]
    public void A_peer_given_by_address_only_takes_the_name_it_claims_made_harmless_and_unique()
    {
        Pinned("bob", "192.0.2.7:5001");
        book.Add(null, "192.0.2.8");
        Assert.NotNull(book.Find("192.0.2.8:5000"));
        var verdict = book.Judge(Greets(NewKey(), "bob"), "192.0.2.8:5000", "192.0.2.8:5000");
        Assert.Equal("bob-2", verdict.Peer!.Name);
        book.Add(null, "192.0.2.9");
        verdict = book.Judge(Greets(NewKey(), "alice"), "192.0.2.9:5000", "192.0.2.9:5000");
        Assert.Equal("alice-2", verdict.Peer!.Name);
    }

    [Fact]
    public void A_stranger_is_accepted_by_a_beginning_of_its_fingerprint_that_no_other_shares()
    {
        var (one, other) = TwoThatBeginAlike();
        book.Judge(Greets(one, "carol"), null, Elsewhere);
        book.Judge(Greets(other, "carol"), null, Elsewhere);
        var first = Fingerprint.Of(one).ToString();
        Assert.Equal("which-fingerprint", book.Accept(first[..1], null).Refusal!.Name);
        Assert.Equal("unknown-fingerprint", book.Accept(string.Empty, null).Refusal!.Name);
        Assert.Equal("unknown-fingerprint", book.Accept("0000", null).Refusal!.Name);
        Assert.Equal("carol", book.Accept(first.ToLowerInvariant(), null).Peer!.Name);
        Assert.Equal("carol-2", book.Accept(Fingerprint.Of(other).ToString(), null).Peer!.Name);
        Assert.Empty(book.Strangers);
        Assert.Equal(Trust.Peer, book.Judge(Greets(one, "carol"), null, Elsewhere).Trust);
    }

    [Fact]
    public void Accepting_under_the_name_of_a_peer_that_was_never_met_pins_that_peer()
    {
        book.Add("bob", "192.0.2.7:5001");
        var bob = NewKey();
        book.Judge(Greets(bob, "robert"), null, Elsewhere);
        book.Accept(Fingerprint.Of(bob).ToString(), "BOB");
        var peer = Assert.Single(book.Peers);
        Assert.Equal((bob, "192.0.2.7:5001"), (peer.Key, peer.Address));
    }

    [Fact]
    public void Accepting_under_the_name_of_a_peer_with_another_key_is_refused()
    {
        Pinned("bob", "192.0.2.7:5001");
        var mallory = NewKey();
        book.Judge(Greets(mallory, "bob"), null, Elsewhere);
        Assert.Equal("name-taken", book.Accept(Fingerprint.Of(mallory).ToString(), "bob").Refusal!.Name);
        Assert.Null(book.Find(mallory));
    }

    [Fact]
    public void Strangers_are_forgotten_beyond_a_bound_the_longest_silent_first()
    {
        var keys = Enumerable.Range(0, Strangers.Most + 1).Select(_ => FakeKey()).ToList();
        foreach (var key in keys)
            book.Judge(Greets(key, "x"), null, Elsewhere);
        Assert.Equal(Strangers.Most, book.Strangers.Count);
        Assert.DoesNotContain(book.Strangers, stranger => stranger.Key == keys[0]);
        Assert.Empty(book.Peers);
    }

    [Fact]
    public void A_removed_peer_is_a_stranger_until_it_is_accepted_again()
    {
        var bob = Pinned("bob", "192.0.2.7:5001");
        book.Remove("BOB");
        Reopen();
        Assert.Empty(book.Peers);
        Assert.Equal(Trust.NotYetAccepted, book.Judge(Greets(bob, "bob"), null, Elsewhere).Trust);
        var again = book.Accept(Fingerprint.Of(bob).ToString(), null).Peer!;
        Assert.Equal(bob, again.Key);
        Assert.Single(book.Peers);
        Assert.Equal(Trust.Peer, book.Judge(Greets(bob, "bob"), null, Elsewhere).Trust);
    }

    [Fact]
    public void A_removed_peer_that_is_added_again_is_pinned_again()
    {
        var bob = Pinned("bob", "192.0.2.7:5001");
        book.Remove("bob");
        book.Add("bobby", "192.0.2.7:5001");
        Assert.True(book.Judge(Greets(bob, "bob"), "192.0.2.7:5001", "192.0.2.7:5001").Pinned);
        Assert.Equal("bobby", Assert.Single(book.Peers).Name);
        Reopen();
        Assert.Equal(bob, Assert.Single(book.Peers).Key);
    }

    [Fact]
    public void Whoever_forwards_to_a_known_peer_cannot_take_its_name()
    {
        var bob = Pinned("bob", "192.0.2.7:5001");
        book.Add("carol", "192.0.2.66:5000");
        var verdict = book.Judge(Greets(bob, "bob"), "192.0.2.66:5000", "192.0.2.66:5000");
        var peer = Assert.Single(book.Peers);
        Assert.Equal(("bob", "192.0.2.7:5001"), (peer.Name, peer.Address));
        Assert.Contains("is bob", verdict.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void An_accepted_stranger_takes_the_name_and_address_under_which_it_is_added_later()
    {
        var bob = NewKey();
        book.Judge(Greets(bob, "robert"), null, Elsewhere);
        book.Accept(Fingerprint.Of(bob).ToString(), null);
        book.Add("bob", "192.0.2.7:5001");
        book.Judge(Greets(bob, "robert"), "192.0.2.7:5001", "192.0.2.7:5001");
        var peer = Assert.Single(book.Peers);
        Assert.Equal(("bob", "192.0.2.7:5001", bob), (peer.Name, peer.Address, peer.Key));
    }

    [Fact]
    public void Names_are_unique_in_any_case_and_free_again_after_removal()
    {
        Pinned("bob", "192.0.2.7:5001");
        Pinned("carol", "192.0.2.8:5001");
        Assert.Equal("name-taken", book.Rename("carol", "BOB").Refusal!.Name);
        Assert.Equal("name-taken", book.Rename("carol", "Alice").Refusal!.Name);
        Assert.Equal("bad-name", book.Rename("carol", "10").Refusal!.Name);
        Assert.Equal("unknown-peer", book.Rename("dave", "erin").Refusal!.Name);
        Assert.Equal("Bob", book.Rename("bob", "Bob").Peer!.Name);
        book.Remove("bob");
        Assert.Equal("bob", book.Rename("carol", "bob").Peer!.Name);
        Reopen();
        Assert.NotNull(book.Find("BOB"));
    }

    [Fact]
    public void The_same_address_twice_is_one_peer_and_a_known_name_with_another_address_moves()
    {
        book.Add(null, "192.0.2.7:5001");
        book.Add("bob", "192.0.2.7:5001");
        Assert.Equal("bob", Assert.Single(book.Peers).Name);
        var key = NewKey();
        book.Judge(Greets(key, "bob"), "192.0.2.7:5001", "192.0.2.7:5001");
        book.Add("bob", "192.0.2.99");
        var moved = Assert.Single(book.Peers);
        Assert.Equal(("192.0.2.99:5000", key), (moved.Address, moved.Key));
        Assert.Equal("bad-address", book.Add("dave", "192.0.2.7:0").Refusal!.Name);
    }

    [Fact]
    public void A_second_name_for_the_address_of_a_peer_with_a_name_is_refused_and_changes_nothing()
    {
        Pinned("bob", "192.0.2.7:5001");
        var refused = book.Add("carol", "192.0.2.7:5001").Refusal!;
        Assert.Equal("address-taken", refused.Name);
        Assert.Contains("peer rename bob carol", refused.Text, StringComparison.Ordinal);
        Assert.Equal("bob", Assert.Single(book.Peers).Name);
        Assert.Equal("bob", book.Add(null, "192.0.2.7:5001").Peer!.Name);
    }

    [Fact]
    public void An_address_that_names_another_key_than_the_peer_of_that_name_leaves_that_peer_alone()
    {
        Pinned("bob", "192.0.2.7:5001");
        var refused = book.Add("bob", $"192.0.2.66:5000/{Fingerprint.Of(NewKey())}").Refusal!;
        Assert.Equal("name-taken", refused.Name);
        var bob = Assert.Single(book.Peers);
        Assert.Equal("192.0.2.7:5001", bob.Address);
        var moved = $"192.0.2.8:5000/{Fingerprint.Of(bob.Key!.Value)}";
        Assert.Equal(moved, book.Add("bob", moved).Peer!.Address);
    }

    [Fact]
    public void A_removed_peer_that_is_accepted_again_is_not_asked_with_an_old_invitation()
    {
        var bob = NewKey();
        var link = new InviteLink(
            bob, "bob", Asset.Credits, CreditLimit.None, 2_000_000_000, UInt128.One, ["192.0.2.7:5001"]);
        book.Join(link, name: null);
        book.Remove("bob");
        book.Judge(Greets(bob, "bob"), dialledAddress: null, Elsewhere);
        var again = book.Accept(Fingerprint.Of(bob).ToString(), name: null).Peer!;
        Assert.Equal((null, null), (again.Joining, again.Told));
    }

    private static Greeting Greets(PublicKey key, string name) =>
        new(key, name, Hash.Of([1]), Hash.Of([2]), ListenPort: 5000, MinVersion: 1, MaxVersion: 1);

    private static PublicKey NewKey()
    {
        using var identity = NodeIdentity.CreateFresh();
        return identity.Key;
    }

    private static PublicKey FakeKey()
    {
        PublicKey.TryCreate([2, .. System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)], out var key);
        return key;
    }

    private static (PublicKey One, PublicKey Other) TwoThatBeginAlike()
    {
        var one = FakeKey();
        var begin = Fingerprint.Of(one).ToString()[..1];
        while (true)
        {
            var other = FakeKey();
            if (Fingerprint.Of(other).StartsWith(begin))
                return (one, other);
        }
    }

    private PublicKey Pinned(string name, string address)
    {
        var key = NewKey();
        book.Add(name, address);
        Assert.True(book.Judge(Greets(key, name), address, address).Pinned);
        return key;
    }

    private void Reopen()
    {
        store.Dispose();
        store = SqliteLedgerStore.Open(folder, TimeProvider.System);
        book = new PeerBook(store, me.Key, "alice", TimeProvider.System);
    }
}
