using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Tallystick.Client;

namespace Tallystick.Node.Tests.Api;

/// <summary>The API by HTTP/2, where HTTP/1.1 is spoken, too.</summary>
public sealed class Http2Tests : TwoNodes
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hundreds_of_calls_share_a_connection_and_each_payment_is_made_once(bool overTcp)
    {
        var connections = 0;
        using var http = NewClient(overTcp, () => Interlocked.Increment(ref connections));
        var asked = Enumerable.Range(0, 300)
            .Select(_ => new PayRequest("0.01", "bob", RequestId: Alice.Client.NewRequestId()))
            .ToArray();
        for (var times = 0; times < 2; times++)
        {
            var answers = await Task.WhenAll(asked.Select(payment => PayAsync(http, payment)));
            Assert.Equal(asked.Select(payment => payment.RequestId), answers.Select(answer => answer.RequestId));
        }
        Assert.Equal(1, connections);
        await Alice.UntilBalanceAsync("-3.00");
        await Bob.UntilBalanceAsync("3.00");
        Assert.True((await Alice.Client.VerifyAsync()).Matches);
    }

    [Theory]
    [InlineData("", "localhost", HttpStatusCode.Unauthorized)]
    [InlineData("wrong", "localhost", HttpStatusCode.Unauthorized)]
    [InlineData(null, "evil.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "localhost", HttpStatusCode.OK)]
    public async Task The_token_and_the_name_are_asked_for_as_by_HTTP_1_1(
        string? token, string host, HttpStatusCode expected)
    {
        using var http = NewClient(overTcp: true, token: token);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/node", UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = host;
        using var response = await http.SendAsync(request, Ct);
        Assert.Equal((expected, HttpVersion.Version20), (response.StatusCode, response.Version));
    }

    [Fact]
    public async Task A_body_over_a_mebibyte_is_refused()
    {
        using var http = NewClient(overTcp: false);
        using var response = await http.PostAsJsonAsync(
            "api/payments", new PayRequest("1", "bob", Memo: new string('x', 1024 * 1024)), Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_page_is_served_too()
    {
        using var http = NewClient(overTcp: true);
        using var response = await http.GetAsync(new Uri("/", UriKind.Relative), Ct);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));
    }

    [Fact]
    public async Task Events_share_the_connection_with_calls_and_a_node_that_tells_them_stops_soon()
    {
        var connections = 0;
        using var http = NewClient(overTcp: true, () => Interlocked.Increment(ref connections));
        using var listening = new ClientWebSocket();
        listening.Options.HttpVersion = HttpVersion.Version20;
        listening.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        listening.Options.SetRequestHeader("Authorization", $"Bearer {Alice.Host.Token}");
        var events = new Uri("ws://localhost/api/events");
        await listening.ConnectAsync(events, http, Ct);

        var paid = await PayAsync(http, new PayRequest("1", "bob", WaitMs: 10_000));
        Assert.Equal(PaymentStates.Delivered, paid.State);
        var heard = new byte[4_096];
        var message = await listening.ReceiveAsync(heard, Ct);
        Assert.Contains("\"sequence\":", Encoding.UTF8.GetString(heard, 0, message.Count), StringComparison.Ordinal);
        Assert.Equal(1, connections);

        var watch = Stopwatch.StartNew();
        await Alice.Host.DisposeAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Events_without_the_token_are_refused()
    {
        using var http = NewClient(overTcp: true, token: "wrong");
        using var listening = new ClientWebSocket();
        listening.Options.HttpVersion = HttpVersion.Version20;
        listening.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var events = new Uri("ws://localhost/api/events");
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => listening.ConnectAsync(events, http, Ct));
        Assert.Contains("401", refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task<Payment> PayAsync(HttpClient http, PayRequest payment)
    {
        using var response = await http.PostAsJsonAsync("api/payments", payment, Ct);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));
        return (await response.Content.ReadFromJsonAsync<Payment>(Ct))!;
    }

    /// <summary>A client of Alice's that speaks HTTP/2 and nothing else.</summary>
    /// <param name="overTcp">Whether by the port, and not by the Unix socket.</param>
    /// <param name="connected">Is called for each connection.</param>
    /// <param name="token">What it shows; null for the right one.</param>
    private HttpClient NewClient(bool overTcp, Action? connected = null, string? token = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancel) =>
            {
                EndPoint end = overTcp
                    ? new IPEndPoint(IPAddress.Loopback, Alice.Host.WebUrl!.Port)
                    : new UnixDomainSocketEndPoint(Alice.Host.SocketPath);
                var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(end, cancel);
                connected?.Invoke();
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = new HttpClient(handler)
        {
            BaseAddress = new Uri("http://localhost"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", token ?? Alice.Host.Token);
        return client;
    }
}
