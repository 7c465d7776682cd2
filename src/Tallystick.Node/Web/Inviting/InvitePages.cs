using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Node.Api;

namespace Tallystick.Node.Web.Inviting;

/// <summary><c>/invite</c> and <c>/join</c>.</summary>
internal static class InvitePages
{
    private const string Live = "/live/invite";
    private const int JoinWaitMs = 10_000;

    public static void Map(IEndpointRouteBuilder routes, WebSite site)
    {
        routes.MapGet("/invite", http => SendAsync(http, site, Read(site.Node)));
        routes.MapGet(Live, http => site.ServeLiveAsync<InviteList, Invitations>(
            http, () => InviteEndpoints.All(site.Node)));
        routes.MapPost("/invite", async http =>
        {
            if (await site.ReadFormAsync(http) is not { } form)
                return;
            var request = new InviteRequest(form["limit"], form["asset"], form["expires"]);
            var answer = InviteEndpoints.Make(site.Node, request);
            await SendAsync(
                http,
                site,
                Read(site.Node) with
                {
                    Made = answer.Value,
                    Limit = request.Limit,
                    Expires = request.Expires,
                    Problem = answer.Problem?.Detail,
                },
                answer.Problem?.Status ?? StatusCodes.Status200OK);
        });
        routes.MapPost("/invite/{id}/revoke", async http =>
        {
            if (await site.ReadFormAsync(http) is null)
                return;
            var answer = InviteEndpoints.Revoke(site.Node, (string)http.Request.RouteValues["id"]!);
            if (answer.Problem is { } problem)
                await site.SendProblemAsync(http, problem);
            else
                http.Response.Redirect("/invite");
        });
        routes.MapGet("/join", http => site.SendAsync<JoinPage, JoinModel>(http, new JoinModel()));
        routes.MapPost("/join", async http =>
        {
            if (await site.ReadFormAsync(http) is not { } form)
                return;
            var request = new JoinRequest(form["link"].ToString(), form["name"], JoinWaitMs);
            var answer = await JoinEndpoints.JoinAsync(site.Node, request, http.RequestAborted);
            await site.SendAsync<JoinPage, JoinModel>(
                http,
                answer.Value is { } joined
                    ? new JoinModel(joined)
                    : new JoinModel(Link: request.Link, Problem: answer.Problem!.Detail),
                answer.Problem?.Status ?? StatusCodes.Status200OK);
        });
    }

    private static Task SendAsync(HttpContext http, WebSite site, InviteModel model, int status = 200) =>
        site.SendAsync<InvitePage, InviteModel>(http, model, status, Live);

    private static InviteModel Read(NodeParts node) => new(
        Made: null, InviteEndpoints.All(node), [.. node.Options.Assets.Select(asset => asset.Code).Distinct()]);
}
