using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary><c>/api/peers</c>: who is known, and adding, accepting, renaming and removing.</summary>
internal static class PeerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, NodeParts node)
    {
        NearbyEndpoints.Map(routes, node);
        routes.MapGet("/api/peers", http => Reply.SendAsync<Client.Peers>(http, All(node), ContractJson.Default.Peers))
            .Does("peers, and strangers who knocked", takes: null, typeof(Client.Peers));
        routes.MapPost("/api/peers", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.AddPeerRequest);
            await SendAsync(http, node, body.Value is { } request
                ? node.Book.Add(string.IsNullOrWhiteSpace(request.Name) ? null : request.Name, request.Address)
                : default(BookAnswer?), body.Problem);
        }).Does("adds a peer to dial", typeof(AddPeerRequest), typeof(Peer));
        routes.MapPost("/api/peers/accept", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.AcceptPeerRequest);
            await SendAsync(http, node, body.Value is { } request
                ? NearbyEndpoints.Accept(node, request.Fingerprint ?? string.Empty, request.Name)
                : default(BookAnswer?), body.Problem);
        }).Does("trusts a stranger who knocked, or who is nearby", typeof(AcceptPeerRequest), typeof(Peer));
        routes.MapPatch("/api/peers/{name}", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.RenamePeerRequest);
            await SendAsync(http, node, body.Value is { } request
                ? node.Book.Rename(Name(http), request.Name)
                : default(BookAnswer?), body.Problem);
        }).Does("renames a peer", typeof(RenamePeerRequest), typeof(Peer));
        routes.MapDelete("/api/peers/{name}", async http =>
            await Reply.SendAsync(http, await RemoveAsync(
                node, Name(http), http.Request.Query["force"] == "true", http.RequestAborted)))
            .Does("removes a peer; without force only at balance zero", takes: null, gives: null, "force");
    }

    private static string Name(HttpContext http) => (string)http.Request.RouteValues["name"]!;

    private static Task SendAsync(HttpContext http, NodeParts node, BookAnswer? answer, Problem? problem)
    {
        if (answer is { Peer: { } peer })
        {
            node.Door.Changed(peer);
            return Reply.SendAsync<Peer>(http, Describe(node, peer), ContractJson.Default.Peer);
        }
        return Reply.SendAsync(http, problem ?? Problems.Of(answer!.Value.Refusal!));
    }

    internal static Client.Peers All(NodeParts node) => new(
        [.. node.Book.Peers.Select(peer => Describe(node, peer))],
        [
            .. node.Book.Strangers.Reverse().Select(stranger => new Client.Stranger(
                stranger.Fingerprint.ToString(), stranger.ClaimedName, stranger.Address, stranger.LastSeen,
                WarningOf(node, stranger.ClaimedName, except: null))),
        ]);

    internal static Peer Describe(NodeParts node, StoredPeer peer)
    {
        var where = peer.DialAddress();
        var stopped = node.TabsOf(peer).Select(pair => pair.Tab.Trouble).FirstOrDefault(trouble => trouble is not null);
        return new Peer(
            peer.Name,
            peer.Key is { } key ? Fingerprint.Of(key).ToString() : null,
            peer.Addresses is [var first, ..] ? first : null,
            peer.ClaimedName,
            node.Door.Presence.IsOnline(peer.Key),
            stopped ?? node.Door.Presence.TroubleOf(peer.Key, where),
            !peer.NameIsOurs,
            WarningOf(node, peer.Name, peer));
    }

    private static string? WarningOf(NodeParts node, string name, StoredPeer? except) => LookAlikes.Warning(
        name,
        node.Book.Peers.Where(peer => peer.Id != except?.Id).Select(peer => peer.Name).Append(node.Options.Name));

    private static async Task<Answer<Nothing>> RemoveAsync(
        NodeParts node, string name, bool force, CancellationToken cancel)
    {
        if (node.Book.Find(name) is not { } peer)
            return Problems.Of(node.Book.UnknownPeer(name));
        var tabs = node.TabsOf(peer).Select(pair => pair.Tab).ToList();
        var obstacles = tabs.Select(tab => Obstacle(peer.Name, tab)).OfType<string>();
        if (!force && obstacles.FirstOrDefault() is { } obstacle)
            return Problems.Refused("not-settled", obstacle);
        // What was queued for a peer that is let go must not be paid when it is added again one day.
        foreach (var (tab, waiting) in tabs.SelectMany(tab => tab.State.Waiting.Select(intent => (tab, intent))))
            await node.Ledger.CancelAsync(tab.Terms.Id, waiting.RequestId, cancel);
        var removed = node.Book.Remove(peer.Name);
        if (removed.Refusal is { } refusal)
            return Problems.Of(refusal);
        await node.Door.RemovedAsync(peer);
        return Nothing.Value;
    }

    private static string? Obstacle(string peer, TabView tab)
    {
        var asset = tab.Terms.Asset;
        if (tab.Balance != 0)
        {
            var amount = AmountText.FormatWithCode(Math.Abs(tab.Balance), asset);
            var who = tab.Balance > 0 ? $"{peer} owes you {amount}" : $"You owe {peer} {amount}";
            return $"{who}: settle first, or remove {peer} with --force; the pages are kept.";
        }
        return tab.WaitingCount > 0
            ? $"Something is still queued for {peer}: cancel it, or remove {peer} with --force, which cancels it."
            : null;
    }
}
