using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Node.Links;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Peers;

/// <summary>
/// Whom this node knows, by name, address and pinned key. Readers see immutable pictures; changes are made one at a
/// time and are durable before anybody sees them.
/// </summary>
internal sealed partial class PeerBook
{
    private readonly Lock gate = new();
    private readonly ILedgerStore store;
    private readonly PublicKey me;
    private readonly string myName;
    private readonly TimeProvider time;
    private readonly Strangers strangers = new();
    private volatile PeerPicture now;

    public PeerBook(ILedgerStore store, PublicKey me, string myName, TimeProvider time)
    {
        (this.store, this.me, this.myName, this.time) = (store, me, myName, time);
        now = new PeerPicture([.. store.LoadPeers()]);
    }

    /// <summary>The peers, in the order in which they were added; those removed are left out.</summary>
    public IEnumerable<StoredPeer> Peers => now.All.Where(peer => !peer.Removed);

    /// <summary>The peers now; another after every change.</summary>
    public PeerPicture Picture => now;

    /// <summary>Those who knocked and are not trusted, the longest silent first.</summary>
    public ImmutableList<Stranger> Strangers => strangers.All;

    /// <summary>The peer with this name in any case, or null.</summary>
    public StoredPeer? Find(string name) => now.Find(name);

    /// <summary>The peer with this key, or null.</summary>
    public StoredPeer? Find(PublicKey key) => now.Find(key);

    /// <summary>
    /// Adds a peer to dial. Without a name it is called by its address until it claims one. A peer that is dialled
    /// there already is returned, under the new name if one is given and its old one was not the person's; a name
    /// that the person gave is changed by <see cref="Rename"/> alone.
    /// </summary>
    public BookAnswer Add(string? name, string address)
    {
        if (!PeerAddress.TryParse(address, out var where, out var problem))
            return BookAnswer.Refuse("bad-address", problem);
        lock (gate)
        {
            if (Peers.FirstOrDefault(peer => peer.Address == where.ToString()) is { } same)
            {
                if (name is null || IsCalled(same, name))
                    return same;
                return same.NameIsOurs ? new BookAnswer(null, AddressTaken(same, name)) : RenameLocked(same, name);
            }
            if (name is null)
                return Save(NewPeer(where.ToString(), where.ToString(), nameIsOurs: false));
            if (ProblemOfName(name, except: null) is not { } refusal)
                return Save(NewPeer(name, where.ToString(), nameIsOurs: true));
            if (Find(name) is not { } known)
                return new BookAnswer(null, refusal);
            if (where.Expected is { } other && known.Key is { } key && Fingerprint.Of(key) != other)
                return BookAnswer.Refuse("name-taken", $"{where} is not {known.Name}, whose key is another.");
            // A peer that was accepted without an address, or whose address changed, is told where it is now.
            return Save(known with { Address = where.ToString(), NameIsOurs = true });
        }
    }

    /// <summary>
    /// Adds somebody whose fingerprint was heard nearby. Anybody there can say it, so each of
    /// <paramref name="addresses"/>, all with that fingerprint behind them, is tried until the key is proven at one.
    /// </summary>
    /// <param name="name">What the person calls it, or null for <paramref name="claimed"/>.</param>
    public BookAnswer AddNearby(string? name, string claimed, Fingerprint fingerprint, IReadOnlyList<string> addresses)
    {
        lock (gate)
        {
            var same = Peers.FirstOrDefault(peer => peer.Key is { } key
                ? Fingerprint.Of(key) == fingerprint
                : addresses.Contains(peer.Address));
            if (same is not null && name is not null && !IsCalled(same, name))
                return BookAnswer.Refuse("name-taken", $"That one is {same.Name} already; for another name: "
                    + $"peer rename {same.Name} {PeerNames.Harmless(name)}");
            if (same is { Key: not null })
                return same;
            if (same is null && name is not null && ProblemOfName(name, except: null) is { } refusal)
                return new BookAnswer(null, refusal);
            var met = same ?? NewPeer(name ?? UniqueName(PeerNames.Harmless(claimed), null), null, name is not null);
            var others = addresses.Count > 1 ? string.Join(' ', addresses.Skip(1)) : null;
            return Save(met with { Address = addresses[0], Told = others });
        }
    }

    /// <summary>Gives a peer another name.</summary>
    public BookAnswer Rename(string name, string newName)
    {
        lock (gate)
            return Find(name) is { } peer ? RenameLocked(peer, newName) : Unknown(name);
    }

