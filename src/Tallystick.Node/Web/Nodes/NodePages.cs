using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Node.Api;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Web.Nodes;

/// <summary><c>/node</c>, and <c>POST /node/verify</c>.</summary>
internal static class NodePages
{
    private const string Live = "/live/node";

    public static void Map(IEndpointRouteBuilder routes, WebSite site)
    {
        routes.MapGet("/node", http =>
            site.SendAsync<NodePage, NodeModel>(http, Read(site.Node, proofs: null), livePath: Live));
        routes.MapGet(Live, http =>
            site.ServeLiveAsync<PeerLinks, NodeModel>(http, () => Read(site.Node, proofs: null)));
        routes.MapPost("/node/verify", async http =>
        {
            if (await site.ReadFormAsync(http) is null)
                return;
            // It may read for minutes, so it has a thread of its own.
            var proofs = await Task.Run(() => VerifyEndpoints.Verify(site.Node, only: null, http.RequestAborted));
            await site.SendAsync<NodePage, NodeModel>(http, Read(site.Node, proofs), livePath: Live);
        });
    }

    private static NodeModel Read(NodeParts node, Proofs? proofs) =>
        new(NodeEndpoints.Info(node), BookBytes(node), PeerEndpoints.All(node), proofs, NearbyEndpoints.Heard(node));

    private static long BookBytes(NodeParts node) =>
        new[] { BookFile.Name, BookFile.Name + "-wal" }
            .Select(file => new FileInfo(Path.Combine(node.DataFolder, file)))
            .Where(file => file.Exists)
            .Sum(file => file.Length);
}
