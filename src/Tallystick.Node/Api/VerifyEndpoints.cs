using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Api;

/// <summary><c>GET /api/verify?peer=NAME</c>: reads both halves again and believes nothing.</summary>
internal static class VerifyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, NodeParts node) =>
        routes.MapGet("/api/verify", async http =>
        {
            var choice = Choice.PeerOrAll(node, http.Request.Query["peer"]);
            if (choice.Problem is { } problem)
            {
                await Reply.SendAsync(http, problem);
                return;
            }
            // It may read for minutes, so it has a thread of its own.
            var proofs = await Task.Run(() => Verify(node, choice.Value, http.RequestAborted));
            await Reply.SendAsync<Proofs>(http, proofs, ContractJson.Default.Proofs);
        }).Does("checks both halves again from their pages", takes: null, typeof(Proofs), "peer");

    internal static Proofs Verify(NodeParts node, Storage.StoredPeer? only, CancellationToken cancel)
    {
        var proofs = node.TabsOf(only).Select(pair => Verify(node, pair.Peer.Name, pair.Tab, cancel)).ToList();
        return new Proofs(proofs.TrueForAll(proof => proof.Matches), proofs);
    }

    private static TabProof Verify(NodeParts node, string peer, TabView tab, CancellationToken cancel)
    {
        var asset = tab.Terms.Asset;
        var found = new TabReplay(node.Store, node.Keys, tab).Run(cancel);
        var balance = AmountText.Format(found.BalanceUnits, asset);
        var where = node.Options.Assets.Count > 1 || asset != node.Options.Assets[0] ? $"{peer} ({asset.Code})" : peer;
        var counts = $"{found.MyPages} of my pages and {found.PeerPages} of theirs, {found.Signatures} signatures";
        if (tab.Snapshot.Resets.Length is > 0 and var resets)
            counts += resets == 1 ? ", 1 reset" : $", {resets} resets";
        var line = found.Wrong is { } wrong
            ? $"{where}: {counts} checked, but {wrong}"
            : $"{where}: {counts}, balance {balance}: both halves match.";
        return new TabProof(
            peer, asset.Code, found.Wrong is null, line, found.MyPages, found.PeerPages, found.Signatures, balance);
    }
}
