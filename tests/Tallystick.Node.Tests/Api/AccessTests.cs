using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tallystick.Client;

namespace Tallystick.Node.Tests.Api;

public sealed class AccessTests : IAsyncLifetime
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
    [InlineData("GET", "api/node")]
    [InlineData("POST", "api/payments")]
    [InlineData("GET", "api/events")]
    [InlineData("GET", "api/verify")]
    [InlineData("GET", "api/no-such-path")]
    public async Task Without_the_token_nothing_is_answered(string method, string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(method, path, token: null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(method, path, "wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(method, path, node.Host.Token + "x")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(method, path, node.Host.Token[..^1])).StatusCode);
    }

    [Fact]
    public async Task Health_and_the_first_page_are_open()
    {
        var health = await SendAsync("GET", "health", token: null);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Contains("\"database\":\"ok\"", await BodyAsync(health), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "", token: null)).StatusCode);
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:80", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:1234", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("192.0.2.1", HttpStatusCode.Forbidden)]
    public async Task Only_names_of_this_machine_are_answered_on_tcp(string host, HttpStatusCode expected)
    {
        using var request = Request("GET", "api/node", node.Host.Token);
        request.Headers.Host = host;
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task No_page_elsewhere_is_told_that_it_may_read_answers()
    {
        using var request = Request("OPTIONS", "api/node", node.Host.Token);
        request.Headers.Add("Origin", "http://evil.example");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Errors_are_problem_json_with_a_name_and_a_sentence()
    {
        using var response = await SendAsync("GET", "api/no-such-path", node.Host.Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = JsonSerializer.Deserialize(await BodyAsync(response), ContractJson.Default.Problem)!;
        Assert.Equal("unknown-path", problem.Refusal);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("null", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("{\"amount\":10}", 400)]
    [InlineData("not json", 400)]
    public async Task A_body_that_is_not_the_contracts_is_bad_input(string body, int status)
    {
        using var response = await PostAsync(body);
        Assert.Equal(status, (int)response.StatusCode);
        var problem = JsonSerializer.Deserialize(await BodyAsync(response), ContractJson.Default.Problem)!;
        Assert.Equal("bad-body", problem.Refusal);
    }

    [Fact]
    public async Task A_body_over_a_mebibyte_is_refused()
    {
        var big = "{\"amount\":\"" + new string('1', 1024 * 1024) + "\"}";
        using var response = await PostAsync(big);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task The_node_says_who_it_is_over_both_ways()
    {
        using var overTcp = new TallystickClient(node.Host.WebUrl!, node.Host.Token);
        var info = await overTcp.GetNodeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(info.Fingerprint, (await node.Client.GetNodeAsync()).Fingerprint);
        Assert.Equal(
            ("alice", node.Host.Fingerprint, node.Address), (info.Name, info.Fingerprint, info.Listen));
        Assert.Equal(["credits/2"], info.Assets);
    }

    [Fact]
    public async Task A_node_with_an_open_event_stream_stops_soon()
    {
        using var reading = new CancellationTokenSource();
        var subscribed = new TaskCompletionSource();
        var listening = Task.Run(async () =>
        {
            var notices = node.Client.NoticesAsync(() => Task.FromResult(subscribed.TrySetResult()), reading.Token);
            await foreach (var _ in notices)
            {
                // Nothing is expected.
            }
        });
        await subscribed.Task.WaitAsync(TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        await node.Host.DisposeAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
        await reading.CancelAsync();
        await listening;
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? token)
    {
        using var request = Request(method, path, token);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var request = Request("POST", "api/payments", node.Host.Token);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private HttpRequestMessage Request(string method, string path, string? token)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(node.Host.WebUrl!, path));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static Task<string> BodyAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
