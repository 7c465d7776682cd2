using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;

namespace Tallystick.Node.Api;

/// <summary><c>GET /api/history?peer=NAME&amp;most=50&amp;before=CURSOR</c></summary>
internal static class HistoryEndpoints
{
    private const int DefaultMost = 50;
    private const int LargestMost = 1000;

    public static void Map(IEndpointRouteBuilder routes, NodeParts node) =>
        routes.MapGet("/api/history", http =>
            Reply.SendAsync(http, Read(node, http.Request.Query), ContractJson.Default.HistoryPage))
            .Does("what happened, newest last", takes: null, typeof(HistoryPage), "peer", "most", "before");

    private static Answer<HistoryPage> Read(NodeParts node, IQueryCollection query)
    {
        var choice = Choice.PeerOrAll(node, query["peer"]);
        if (choice.Problem is { } problem)
            return problem;
        var most = DefaultMost;
        if (query["most"].ToString() is { Length: > 0 } typed
            && (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out most)
                || most is < 1 or > LargestMost))
        {
            return Problems.BadInput("bad-most", $"most is 1 to {LargestMost}.");
        }
        var from = HistoryCursor.Newest;
        if (query["before"].ToString() is { Length: > 0 } before && !HistoryCursor.TryParse(before, out from))
            return Problems.BadInput("bad-cursor", "before is what an earlier answer gave.");
        var tabs = node.TabsOf(choice.Value)
            .ToDictionary(pair => pair.Tab.Terms.Id, pair => (pair.Peer.Name, pair.Tab));
        return new HistoryReader(node, tabs).Read(from, most);
    }
}
