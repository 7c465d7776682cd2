using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Web;

/// <summary>
/// The style sheet, the script and the icon. They are embedded, so that every build serves them, and their addresses
/// carry their hash, so that a browser may keep them for ever.
/// </summary>
internal static class Look
{
    private const int VersionLength = 12;

    private static readonly FrozenDictionary<string, File> Files =
        new[] { Read("style.css", "text/css"), Read("live.js", "text/javascript"), Read("icon.svg", "image/svg+xml") }
            .ToFrozenDictionary(file => file.Name, StringComparer.Ordinal);

    /// <summary>The address of a file.</summary>
    public static string Url(string name) => $"/look/{name}?v={Files[name].Version}";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/look/{name}", http =>
    {
        if (!Files.TryGetValue((string)http.Request.RouteValues["name"]!, out var file))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        http.Response.ContentType = file.Type + "; charset=utf-8";
        http.Response.ContentLength = file.Bytes.Length;
        http.Response.Headers.CacheControl = http.Request.Query["v"] == file.Version
            ? "public, max-age=31536000, immutable"
            : "no-cache";
        return http.Response.Body.WriteAsync(file.Bytes, 0, file.Bytes.Length, http.RequestAborted);
    });

    private static File Read(string name, string type)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("web/" + name)
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var content = bytes.ToArray();
        return new File(name, type, Hash.Of(content).ToString()[..VersionLength], content);
    }

    private sealed record File(string Name, string Type, string Version, byte[] Bytes);
}
