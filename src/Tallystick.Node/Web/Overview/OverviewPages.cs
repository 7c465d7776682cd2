using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Node.Web.Payments;

namespace Tallystick.Node.Web.Overview;

/// <summary><c>/overview</c></summary>
internal static class OverviewPages
{
    private const string Path = "/overview";

    public static void Map(IEndpointRouteBuilder routes, WebSite site)
    {
        routes.MapGet(Path, http => SendAsync(http, site, typed: null));
        routes.MapGet("/live" + Path, http =>
        {
            var query = http.Request.Query;
            return site.ServeLiveAsync<OverviewRegions, OverviewModel>(http, () => Read(query, site));
        });
    }

    /// <summary>Answers with the page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="site">The site.</param>
    /// <param name="typed">What stands in the form, or null for a new one.</param>
    /// <param name="status">The HTTP status.</param>
    public static Task SendAsync(HttpContext http, WebSite site, PayFormModel? typed, int status = 200)
    {
        var overview = Read(http.Request.Query, site);
        var form = PayForms.For(site.Node, "overview", peer: null, typed) with
        {
            Asset = typed?.Asset ?? overview.Asset,
        };
        return site.SendAsync<OverviewPage, OverviewView>(
            http, new OverviewView(overview, form), status, "/live" + Path + http.Request.QueryString);
    }

    private static OverviewModel Read(IQueryCollection query, WebSite site) =>
        site.Overview.Read(query["asset"], query["paid"]);
}
