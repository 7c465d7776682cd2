using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Tallystick.Node.Tests.Api;

/// <summary>Whatever nobody serves is answered like every other mistake. Found by fuzzing.</summary>
public sealed class UnknownPathTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private RunningTestNode node = null!;

    public async ValueTask InitializeAsync() => node = await RunningTestNode.StartAsync(folder, "alice");

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("GET", "api/no-such-path")]
    [InlineData("GET", ".e")]
    [InlineData("GET", "api/no.such")]
    [InlineData("PUT", "api/peers/bob/limit.json")]
    [InlineData("DELETE", "api/node")]
    public async Task An_unknown_path_is_a_problem_that_says_so(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(node.Host.WebUrl!, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", node.Host.Token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var problem = JsonDocument.Parse(body);
        Assert.Equal("unknown-path", problem.RootElement.GetProperty("refusal").GetString());
    }
}
