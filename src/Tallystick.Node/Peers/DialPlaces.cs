using Tallystick.Core.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Peers;

/// <summary>Where the peers of the book are dialled.</summary>
internal static class DialPlaces
{
    /// <summary>
    /// By what a peer is known to the links, and where it is dialled first, or null for one that only dials in: the
    /// person's word as it is; the peer's own word with its fingerprint behind it, so that no peer takes the place of
    /// another by what it says of itself.
    /// </summary>
    public static string? DialAddress(this StoredPeer peer) => peer switch
    {
        { Address: { } given } => given,
        { Key: { } key, Addresses: [var told, ..] } when PeerAddress.TryParse(told, out var where, out _) =>
            where.For(Fingerprint.Of(key)).ToString(),
        _ => null,
    };

    /// <summary>
    /// Everybody who can be dialled, also through the relays where this node is: each place once, whoever knows it.
    /// </summary>
    public static IReadOnlyCollection<DialTarget> Targets(
        IReadOnlyCollection<StoredPeer> peers, IReadOnlyCollection<PeerAddress> relays) =>
    [
        .. peers.Select(Target).OfType<DialTarget>()
            .Concat(relays.SelectMany(relay => peers.Select(peer => Through(relay, peer)).OfType<DialTarget>()))
            .GroupBy(target => target.Address)
            .Select(One),
    ];

    /// <summary>An address as a person is told it: a long fingerprint does not help to find a computer.</summary>
    public static string Shown(string address) =>
        PeerAddress.TryParse(address, out var where, out _) && !where.IsRelayed ? where.OfRelay().ToString() : address;

    private static DialTarget? Target(StoredPeer peer)
    {
        if (peer.DialAddress() is not { } address)
            return null;
        string[] others = [.. peer.Addresses.Skip(1)];
        return new DialTarget(address, peer.Key)
        {
            Others = others,
            Told = [.. others.Prepend(address).Where(each => each != peer.Address)],
            Token = peer.Joining?.Token,
        };
    }

    // Whoever is known is also looked for at this node's relays, after the address that the person gave.
    private static DialTarget? Through(PeerAddress relay, StoredPeer peer)
    {
        if (peer.Key is not { } key)
            return null;
        var address = PeerAddress.Through(relay, Fingerprint.Of(key)).ToString();
        return peer.Addresses.Contains(address) ? null : new DialTarget(address, key);
    }

    // Somebody accepted nearby who is known under another entry, too: both are the one with that fingerprint.
    private static DialTarget One(IEnumerable<DialTarget> same) => same.Aggregate((one, other) => one with
    {
        Key = one.Key ?? other.Key,
        Token = one.Token ?? other.Token,
        Others = [.. one.Others, .. other.Others],
        Told = [.. one.Told, .. other.Told],
    });
}
