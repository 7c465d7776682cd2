using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Tallystick.Node.Api.Connections;

namespace Tallystick.Node.Tests.Api;

/// <summary>What other users' programs and web pages on this machine can do to the API's TCP port.</summary>
[Collection(nameof(Alone))]
public sealed class CrowdTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private RunningTestNode node = null!;
    private int connectionsByHttp2;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IPEndPoint Port => new(IPAddress.Loopback, node.Host.WebUrl!.Port);

    public async ValueTask InitializeAsync() => node = await RunningTestNode.StartAsync(folder, "alice");

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /api/node HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("PRI * HTTP/2.0")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task Two_thousand_connections_without_the_token_keep_nobody_out_who_has_it(string said)
    {
        using var owner = NewClient();
        Assert.Equal(HttpStatusCode.OK, await GetAsync(owner));
        using var ownerByHttp2 = NewClient(byHttp2: true);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(ownerByHttp2));
        using var listening = await ListenAsync(node.Host.Token);
        var crowd = new List<Socket>();
        try
        {
            for (var i = 0; i < 2_000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                crowd.Add(socket);
                await socket.ConnectAsync(Port, Ct);
                await TrySendAsync(socket, said);
            }
            // Whoever was in before stays in, and whoever has the token comes in.
            Assert.Equal(HttpStatusCode.OK, await GetAsync(owner));
            Assert.Equal(HttpStatusCode.OK, await GetAsync(ownerByHttp2));
            Assert.Equal(1, connectionsByHttp2);
            Assert.Equal(WebSocketState.Open, listening.State);
            using var another = NewClient();
            Assert.Equal(HttpStatusCode.OK, await GetAsync(another));
            await Eventually.Holds(() => crowd.Count(IsOpen) <= Crowd.Most, "the oldest had to go");
        }
        finally
        {
            crowd.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task A_web_page_elsewhere_cannot_listen_or_ask_without_the_token(string origin)
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ListenAsync(token: null, origin));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        using var page = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        // What a browser sends without asking first: a simple request, and a form.
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Host.WebUrl!, "api/payments"))
        {
            Content = new StringContent("{\"amount\":\"10\",\"peer\":\"bob\"}", Encoding.UTF8, "text/plain"),
        };
        request.Headers.Add("Origin", origin);
        using var response = await page.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static bool IsOpen(Socket socket)
    {
        try
        {
            // Closed is readable without a byte, once the answer to the request is read.
            var answer = new byte[4_096];
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                if (socket.Receive(answer) == 0)
                    return false;
            }
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task TrySendAsync(Socket socket, string text)
    {
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), Ct);
        }
        catch (SocketException)
        {
            // It had to go already.
        }
    }

    private HttpClient NewClient(bool byHttp2 = false)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancel) =>
            {
                if (byHttp2)
                    connectionsByHttp2++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = new HttpClient(handler) { BaseAddress = node.Host.WebUrl };
        if (byHttp2)
        {
            client.DefaultRequestVersion = HttpVersion.Version20;
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", node.Host.Token);
        return client;
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("api/node", UriKind.Relative), Ct);
        return response.StatusCode;
    }

    private async Task<ClientWebSocket> ListenAsync(string? token, string? origin = null)
    {
        var socket = new ClientWebSocket();
        if (token is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{Port.Port}/api/events"), Ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
