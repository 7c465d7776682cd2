using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Money;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Tests.Storage;

public abstract partial class LedgerStoreContract
{
    private static readonly StoredInvite Invite = new(
        Hash.Of("an invitation"u8), CreatedMs: 1_000, ExpiresMs: 2_000, Asset.Credits, CreditLimit.FromUnits(10_000));

    private static readonly StoredPeer Joiner = new(
        0, "bob", TabScript.Key(7), Address: null, ClaimedName: "bob", Removed: false, NameIsOurs: false);

    [Fact]
    public void An_invitation_is_kept_with_what_became_of_it()
    {
        var open = Invite with { Digest = Hash.Of("another"u8), CreatedMs = 1_001, Limit = CreditLimit.None };
        var revoked = Invite with { State = InviteState.Revoked, EndedMs = 1_500 };
        using (var store = Open())
        {
            store.SaveInvite(Invite);
            store.SaveInvite(open);
            store.SaveInvite(revoked);
        }

        using var again = Open();
        Assert.Equal([revoked, open], again.LoadInvites());
        again.DropInvite(revoked.Digest);
        Assert.Equal([open], again.LoadInvites());
    }

    [Fact]
    public void An_invitation_makes_one_peer_and_is_burnt_with_it()
    {
        using var store = Open();
        store.SaveInvite(Invite);
        var used = Invite with { State = InviteState.Used, UsedBy = Joiner.Key, EndedMs = 1_500 };
        var bob = store.SavePeer(Joiner, used);
        Assert.Equal([bob], store.LoadPeers());
        Assert.Equal([used], store.LoadInvites());

        var second = Joiner with { Name = "carol", Key = TabScript.Key(8) };
        Assert.Throws<StoreConflictException>(() => store.SavePeer(second, used with { UsedBy = second.Key }));
        Assert.Throws<StoreConflictException>(() => store.SaveInvite(Invite with { State = InviteState.Revoked }));
        Assert.Equal([bob], store.LoadPeers());
        Assert.Equal([used], store.LoadInvites());
    }

    [Fact]
    public void A_peer_that_cannot_be_stored_leaves_the_invitation_open()
    {
        using var store = Open();
        store.SaveInvite(Invite);
        store.SavePeer(Joiner);
        var used = Invite with { State = InviteState.Used, UsedBy = TabScript.Key(8), EndedMs = 1_500 };
        Assert.Throws<StoreConflictException>(() => store.SavePeer(Joiner with { Key = TabScript.Key(8) }, used));
        Assert.Equal([Invite], store.LoadInvites());
    }

    [Fact]
    public void What_a_peer_tells_of_itself_and_an_invitation_that_was_taken_are_kept()
    {
        var token = new InviteToken(Hash.Of("a link"u8));
        StoredPeer alice;
        using (var store = Open())
        {
            alice = store.SavePeer(Joiner with
            {
                Told = "192.0.2.7:5000 [2001:db8::7]:5000",
                Joining = new PendingJoin(token, IsNew: true),
            });
        }

        using var again = Open();
        Assert.Equal([alice], again.LoadPeers());
        Assert.Equal(["192.0.2.7:5000", "[2001:db8::7]:5000"], alice.Addresses);
        var joined = again.SavePeer(alice with { Joining = null, Address = "alice.example:5000" });
        Assert.Equal([joined], again.LoadPeers());
        Assert.Equal("alice.example:5000", joined.Addresses[0]);
    }
}
