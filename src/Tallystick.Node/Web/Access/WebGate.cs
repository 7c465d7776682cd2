using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Tallystick.Node.Api;
using Tallystick.Node.Api.Connections;

namespace Tallystick.Node.Web.Access;

/// <summary>
/// Decides who may see which page: the owner, who has signed in, all of them; everybody those that are open. The API is
/// left to its own check: it never looks at a cookie, and the pages never at the API's token.
/// </summary>
internal sealed class WebGate(NodeParts node, AccessCheck api, WebKeys keys, WebOrigin origin)
{
    private const string VisitorCookie = "tallystick-visitor";
    private const string ThemeCookie = "tallystick-theme";
    private const int VisitorBytes = 16;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    // Cookies do not know ports, so nodes on one machine must not share a name.
    private readonly string sessionCookie =
        "tallystick-" + node.Identity.Fingerprint.ToString()[..9].ToLowerInvariant();

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path;
        if (!IsForPages(http))
            return api.InvokeAsync(http, next);
        if (!origin.IsHost(http))
            return Reply.SendAsync(http, Problems.WrongHost);
        PageHeaders.Set(http.Response);
        var isOwner = IsOwner(http.Request);
        if (isOwner)
            Crowd.Leave(http);
        if (ChangesSomething(http) && !origin.IsOwnPage(http.Request))
            return Reply.SendAsync(http, WrongPage);
        if (isOwner || IsOpen(path))
            return next(http);
        if (!WantsPage(http.Request))
            return api.InvokeAsync(http, program => Reply.SendAsync(program, Problems.NoSuchPath));
        http.Response.Redirect("/sign-in");
        return Task.CompletedTask;
    }

    // No browser speaks HTTP/2 without TLS, and one connection of it could bring a hundred forms at once.
    private static bool IsForPages(HttpContext http) =>
        !AccessCheck.IsOverUnixSocket(http)
        && !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && !HttpProtocol.IsHttp2(http.Request.Protocol);

    /// <summary>What a page has to know of the browser that asks for it.</summary>
    public Visit Visit(HttpContext http)
    {
        var request = http.Request;
        var isOwner = IsOwner(request);
        var theme = request.Cookies[ThemeCookie] is "light" or "dark" ? request.Cookies[ThemeCookie] : null;
        var subject = isOwner ? keys.Session : Visitor(http);
        return new Visit(node.Options.Name, request.Path.ToString(), theme, keys.FormToken(subject), isOwner);
    }

    /// <summary>Whether a posted form was made by this server for this very browser.</summary>
    public bool IsOwnForm(HttpRequest request, string? token) =>
        (IsOwner(request) ? keys.Session : request.Cookies[VisitorCookie]) is { Length: > 0 } subject
        && WebKeys.Same(token, keys.FormToken(subject));

    public void SignIn(HttpResponse response) => Set(response, sessionCookie, keys.Session);

    public void SignOut(HttpResponse response) => response.Cookies.Delete(sessionCookie);

    /// <summary>Remembers how the pages are to look; anything else than light and dark forgets it.</summary>
    public void SetTheme(HttpResponse response, string? theme)
    {
        if (theme is "light" or "dark")
            Set(response, ThemeCookie, theme);
        else
            response.Cookies.Delete(ThemeCookie);
    }

    /// <summary>Whether whoever asks is a browser that will show the answer to a person.</summary>
    public static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static Client.Problem WrongPage { get; } = new(
        "Not allowed", 403, "This was sent by a page of another server, so nothing was done.", "wrong-origin");

    private bool IsOpen(PathString path) =>
        path == "/" || path == "/health" || path == "/sign-in" || path == "/theme"
        || path.StartsWithSegments("/look", StringComparison.Ordinal)
        || (node.Options.Rooms && path.StartsWithSegments("/rooms", StringComparison.Ordinal));

    private static bool ChangesSomething(HttpContext http) =>
        http.WebSockets.IsWebSocketRequest
        || !(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));

    private bool IsOwner(HttpRequest request) => WebKeys.Same(request.Cookies[sessionCookie], keys.Session);

    private string Visitor(HttpContext http)
    {
        if (http.Request.Cookies[VisitorCookie] is { Length: 2 * VisitorBytes } known)
            return known;
        var made = RandomNumberGenerator.GetHexString(2 * VisitorBytes, lowercase: true);
        Set(http.Response, VisitorCookie, made);
        return made;
    }

    private void Set(HttpResponse response, string cookie, string value) => response.Cookies.Append(
        cookie,
        value,
        new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = KeptFor,
            Path = "/",
            SameSite = SameSiteMode.Strict,
            Secure = origin.IsSecure,
        });
}
