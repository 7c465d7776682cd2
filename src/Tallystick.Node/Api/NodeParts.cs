using System.Net;
using Tallystick.Core.Tabs;
using Tallystick.Node.Discovery;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;
using Tallystick.Node.Invites;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary>What the endpoints speak for.</summary>
internal sealed record NodeParts
{
    private readonly InviteParts? invites;

    public required NodeOptions Options { get; init; }

    public required string DataFolder { get; init; }

    public required NodeIdentity Identity { get; init; }

    public required KeyRing Keys { get; init; }

    public required ILedgerStore Store { get; init; }

    public required Ledger Ledger { get; init; }

    public required PeerBook Book { get; init; }

    public required PeerDoor Door { get; init; }

    public InviteParts Invites
    {
        get => invites ?? throw new InvalidOperationException("The two of a room invite nobody.");
        init => invites = value;
    }

    public required NoticeFeed Notices { get; init; }

    /// <summary>The links, or null where there is nobody to link to.</summary>
    public LinkHub? Hub { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Who is on the local network, or null when it is not looked at.</summary>
    public LanDiscovery? Nearby { get; init; }

    /// <summary>Where peers are heard, or null.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Where else peers reach it: what its person says, and through relays.</summary>
    public IReadOnlyList<string> Reach { get; init; } = [];

    /// <summary>Pages and API on TCP, or null.</summary>
    public Uri? Web { get; init; }

    /// <summary>The link that signs a browser in, or null.</summary>
    public Uri? SignIn { get; init; }

    /// <summary>The tabs with one peer, or with every peer in the book's order.</summary>
    public IEnumerable<(StoredPeer Peer, TabView Tab)> TabsOf(StoredPeer? only)
    {
        var byKey = Ledger.Tabs.ToLookup(tab => tab.PeerKey);
        return
            from peer in only is null ? Book.Peers : [only]
            where peer.Key is not null
            from tab in byKey[peer.Key!.Value].OrderBy(tab => tab.Terms.Asset.ToString(), StringComparer.Ordinal)
            select (peer, tab);
    }

    /// <summary>The tab with this id, or null.</summary>
    public TabView? TabOf(TabId id) => Ledger.Find(id);

    /// <summary>The name of the peer of a tab; its fingerprint when it is no peer any more.</summary>
    public string NameOf(TabView tab) =>
        Book.Find(tab.PeerKey)?.Name ?? Core.Identity.Fingerprint.Of(tab.PeerKey).ToString();
}
