using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Node.Web.Access;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web;

/// <summary><c>/</c>: greets whoever comes, and shows the way in.</summary>
internal static class WelcomePages
{
    public static void Map(IEndpointRouteBuilder routes, WebSite site) =>
        routes.MapGet("/", http => WebGate.WantsPage(http.Request)
            ? site.SendAsync<WelcomePage, WelcomeModel>(
                http, new WelcomeModel(site.Node.Options.Name, site.Node.Options.Rooms))
            : http.Response.WriteAsync(
                "A Tallystick node runs here. Open this address in a browser, or talk to it with ./tallystick.\n",
                http.RequestAborted));
}
