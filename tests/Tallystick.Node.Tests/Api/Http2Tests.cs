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

    [Fact]
    public async Task A_hundred_calls_are_open_at_once_on_a_connection()
    {
        await Bob.Host.DisposeAsync();
        using var http = NewClient(overTcp: false);
        // They wait for a peer who is away, so that all of them are open until one is taken back.
        var waiting = Enumerable.Range(0, 99)
            .Select(_ => new PayRequest("0.01", "bob", RequestId: Alice.Client.NewRequestId(), WaitMs: 600_000))
            .ToArray();
        var answers = waiting.Select(payment => PayAsync(http, payment)).ToArray();
        await Eventually.IsTrueAsync(
            async () => (await Alice.Client.GetBalancesAsync()).Tabs.Single().Queued == "0.99", "all are queued");
        Assert.DoesNotContain(answers, answer => answer.IsCompleted);
        foreach (var payment in waiting)
        {
            using var cancelled = await http.DeleteAsync(
                new Uri($"api/payments/{payment.RequestId}", UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        }
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(PaymentStates.Cancelled, answer.State));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public async Task Calls_that_are_given_up_and_made_again_pay_once(int waitMs)
    {
        using var http = NewClient(overTcp: true);
        var asked = Enumerable.Range(0, 200)
            .Select(_ => new PayRequest("0.01", "bob", RequestId: Alice.Client.NewRequestId(), WaitMs: waitMs))
            .ToArray();
        using (var givingUp = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            var answers = asked.Select(payment => PayAsync(http, payment, givingUp.Token)).ToArray();
            await answers[0];
            await givingUp.CancelAsync();
            await Task.WhenAll(answers).ContinueWith(
                _ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        using (var hangingUp = NewClient(overTcp: true))
        {
            var answers = asked.Select(payment => PayAsync(hangingUp, payment)).ToArray();
            await answers[0];
            hangingUp.Dispose();
            await Task.WhenAll(answers).ContinueWith(
                _ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await Task.WhenAll(asked.Select(payment => PayAsync(http, payment)));
        await Alice.UntilBalanceAsync("-2.00");
        await Bob.UntilBalanceAsync("2.00");
        Assert.True((await Alice.Client.VerifyAsync()).Matches);
    }

    [Theory]
    [InlineData("", "localhost", "api/node", HttpStatusCode.Unauthorized)]
    [InlineData("wrong", "localhost", "api/node", HttpStatusCode.Unauthorized)]
    [InlineData(null, "evil.example", "api/node", HttpStatusCode.Forbidden)]
    [InlineData(null, "localhost", "api/node", HttpStatusCode.OK)]
    [InlineData("wrong", "localhost", "health", HttpStatusCode.OK)]
    [InlineData("wrong", "localhost", "", HttpStatusCode.OK)]
    [InlineData("wrong", "evil.example", "health", HttpStatusCode.Forbidden)]
    [InlineData("wrong", "evil.example", "", HttpStatusCode.Forbidden)]
    public async Task The_token_and_the_name_are_asked_for_as_by_HTTP_1_1(
        string? token, string host, string path, HttpStatusCode expected) =>
        Assert.Equal(expected, await GetAsync(HttpVersion.Version20, overTcp: true, token, host, path));

    [Theory]
    [InlineData("1.1", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("1.1", null, HttpStatusCode.OK)]
    [InlineData("2.0", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("2.0", null, HttpStatusCode.OK)]
    public async Task By_the_Unix_socket_only_the_token_counts(
        string version, string? token, HttpStatusCode expected) =>
        Assert.Equal(
            expected, await GetAsync(Version.Parse(version), overTcp: false, token, "any.example", "api/node"));

    [Theory]
    [InlineData("sign-in")]
    [InlineData("theme")]
    [InlineData("overview")]
    public async Task Pages_and_their_forms_are_not_for_HTTP_2(string path)
    {
        using var http = NewClient(overTcp: true, token: "wrong");
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await GetAsync(HttpVersion.Version20, overTcp: true, "wrong", "localhost", path));
        // The answer comes although the form never ends, so nobody waits for it.
        using var form = new EndlessContent();
        using var posted = await http.PostAsync(new Uri(path, UriKind.Relative), form, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, posted.StatusCode);
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

    private async Task<HttpStatusCode> GetAsync(
        Version version, bool overTcp, string? token, string host, string path)
    {
        using var http = NewClient(overTcp, token: token);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = host;
        using var response = await http.SendAsync(request, Ct);
        Assert.Equal(version, response.Version);
        return response.StatusCode;
    }

    private static async Task<Payment> PayAsync(HttpClient http, PayRequest payment, CancellationToken? cancel = null)
    {
        using var response = await http.PostAsJsonAsync("api/payments", payment, cancel ?? Ct);
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

    /// <summary>A form that begins and never ends.</summary>
    private sealed class EndlessContent : HttpContent
    {
        public EndlessContent() => Headers.ContentType = new("application/x-www-form-urlencoded");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("code="u8.ToArray(), Ct);
            await stream.FlushAsync(Ct);
            await Task.Delay(Timeout.Infinite, Ct);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
