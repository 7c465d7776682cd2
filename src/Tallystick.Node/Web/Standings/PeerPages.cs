using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Node.Api;
using Tallystick.Node.Storage;
using Tallystick.Node.Web.Payments;

namespace Tallystick.Node.Web.Standings;

/// <summary><c>/peers/{name}</c>, and <c>POST /peers/{name}/limit</c>.</summary>
internal static class PeerPages
{
    public static void Map(IEndpointRouteBuilder routes, WebSite site)
    {
        var reader = new PeerReader(site.Node);
        routes.MapGet("/peers/{name}", http =>
            SendAsync(http, site, Name(http), typed: null, new LimitFormModel(null, null)));
        routes.MapGet("/live/peers/{name}", http =>
        {
            var (name, paid) = (Name(http), http.Request.Query["paid"].ToString());
            return site.Node.Book.Find(name) is { } peer
                ? site.ServeLiveAsync<PeerRegions, PeerModel>(
                    http, () => reader.Read(site.Node.Book.Find(name) ?? peer, paid))
                : site.SendProblemAsync(http, Problems.NoSuchPath);
        });
        routes.MapPost("/peers/{name}/limit", async http =>
        {
            if (await site.ReadFormAsync(http) is { } form)
                await SetLimitAsync(http, site, form);
        });
    }

    /// <summary>Answers with the page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="site">The site.</param>
    /// <param name="name">The peer.</param>
    /// <param name="typed">What stands in the form that pays, or null for a new one.</param>
    /// <param name="limit">What stands in the form for the limit.</param>
    /// <param name="status">The HTTP status.</param>
    public static Task SendAsync(
        HttpContext http, WebSite site, string name, PayFormModel? typed, LimitFormModel limit, int status = 200)
    {
        if (site.Node.Book.Find(name) is not { } peer)
            return site.SendProblemAsync(http, Problems.Of(site.Node.Book.UnknownPeer(name)));
        var model = new PeerReader(site.Node).Read(peer, http.Request.Query["paid"]);
        var pay = PayForms.For(site.Node, "peer", peer.Name, typed);
        return site.SendAsync<PeerPage, PeerView>(
            http,
            new PeerView(model, pay, limit),
            status,
            $"/live{PathOf(peer)}{http.Request.QueryString}");
    }

    private static async Task SetLimitAsync(HttpContext http, WebSite site, IFormCollection form)
    {
        var (name, typed) = (Name(http), form["limit"].ToString());
        var limit = typed.Trim().Length == 0 ? "none" : typed;
        var answer = await LimitEndpoints.SetAsync(
            site.Node, name, new LimitRequest(limit, form["asset"]), http.RequestAborted);
        if (answer.Value is { } set)
            http.Response.Redirect("/peers/" + Uri.EscapeDataString(set.Peer));
        else
            await SendAsync(
                http, site, name, null, new LimitFormModel(typed, answer.Problem!.Detail), answer.Problem.Status);
    }

    private static string Name(HttpContext http) => (string)http.Request.RouteValues["name"]!;

    private static string PathOf(StoredPeer peer) => "/peers/" + Uri.EscapeDataString(peer.Name);
}
