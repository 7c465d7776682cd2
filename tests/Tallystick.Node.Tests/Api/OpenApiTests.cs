using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Tallystick.Node.Tests.Api;

/// <summary>The description of the API is what docs/openapi.json says it is.</summary>
public sealed class OpenApiTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_is_served_is_what_is_written_down_and_every_route_says_what_it_does()
    {
        await using var node = await RunningTestNode.StartAsync(folder, "alice");
        var served = await ReadAsync(node);
        var file = Path.Combine(Root(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("TALLYSTICK_WRITE_OPENAPI") == "1")
            await File.WriteAllTextAsync(file, served, TestContext.Current.CancellationToken);
        var written = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(written.ReplaceLineEndings("\n"), served);

        var paths = JsonNode.Parse(served)!["paths"]!.AsObject();
        Assert.Contains("/api/settlements/{id}/accept", paths.Select(path => path.Key));
        foreach (var (path, methods) in paths)
        {
            foreach (var (method, operation) in methods!.AsObject())
                Assert.False(string.IsNullOrEmpty((string?)operation!["summary"]), $"{method} {path} says nothing");
        }
    }

    private static async Task<string> ReadAsync(RunningTestNode node)
    {
        using var http = new HttpClient { BaseAddress = node.Host.WebUrl };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", node.Host.Token);
        return await http.GetStringAsync("/api/openapi.json", TestContext.Current.CancellationToken);
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Tallystick.slnx")))
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException("There is no repository here.");
        return at;
    }
}