    /// <summary>Stops knowing a peer. Its pages are kept; whether its tabs allow it is asked before.</summary>
    public BookAnswer Remove(string name)
    {
        lock (gate)
            return Find(name) is { } peer ? Save(Removed(peer)) : Unknown(name);
    }

    /// <summary>Trusts a stranger who knocked, named by a beginning of its fingerprint that no other shares.</summary>
    public BookAnswer Accept(string fingerprint, string? name)
    {
        lock (gate)
        {
            var matches = strangers.All.FindAll(stranger => stranger.Fingerprint.StartsWith(fingerprint));
            if (matches.Count != 1)
                return NotOneStranger(fingerprint, matches.Count);
            var key = matches[0].Key;
            var claimed = matches[0].ClaimedName;
            if (name is not null && ProblemOfName(name, except: null) is { } refusal)
            {
                // The person says that this is who was meant by a name that has no key yet.
                if (Find(name) is not { Key: null } meant)
                    return new BookAnswer(null, refusal);
                strangers.Forget(key);
                ReleaseKey(key);
                return Save(meant with { Key = key, ClaimedName = claimed });
            }
            strangers.Forget(key);
            var before = now.All.FirstOrDefault(peer => peer.Key == key);
            return Save((before ?? NewPeer(string.Empty, address: null, nameIsOurs: false)) with
            {
                Name = name ?? UniqueName(claimed, before),
                NameIsOurs = name is not null,
                Key = key,
                ClaimedName = claimed,
                Removed = false,
                Joining = null,
            });
        }
    }

    /// <summary>
    /// Judges a key whose proof has just been verified. <paramref name="dialledAddress"/> is the address of the book
    /// that this node dialled, or null when the other side dialled.
    /// </summary>
    public TrustVerdict Judge(Greeting greeting, string? dialledAddress, string from)
    {
        lock (gate)
        {
            if (greeting.Key == me)
                return new TrustVerdict(Trust.Oneself, Trouble: Oneself(dialledAddress ?? from));
            if (PeerAddress.TryParse(dialledAddress, out var dialled, out _) && dialled.Expected is { } expected
                && expected != Fingerprint.Of(greeting.Key))
                return new TrustVerdict(Trust.OtherKey, Trouble: Unexpected(dialled, greeting.Key));
            var claimed = PeerNames.Harmless(greeting.Name);
            var known = Find(greeting.Key);
            var named = dialledAddress is null ? null : Peers.FirstOrDefault(peer => peer.Address == dialledAddress);
            // Of two peers who exchanged their addresses each is found where the other was.
            var isSaidToBeThere = known is not null && known.Addresses.Contains(dialledAddress);
            if (named is { Key: { } pinned } && pinned != greeting.Key && !isSaidToBeThere)
            {
                var trouble = OtherKey(dialledAddress!, named.Name, pinned, greeting.Key);
                return new TrustVerdict(Trust.OtherKey, Trouble: trouble);
            }
            if (named is { Key: null })
                return Pin(named, greeting.Key, claimed);
            if (known is not null)
            {
                return new TrustVerdict(
                    Trust.Peer, known.ClaimedName == claimed ? known : Save(known with { ClaimedName = claimed }));
            }
            var stranger = new Stranger(greeting.Key, claimed, from, time.GetUtcNow());
            return new TrustVerdict(Trust.NotYetAccepted, FirstKnock: strangers.Note(stranger) ? stranger : null);
        }
    }

    private TrustVerdict Pin(StoredPeer named, PublicKey key, string claimed)
    {
        strangers.Forget(key);
        if (Find(key) is { } known)
            return Merge(named, known, claimed);
        ReleaseKey(key);
        var name = named.NameIsOurs ? named.Name : UniqueName(claimed, named);
        var peer = Save(named with { Name = name, Key = key, ClaimedName = claimed });
        return new TrustVerdict(Trust.Peer, peer, Pinned: true);
    }

    /// <summary>
    /// One key is one peer. A name that the person gave to a key is never lost to an address that somebody else
    /// may forward: the new entry goes, and leaves its address and name only where the known peer has none.
    /// </summary>
    private TrustVerdict Merge(StoredPeer named, StoredPeer known, string claimed)
    {
        Save(Removed(named));
        var takesName = named.NameIsOurs && !known.NameIsOurs;
        var peer = Save(known with
        {
            Name = takesName ? named.Name : known.Name,
            NameIsOurs = known.NameIsOurs || takesName,
            Address = known.Address ?? named.Address,
            ClaimedName = claimed,
        });
        var trouble = named.NameIsOurs && !takesName ? $"{named.Address} is {peer.Name}, whom you know already." : null;
        return new TrustVerdict(Trust.Peer, peer, Trouble: trouble);
    }

