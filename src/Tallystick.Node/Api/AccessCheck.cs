using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Tallystick.Node.Api.Connections;

namespace Tallystick.Node.Api;

/// <summary>
/// Lets in who shows the token of the data folder. On TCP the Host header must name this machine, so that a web page
/// elsewhere cannot reach in by giving its own name this machine's address.
/// </summary>
internal sealed class AccessCheck(string token)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] expected = Encoding.UTF8.GetBytes(token);

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsOverUnixSocket(http) && !NamesThisMachine(http.Request.Host))
            return Reply.SendAsync(http, Problems.WrongHost);
        var isTheOwners = ShowsToken(http.Request);
        if (isTheOwners)
            Crowd.Leave(http);
        // These two tell nothing but that a node is here.
        if (isTheOwners || http.Request.Path == "/health" || http.Request.Path == "/")
            return next(http);
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Reply.SendAsync(http, Problems.NoToken);
    }

    private bool ShowsToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()), expected);
    }

    public static bool IsOverUnixSocket(HttpContext http) =>
        http.Features.Get<IConnectionSocketFeature>()?.Socket.LocalEndPoint is UnixDomainSocketEndPoint;

    private static bool NamesThisMachine(HostString host) =>
        host.Host is "127.0.0.1" or "[::1]"
        || string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase);
}
