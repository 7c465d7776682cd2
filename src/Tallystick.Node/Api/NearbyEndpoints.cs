using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Discovery;
using Tallystick.Core.Identity;
using Tallystick.Node.Peers;

namespace Tallystick.Node.Api;

/// <summary><c>/api/peers/nearby</c>: who is on the local network, and trusting one of them.</summary>
internal static class NearbyEndpoints
{
    /// <summary>Answers come within a tenth of it from everybody who is awake.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>Where one fingerprint is looked for: one who says another's has few computers to say it from.</summary>
    private const int MostPlaces = 16;

    public static void Map(IEndpointRouteBuilder routes, NodeParts node) =>
        routes.MapGet("/api/peers/nearby", async http =>
            await Reply.SendAsync<Nearby>(
                http, await AskAsync(node, http.RequestAborted), ContractJson.Default.Nearby))
            .Does("nodes on the local network that say who they are", takes: null, typeof(Nearby));

    /// <summary>
    /// Trusts a stranger who knocked, or else one nearby, by a beginning of the fingerprint that no other shares. Who
    /// is nearby has still to prove the key, and to accept this node.
    /// </summary>
    public static BookAnswer Accept(NodeParts node, string fingerprint, string? name)
    {
        var knocked = node.Book.Accept(fingerprint, name);
        if (knocked.Refusal is not { Name: "unknown-fingerprint" })
            return knocked;
        var matches = (node.Nearby?.Nodes ?? []).Where(seen => seen.Fingerprint.StartsWith(fingerprint))
            .GroupBy(seen => seen.Fingerprint).ToList();
        return matches.Count switch
        {
            0 => knocked,
            1 => node.Book.AddNearby(
                name, matches[0].First().Name, matches[0].Key, [.. matches[0].Take(MostPlaces).Select(AddressOf)]),
            _ => BookAnswer.Refuse(
                "which-fingerprint",
                $"{matches.Count} nodes nearby have fingerprints that begin so: write more of it."),
        };
    }

    /// <summary>Who was heard, without asking again.</summary>
    public static Nearby Heard(NodeParts node) => new(
        node.Nearby is not null,
        [.. (node.Nearby?.Nodes ?? []).Select(seen => Describe(node, seen))]);

    private static async Task<Nearby> AskAsync(NodeParts node, CancellationToken cancel)
    {
        if (node.Nearby is not { } nearby)
            return Heard(node);
        await nearby.AskAsync();
        await Task.Delay(AnswerTime, node.Time, cancel);
        return Heard(node);
    }

    private static NearbyPeer Describe(NodeParts node, NearbyNode seen) => new(
        PeerNames.Harmless(seen.Name),
        seen.Fingerprint.ToString(),
        $"{seen.Address}:{seen.Port}",
        PairPhrase.Of(node.Identity.Fingerprint, seen.Fingerprint),
        node.Book.Peers.FirstOrDefault(
            peer => peer.Key is { } key && Fingerprint.Of(key) == seen.Fingerprint)?.Name);

    private static string AddressOf(NearbyNode seen) => $"{seen.Address}:{seen.Port}/{seen.Fingerprint}";
}
