using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;

namespace Tallystick.Node.Api;

/// <summary>
/// <c>GET /api/openapi.json</c>: the API in the words of OpenAPI 3.1, made from the routes that are mapped and the
/// records that are sent.
/// </summary>
internal static class OpenApi
{
    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSchemaExporterOptions Strict = new() { TreatNullObliviousAsNonNullable = true };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/openapi.json", http => Reply.SendJsonAsync(http, Describe(routes)))
            .Does("this document", takes: null, gives: null);

    private static byte[] Describe(IEndpointRouteBuilder routes)
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject());
        var calls =
            from route in routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            let path = route.RoutePattern.RawText
            where path is not null && path.StartsWith("/api/", StringComparison.Ordinal)
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            // Documents know no such method: it is how HTTP/2 opens a WebSocket.
            where !HttpMethods.IsConnect(method)
            orderby path, method
            select (route, path, method);
        foreach (var (route, path, method) in calls)
        {
            if (!paths.ContainsKey(path))
                paths[path] = new JsonObject();
            paths[path]![method.ToLowerInvariant()] = Operation(route, schemas);
        }
        Reference(typeof(Problem), schemas);
        var ordered = new JsonObject(schemas.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        return Write(new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "The local API of a Tallystick node", ["version"] = "1" },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = ordered,
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
            },
        });
    }

    private static JsonObject Operation(RouteEndpoint route, JsonObject schemas)
    {
        var call = route.Metadata.GetMetadata<ApiCall>();
        var operation = new JsonObject { ["summary"] = call?.Summary ?? string.Empty };
        var parameters = new JsonArray(
        [
            .. route.RoutePattern.Parameters.Select(parameter => Parameter(parameter.Name, "path")),
            .. (call?.Query ?? []).Select(name => Parameter(name, "query")),
        ]);
        if (parameters.Count > 0)
            operation["parameters"] = parameters;
        if (call?.Takes is { } takes)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Json(takes, schemas) };
        operation["responses"] = new JsonObject
        {
            ["2XX"] = call?.Gives is { } gives
                ? new JsonObject { ["description"] = "done", ["content"] = Json(gives, schemas) }
                : new JsonObject { ["description"] = "done" },
            ["default"] = new JsonObject
            {
                ["description"] = "refused or failed",
                ["content"] = Content("application/problem+json", typeof(Problem), schemas),
            },
        };
        return operation;
    }

    private static JsonObject Parameter(string name, string place) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Json(Type type, JsonObject schemas) => Content("application/json", type, schemas);

    private static JsonObject Content(string kind, Type type, JsonObject schemas) =>
        new() { [kind] = new JsonObject { ["schema"] = Reference(type, schemas) } };

    private static JsonObject Reference(Type type, JsonObject schemas)
    {
        if (!schemas.ContainsKey(type.Name))
            schemas[type.Name] = ContractJson.Default.Options.GetJsonSchemaAsNode(type, Strict);
        return new JsonObject { ["$ref"] = $"#/components/schemas/{type.Name}" };
    }

    private static byte[] Write(JsonObject document)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Layout))
            document.WriteTo(writer);
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }
}
