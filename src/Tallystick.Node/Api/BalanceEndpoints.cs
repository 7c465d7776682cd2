using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Money;

namespace Tallystick.Node.Api;

/// <summary><c>GET /api/balances?peer=NAME</c></summary>
internal static class BalanceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, NodeParts node) =>
        routes.MapGet("/api/balances", http =>
            Reply.SendAsync(http, Read(node, http.Request.Query["peer"]), ContractJson.Default.Balances))
            .Does("balances, limits, worst cases", takes: null, typeof(Balances), "peer");

    private static Answer<Balances> Read(NodeParts node, string? name)
    {
        var choice = Choice.PeerOrAll(node, name);
        if (choice.Problem is { } problem)
            return problem;
        var tabs = node.TabsOf(choice.Value).ToList();
        return new Balances(
            [.. tabs.Select(pair => TabFigures.Of(node, pair.Peer.Name, pair.Tab))],
            [
                .. tabs.GroupBy(pair => pair.Tab.Terms.Asset).Select(group =>
                    new AssetTotal(group.Key.Code, AmountText.Format(group.Sum(pair => pair.Tab.Balance), group.Key))),
            ]);
    }
}
