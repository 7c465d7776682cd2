using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Sync;
using Tallystick.Node.Links;

namespace Tallystick.Node.Peers;

/// <summary>What a peer says of where it is, as far as this node will dial it.</summary>
internal static class ToldAddresses
{
    /// <summary>
    /// At most 8, separated by spaces, or null for none. Where the link comes from is added with the port that the peer
    /// says, for a node behind a router does not know that address; the port that it came from is nobody's. Of a link
    /// through a relay nobody knows where it comes from.
    /// </summary>
    public static string? Of(AddressesFrame said, PeerLink link)
    {
        var from = link.Remote.Address.IsIPv4MappedToIPv6 ? link.Remote.Address.MapToIPv4() : link.Remote.Address;
        var port = link.PeerGreeting.ListenPort;
        var isSeen = port > 0 && link is { IDialled: false, IsRelayed: false };
        string[] seen = isSeen ? [new IPEndPoint(from, port).ToString()] : [];
        // Nobody but this computer can be dialled at a loopback address, so only this computer may name one.
        var isHere = !link.IsRelayed && IPAddress.IsLoopback(from);
        var peer = Fingerprint.Of(link.PeerKey);
        var told = said.Addresses.Concat(seen)
            .Select(text => PeerAddress.TryParse(text, out var address, out _) ? address : null)
            .OfType<PeerAddress>()
            .Where(address => address.Expected is null || address.Expected == peer)
            .Select(address => address.ToString())
            .Where(address => isHere || !OwnAddresses.AreLocal([address]))
            .Distinct(StringComparer.Ordinal)
            .Take(InviteLink.MaxAddresses)
            .ToArray();
        return told.Length == 0 ? null : string.Join(' ', told);
    }
}
