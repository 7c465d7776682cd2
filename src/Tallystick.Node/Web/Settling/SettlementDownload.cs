using Microsoft.AspNetCore.Http;
using Tallystick.Node.Api;
using Tallystick.Node.Settlements;

namespace Tallystick.Node.Web.Settling;

/// <summary>Sends the file that proves a settlement to anybody.</summary>
internal static class SettlementDownload
{
    /// <param name="http">The request.</param>
    /// <param name="site">The site, for what stands in the way.</param>
    /// <param name="node">Where it is stored.</param>
    /// <param name="key">Names it, or null when there is none.</param>
    /// <param name="bothKeysHere">Whether this server holds the keys of both parties.</param>
    public static Task SendAsync(HttpContext http, WebSite site, NodeParts node, string? key, bool bothKeysHere)
    {
        var found = new SettlementBook(node).Find(key ?? string.Empty);
        var file = found.Value is { } known ? SettlementSaving.Save(node, known, bothKeysHere) : found.Problem!;
        if (file.Value is not { } bytes)
            return site.SendProblemAsync(http, file.Problem!);
        http.Response.ContentType = "application/octet-stream";
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"settlement-{found.Value!.Id}.tally\"";
        return http.Response.Body.WriteAsync(bytes, 0, bytes.Length, http.RequestAborted);
    }
}
