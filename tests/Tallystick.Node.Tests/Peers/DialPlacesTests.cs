using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Tests.Peers;

public sealed class DialPlacesTests
{
    private const string Place = "192.0.2.7:5000";
    private static readonly PublicKey Bob = NewKey();
    private static readonly PublicKey Mallory = NewKey();

    [Fact]
    public void A_peer_that_says_it_is_where_another_is_hides_nobody()
    {
        var mallory = Peer(1, Mallory, address: null, $"{Place} relay:relay.example:7000/{Fingerprint.Of(Bob)}");
        var bob = Peer(2, key: null, Place, told: null);
        var targets = DialPlaces.Targets([mallory, bob], []);
        Assert.Equal([$"{Place}/{Fingerprint.Of(Mallory)}", Place], targets.Select(target => target.Address));
        Assert.Equal([Mallory, null], targets.Select(target => target.Key));
    }

    [Fact]
    public void A_peer_that_names_the_fingerprint_of_another_is_known_by_its_own()
    {
        Assert.True(PeerAddress.TryParseRelay("relay.example:7000", out var relay, out _));
        var ofBob = PeerAddress.Through(relay, Fingerprint.Of(Bob)).ToString();
        var targets = DialPlaces.Targets(
            [Peer(1, Mallory, address: null, ofBob), Peer(2, Bob, Place, told: null)], [relay]);
        Assert.Equal(Bob, Assert.Single(targets, target => target.Address == ofBob).Key);
    }

    [Fact]
    public void Two_entries_for_one_place_and_one_key_are_one_target_with_the_invitation()
    {
        var token = new InviteToken(Hash.Of([1]));
        var nearby = Peer(1, key: null, $"{Place}/{Fingerprint.Of(Bob)}", told: null);
        var joining = Peer(2, Bob, address: null, Place) with { Joining = new PendingJoin(token, IsNew: true) };
        var target = Assert.Single(DialPlaces.Targets([nearby, joining], []));
        Assert.Equal((Bob, token), (target.Key, target.Token));
    }

    private static StoredPeer Peer(long id, PublicKey? key, string? address, string? told) =>
        new(id, $"peer{id}", key, address, ClaimedName: null, Removed: false, NameIsOurs: true) { Told = told };

    private static PublicKey NewKey()
    {
        using var identity = NodeIdentity.CreateFresh();
        return identity.Key;
    }
}