    // A peer that was removed and is met again under another entry leaves its key to that entry.
    private void ReleaseKey(PublicKey key)
    {
        if (now.All.FirstOrDefault(peer => peer.Key == key) is { } other)
            Save(Removed(other) with { Key = null, Address = null });
    }

    // What was under way with it, or was its own word, is not to come back with it.
    private static StoredPeer Removed(StoredPeer peer) => peer with { Removed = true, Told = null, Joining = null };

    private BookAnswer RenameLocked(StoredPeer peer, string newName) =>
        ProblemOfName(newName, peer) is { } refusal
            ? new BookAnswer(null, refusal)
            : Save(peer with { Name = newName, NameIsOurs = true });

    private BookRefusal? ProblemOfName(string name, StoredPeer? except)
    {
        if (PeerNames.Problem(name) is { } problem)
            return new BookRefusal("bad-name", problem);
        if (string.Equals(name, myName, StringComparison.OrdinalIgnoreCase))
            return new BookRefusal("name-taken", $"This node itself is called {myName}: choose another name.");
        return IsTaken(name, except)
            ? new BookRefusal("name-taken", $"There is a peer called {name} already: choose another name.")
            : null;
    }

    private static BookRefusal AddressTaken(StoredPeer same, string name) => new(
        "address-taken",
        $"{same.Address} is {same.Name} already; for another name: "
            + $"peer rename {same.Name} {PeerNames.Harmless(name)}");

    private bool IsTaken(string name, StoredPeer? except) =>
        Peers.Any(peer => peer.Id != except?.Id && IsCalled(peer, name));

    private string UniqueName(string wanted, StoredPeer? except) =>
        PeerNames.Unique(
            wanted,
            name => IsTaken(name, except) || string.Equals(name, myName, StringComparison.OrdinalIgnoreCase));

    // An entry that was emptied is used again, so that adding and removing does not grow the book.
    private StoredPeer NewPeer(string name, string? address, bool nameIsOurs) =>
        new(now.All.FirstOrDefault(peer => peer is { Removed: true, Key: null })?.Id ?? 0,
            name, Key: null, address, ClaimedName: null, Removed: false, nameIsOurs);

    private StoredPeer Save(StoredPeer peer) => Note(store.SavePeer(peer));

    private StoredPeer Note(StoredPeer saved)
    {
        now = now.With(saved);
        return saved;
    }

    private static bool IsCalled(StoredPeer peer, string name) =>
        string.Equals(peer.Name, name, StringComparison.OrdinalIgnoreCase);

    private BookAnswer Unknown(string name) => new(null, UnknownPeer(name));

    /// <summary>The refusal for a name that nobody has, with the nearest name that somebody has.</summary>
    public BookRefusal UnknownPeer(string name) =>
        BookRefusal.UnknownPeer(name, [.. Peers.Select(peer => peer.Name)]);

    private static BookAnswer NotOneStranger(string fingerprint, int count) => count == 0
        ? BookAnswer.Refuse(
            "unknown-fingerprint", $"Nobody with the fingerprint {PeerNames.Printable(fingerprint)} has knocked.")
        : BookAnswer.Refuse(
            "which-fingerprint", $"{count} strangers have fingerprints that begin so: write more of it.");

    /// <summary>What a person is told whose address leads back here.</summary>
    public static string Oneself(string where) => $"{where} is this node itself: give the address of the other one.";

    /// <summary>What a person is told when an address, or a relay, leads to somebody else than it says.</summary>
    public static string Unexpected(PeerAddress dialled, PublicKey shown) =>
        $"{dialled} shows another key ({Fingerprint.Of(shown)}) than the address names; it is not trusted.";

    /// <summary>What a person is told when a pinned address shows another key.</summary>
    public static string OtherKey(string address, string name, PublicKey pinned, PublicKey shown) =>
        $"{address} shows another key ({Fingerprint.Of(shown)}) than the one {name} is known by "
        + $"({Fingerprint.Of(pinned)}); it is not trusted. If that is right, remove {name} and add it again.";
}
