using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Peers;

/// <summary>
/// The peers at one moment. Immutable; who looks somebody up first makes the index for all who follow.
/// </summary>
/// <param name="all">In the order in which they were added, those removed among them.</param>
internal sealed class PeerPicture(ImmutableList<StoredPeer> all)
{
    private readonly Lazy<Dictionary<PublicKey, StoredPeer>> byKey = new(() =>
        IndexBy(all.Where(peer => peer.Key is not null), peer => peer.Key!.Value, null));

    private readonly Lazy<Dictionary<string, StoredPeer>> byName = new(() =>
        IndexBy(all, peer => peer.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>In the order in which they were added, those removed among them.</summary>
    public ImmutableList<StoredPeer> All => all;

    /// <summary>The peer with this key that is not removed, or null.</summary>
    public StoredPeer? Find(PublicKey key) => byKey.Value.GetValueOrDefault(key);

    /// <summary>The peer with this name in any case that is not removed, or null.</summary>
    public StoredPeer? Find(string name) => byName.Value.GetValueOrDefault(name);

    /// <summary>The picture with a peer that is new, or that was changed.</summary>
    public PeerPicture With(StoredPeer saved)
    {
        var at = all.FindIndex(known => known.Id == saved.Id);
        return new PeerPicture(at < 0 ? all.Add(saved) : all.SetItem(at, saved));
    }

    private static Dictionary<TKey, StoredPeer> IndexBy<TKey>(
        IEnumerable<StoredPeer> peers, Func<StoredPeer, TKey> keyOf, IEqualityComparer<TKey>? comparer)
        where TKey : notnull
    {
        var index = new Dictionary<TKey, StoredPeer>(comparer);
        foreach (var peer in peers.Where(peer => !peer.Removed))
            index.TryAdd(keyOf(peer), peer);
        return index;
    }
}
