using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Sync;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Peers;

/// <content>Who becomes a peer by an invitation, and where peers say that they are.</content>
internal sealed partial class PeerBook
{
    /// <summary>
    /// Makes whoever showed an invitation a peer, and burns it, in one durable step. Somebody who is a peer already
    /// stays what he is called.
    /// </summary>
    /// <exception cref="StoreConflictException">It is not open any more; nothing was written.</exception>
    public StoredPeer Redeem(Greeting greeting, StoredInvite used)
    {
        lock (gate)
        {
            var claimed = PeerNames.Harmless(greeting.Name);
            var before = now.All.FirstOrDefault(peer => peer.Key == greeting.Key);
            var isPeer = before is { Removed: false };
            var peer = (before ?? NewPeer(string.Empty, address: null, nameIsOurs: false)) with
            {
                Name = isPeer ? before!.Name : UniqueName(claimed, before),
                NameIsOurs = isPeer && before!.NameIsOurs,
                Key = greeting.Key,
                ClaimedName = claimed,
                Removed = false,
            };
            strangers.Forget(greeting.Key);
            return Note(store.SavePeer(peer, used));
        }
    }

    /// <summary>Why an invitation cannot be taken here, or null.</summary>
    public BookRefusal? ProblemOfJoin(InviteLink link, string? name)
    {
        if (link.Inviter == me)
            return new BookRefusal("oneself", "That invitation is this node's own: send it to somebody else.");
        return name is null || Find(link.Inviter) is not null ? null : ProblemOfName(name, except: null);
    }

    /// <summary>
    /// Takes an invitation: pins the inviter's key. Its token is kept until the inviter has accepted this node.
    /// </summary>
    public BookAnswer Join(InviteLink link, string? name)
    {
        lock (gate)
        {
            if (ProblemOfJoin(link, name) is { } problem)
                return new BookAnswer(null, problem);
            var told = string.Join(' ', link.Addresses);
            if (Find(link.Inviter) is { } known)
            {
                var isNew = known.Joining is { IsNew: true };
                return Save(known with { Told = told, Joining = new PendingJoin(link.Token, isNew) });
            }
            var claimed = PeerNames.Harmless(link.Name);
            var before = now.All.FirstOrDefault(peer => peer.Key == link.Inviter);
            strangers.Forget(link.Inviter);
            return Save((before ?? NewPeer(string.Empty, address: null, nameIsOurs: false)) with
            {
                Name = name ?? UniqueName(claimed, before),
                NameIsOurs = name is not null,
                Key = link.Inviter,
                Address = null,
                ClaimedName = claimed,
                Removed = false,
                Told = told,
                Joining = new PendingJoin(link.Token, IsNew: true),
            });
        }
    }

    /// <summary>The inviter has accepted this node; true when that is news.</summary>
    public bool Joined(PublicKey inviter)
    {
        lock (gate)
        {
            if (Find(inviter) is not { Joining: not null } peer)
                return false;
            Save(peer with { Joining = null });
            return true;
        }
    }

    /// <summary>
    /// The inviter refused an invitation for good: who was no peer before is none again. Null when this node has
    /// another one in hand by now, or none.
    /// </summary>
    public StoredPeer? JoinRefused(PublicKey inviter, InviteToken token)
    {
        lock (gate)
        {
            if (Find(inviter) is not { Joining: { } joining } peer || joining.Token != token)
                return null;
            return Save(joining.IsNew ? Removed(peer) : peer with { Joining = null });
        }
    }

    /// <summary>A peer has said, on a proven link, where it is now. It never changes whom this node trusts.</summary>
    /// <returns>True when that is news.</returns>
    public bool Told(PublicKey key, string? addresses)
    {
        lock (gate)
        {
            // One who only dials for now keeps what was known of it: it may listen there again.
            if (addresses is null || Find(key) is not { } peer || peer.Told == addresses)
                return false;
            Save(peer with { Told = addresses });
            return true;
        }
    }
}
