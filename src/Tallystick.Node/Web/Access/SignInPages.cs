using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Node.Links;

namespace Tallystick.Node.Web.Access;

/// <summary><c>/sign-in</c>, <c>/sign-out</c> and <c>/theme</c>.</summary>
internal static class SignInPages
{
    private const double TriesPerSecond = 0.2;
    private const double TriesAtOnce = 10;

    public static void Map(IEndpointRouteBuilder routes, WebSite site)
    {
        var tries = new CallerAllowance(TriesPerSecond, TriesAtOnce, site.Node.Time);
        routes.MapGet("/sign-in", http => http.Request.Query["code"].ToString() is { Length: > 0 } code
            ? SignInAsync(http, site, tries, code)
            : AskAsync(http, site));
        routes.MapPost("/sign-in", async http =>
        {
            if (await site.ReadFormAsync(http) is { } form)
                await SignInAsync(http, site, tries, CodeIn(form["code"].ToString().Trim()));
        });
        routes.MapPost("/sign-out", async http =>
        {
            if (await site.ReadFormAsync(http) is null)
                return;
            site.Gate.SignOut(http.Response);
            http.Response.Redirect("/");
        });
        routes.MapPost("/theme", async http =>
        {
            if (await site.ReadFormAsync(http) is not { } form)
                return;
            site.Gate.SetTheme(http.Response, form["theme"]);
            http.Response.Redirect(OwnPath(form["back"]));
        });
    }

    private static Task AskAsync(HttpContext http, WebSite site, string? problem = null, int status = 200) =>
        site.SendAsync<SignInPage, SignInModel>(http, new SignInModel(problem), status);

    private static Task SignInAsync(HttpContext http, WebSite site, CallerAllowance tries, string code)
    {
        var caller = site.Origin.Caller(http);
        if (!tries.IsOpen(caller))
        {
            http.Response.Headers.RetryAfter = "5";
            return AskAsync(http, site, "Too many tries. Wait a moment, then try again.", 429);
        }
        if (!WebKeys.Same(code, site.Keys.SignInCode))
        {
            tries.TryTake(caller);
            return AskAsync(http, site, "That is not this node's sign-in code. Its shell shows the link.", 401);
        }
        site.Gate.SignIn(http.Response);
        // A redirect would still count as a visit from elsewhere, to which a browser shows no strict cookie.
        return site.SendAsync<SignedInPage, SignInModel>(http, new SignInModel(null));
    }

    // Whoever has only the link to paste may paste it whole.
    private static string CodeIn(string typed)
    {
        var at = typed.IndexOf("code=", StringComparison.Ordinal);
        return at < 0 ? typed : typed[(at + "code=".Length)..];
    }

    private static string OwnPath(string? path) =>
        path is ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) ? path : "/";
}
