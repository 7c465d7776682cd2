using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Node.Api;
using Tallystick.Node.Web.Overview;
using Tallystick.Node.Web.Standings;

namespace Tallystick.Node.Web.Payments;

/// <summary><c>POST /pay</c>: pays, and goes back to the page that the form stands on.</summary>
internal static class PaymentPages
{
    public static void Map(IEndpointRouteBuilder routes, WebSite site) => routes.MapPost("/pay", async http =>
    {
        if (await site.ReadFormAsync(http) is not { } form)
            return;
        var request = new PayRequest(
            form["amount"].ToString(), form["peer"], form["asset"], form["memo"], form["requestId"]);
        var answer = await PaymentEndpoints.PayAsync(site.Node, request, http.RequestAborted);
        if (answer.Value is { } paid)
            http.Response.Redirect($"{PathOf(form["at"], paid.Peer)}?asset={paid.Asset}&paid={paid.RequestId}");
        else
            await SendAgainAsync(http, site, Typed(request, form["at"], answer.Problem!), answer.Problem!.Status);
    });

    private static Task SendAgainAsync(HttpContext http, WebSite site, PayFormModel typed, int status) =>
        typed is { At: "peer", Peer: { } peer }
            ? PeerPages.SendAsync(http, site, peer, typed, new LimitFormModel(null, null), status)
            : OverviewPages.SendAsync(http, site, typed, status);

    private static string PathOf(string? at, string peer) =>
        at == "peer" ? $"/peers/{Uri.EscapeDataString(peer)}" : "/overview";

    private static PayFormModel Typed(PayRequest request, string? at, Problem problem) =>
        new([], [], at == "peer" ? "peer" : "overview", request.RequestId ?? string.Empty)
        {
            Peer = request.Peer,
            Asset = request.Asset,
            Amount = request.Amount,
            Memo = request.Memo,
            Problem = problem.Detail,
        };
}
