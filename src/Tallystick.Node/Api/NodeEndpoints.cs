using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Node.Links;

namespace Tallystick.Node.Api;

/// <summary><c>GET /api/node</c> and <c>GET /health</c>.</summary>
internal static class NodeEndpoints
{
    private static readonly string Version =
        typeof(NodeEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "unknown";

    public static void Map(IEndpointRouteBuilder routes, NodeParts node)
    {
        routes.MapGet("/api/node", http => Reply.SendAsync<NodeInfo>(http, Info(node), ContractJson.Default.NodeInfo))
            .Does("who this node is", takes: null, typeof(NodeInfo));
        routes.MapGet("/health", http => HealthAsync(http, node));
    }

    internal static NodeInfo Info(NodeParts node) => new(
        node.Options.Name,
        node.Identity.Fingerprint.ToString(),
        node.Identity.Key.ToString(),
        Version,
        node.Listen?.ToString(),
        node.Web?.ToString(),
        node.DataFolder,
        [.. node.Options.Assets.Select(asset => asset.ToString())],
        node.SignIn?.ToString(),
        [
            .. (node.Hub?.Relays ?? []).Select(relay => new RelayInfo(
                relay.Relay.ToString(),
                relay.IsRegistered,
                PeerAddress.Through(relay.Relay, node.Identity.Fingerprint).ToString())),
        ],
        node.Options.Offline);

    private static Task HealthAsync(HttpContext http, NodeParts node)
    {
        var healthy = !node.Ledger.Stopped.IsCompleted && CanRead(node);
        http.Response.StatusCode = healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(
            $$"""{"version":"{{JsonEncodedText.Encode(Version)}}","database":"{{(healthy ? "ok" : "failed")}}"}""",
            http.RequestAborted);
    }

    private static bool CanRead(NodeParts node)
    {
        try
        {
            node.Store.LoadPeers();
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }
}
