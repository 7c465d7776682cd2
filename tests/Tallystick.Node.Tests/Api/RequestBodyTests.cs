using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tallystick.Node.Tests.Api;

/// <summary>A body is understood however it comes. The node has no peer, and says so once it knows the wish.</summary>
public sealed class RequestBodyTests : IAsyncLifetime
{
    private const string Pay = "{\"amount\":\"10\"}";
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private RunningTestNode node = null!;

    public async ValueTask InitializeAsync() => node = await RunningTestNode.StartAsync(folder, "alice");

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_body_in_two_pieces_is_one_body() =>
        Assert.Contains("unknown-peer", await AskAsync($"Content-Length: {Pay.Length}", Pay[..7], Pay[7..]));

    [Fact]
    public async Task A_body_without_a_length_is_read_to_its_end() =>
        Assert.Contains("unknown-peer", await AskAsync(
            "Transfer-Encoding: chunked", $"{Pay.Length:x}\r\n{Pay}\r\n", "0\r\n\r\n"));

    [Fact]
    public async Task A_mark_of_the_byte_order_is_left_out() =>
        Assert.Contains("unknown-peer", await AskAsync($"Content-Length: {Pay.Length + 3}", "\uFEFF" + Pay));

    [Fact]
    public async Task What_follows_the_request_makes_its_body_bad() =>
        Assert.Contains("bad-body", await AskAsync($"Content-Length: {Pay.Length + 2}", Pay + " 1"));

    [Fact]
    public async Task After_a_bad_body_the_connection_goes_on()
    {
        using var socket = await ConnectAsync();
        Assert.Contains("bad-body", await AskAsync(socket, "Content-Length: 3", "{x}"));
        Assert.Contains("unknown-peer", await AskAsync(socket, $"Content-Length: {Pay.Length}", Pay));
    }

    private async Task<string> AskAsync(string length, params string[] pieces)
    {
        using var socket = await ConnectAsync();
        return await AskAsync(socket, length, pieces);
    }

    // Nagle's algorithm is off, so what is sent in pieces comes in pieces.
    private async Task<string> AskAsync(Socket socket, string length, params string[] pieces)
    {
        var cancel = TestContext.Current.CancellationToken;
        string[] sent =
        [
            $"POST /api/payments HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {node.Host.Token}\r\n"
                + $"{length}\r\n\r\n",
            .. pieces,
        ];
        foreach (var piece in sent)
            await socket.SendAsync(Encoding.UTF8.GetBytes(piece), cancel);
        var (answer, buffer) = (string.Empty, new byte[4096]);
        while (!answer.EndsWith('}'))
        {
            var got = await socket.ReceiveAsync(buffer, cancel);
            Assert.NotEqual(0, got);
            answer += Encoding.UTF8.GetString(buffer, 0, got);
        }
        return answer;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var end = new IPEndPoint(IPAddress.Loopback, node.Host.WebUrl!.Port);
        await socket.ConnectAsync(end, TestContext.Current.CancellationToken);
        return socket;
    }
}
