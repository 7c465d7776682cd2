using System.Net;
using Microsoft.AspNetCore.Http;
using Tallystick.Node.Links;

namespace Tallystick.Node.Web.Access;

/// <summary>Under which names the pages are served, and whether a request comes from one of them.</summary>
/// <param name="publicUrl">The address before a proxy, or null.</param>
internal sealed class WebOrigin(Uri? publicUrl)
{
    /// <summary>Whether cookies may only travel encrypted.</summary>
    public bool IsSecure => publicUrl?.Scheme == Uri.UriSchemeHttps;

    /// <summary>
    /// Whether the Host header names this server: the public name, this machine, or the very address that was
    /// connected to. A page elsewhere that gives its own name this machine's address is found out here.
    /// </summary>
    public bool IsHost(HttpContext http)
    {
        var host = http.Request.Host;
        if (publicUrl is not null && string.Equals(host.Value, publicUrl.Authority, StringComparison.OrdinalIgnoreCase))
            return true;
        if (string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase))
            return http.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local);
        return IPAddress.TryParse(host.Host.Trim('[', ']'), out var named)
            && http.Connection.LocalIpAddress is { } here
            && (CallerAddress.Of(named).Equals(CallerAddress.Of(here))
                || (IPAddress.IsLoopback(named) && IPAddress.IsLoopback(here)));
    }

    /// <summary>
    /// Whether a request that changes something, or opens a socket, was sent by a page of this server. Browsers say so
    /// in Origin; what sends none is no page, and has no cookie to misuse.
    /// </summary>
    public bool IsOwnPage(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
        return string.Equals(origin, Own(request), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The address under which this browser sees the pages, without a path.</summary>
    public string Own(HttpRequest request) =>
        publicUrl is not null
        && string.Equals(request.Host.Value, publicUrl.Authority, StringComparison.OrdinalIgnoreCase)
            ? publicUrl.GetLeftPart(UriPartial.Authority)
            : $"http://{request.Host.Value}";

    /// <summary>Who asks; behind the proxy on this machine, who asked the proxy.</summary>
    public IPAddress Caller(HttpContext http)
    {
        var peer = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (publicUrl is null || !IPAddress.IsLoopback(peer))
            return CallerAddress.Of(peer);
        // The proxy itself wrote the last one; what stands before it, anybody may have written.
        var last = http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        return CallerAddress.Of(IPAddress.TryParse(last, out var caller) ? caller : peer);
    }
}
