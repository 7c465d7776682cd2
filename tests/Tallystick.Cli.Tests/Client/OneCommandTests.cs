using System.Net.Sockets;
using System.Text;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Client;

/// <summary>What a client for one command makes of whatever answers on its socket.</summary>
public sealed class OneCommandTests
{
    private const string Whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: x\r\n\r\nhello";

    private const string Chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding:  Chunked \r\n\r\n2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\nTrailer: x\r\n\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Whole)]
    [InlineData(Chunked)]
    [InlineData("HTTP/1.1 102 \r\n\r\nHTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello and more than that")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0005\r\nhello\r\n000\r\n\r\nmore")]
    public async Task An_answer_is_the_same_wherever_it_is_cut(string answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        for (var cut = 1; cut < bytes.Length; cut++)
            Assert.Equal("hello", await ReadAsync(bytes[..cut], bytes[cut..]));
        Assert.Equal("hello", await ReadAsync([.. bytes.Select(each => new[] { each })]));
    }

    [Fact]
    public void Where_nobody_takes_a_connection_there_is_no_client_and_no_token_is_read()
    {
        var gone = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Null(TallystickClient.TryForOneCommand(gone, () => throw new InvalidOperationException("Not asked.")));
    }

    [Fact]
    public async Task An_answer_of_many_chunks_is_longer_than_any_buffer()
    {
        var chunk = new string('x', 10_000);
        var chunks = string.Concat(Enumerable.Repeat($"2710\r\n{chunk}\r\n", 100));
        var answer = $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n";
        Assert.Equal(string.Concat(Enumerable.Repeat(chunk, 100)), await ReadAsync(Encoding.UTF8.GetBytes(answer)));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public async Task An_answer_may_be_empty(string answer) =>
        Assert.Empty(await ReadAsync(Encoding.UTF8.GetBytes(answer)));

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("hello\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1")]
    [InlineData("HTTP/1.1 2000\r\nContent-Length: 1\r\n\r\n1")]
    [InlineData("HTTP/1.1 2x0 OK\r\nContent-Length: 1\r\n\r\n1")]
    [InlineData("HTTP/1.1 099 OK\r\nContent-Length: 1\r\n\r\n1")]
    [InlineData("HTTP/1.1 600 OK\r\nContent-Length: 1\r\n\r\n1")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nContent-Length: 1\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 1\n\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\nX: y\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX: \0\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n X: y\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n: y\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: a\r\n\r\n1234567890")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 268435457\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n1\r\n1\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n1\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n12\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n1\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n1\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n10000000\r\n1\r\n0\r\n\r\n")]
    public async Task What_is_no_answer_is_not_taken_for_one(string answer)
    {
        await using var node = AnsweringSocket.Saying(answer);
        using var client = TallystickClient.ForOneCommand(node.Path, "token");
        await BreaksAsync(client);
        Assert.Equal(2, node.Requests.Count);
    }

    [Theory]
    [InlineData(Whole)]
    [InlineData(Chunked)]
    public async Task An_answer_that_breaks_off_is_none(string answer)
    {
        for (var length = 0; length < answer.Length; length++)
        {
            await using var node = AnsweringSocket.Saying(answer[..length]);
            using var client = TallystickClient.ForOneCommand(node.Path, "token");
            await BreaksAsync(client);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: y\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "yyyyyyyyyyyyyy")]
    [InlineData("", "HTTP/1.1 102 Processing\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "yyyyyyyyyyyyyy")]
    public async Task A_head_without_end_is_left_at_its_limit(string begin, string forEver)
    {
        var sent = 0;
        await using var node = AnsweringSocket.Doing(async socket =>
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(begin));
            while (true)
                sent += await socket.SendAsync(Encoding.UTF8.GetBytes(forEver));
        });
        using var client = TallystickClient.ForOneCommand(node.Path, "token");
        await BreaksAsync(client);
        // What it did not read was on the way in the system's buffers.
        Assert.InRange(sent, 16 * 1024 - begin.Length - forEver.Length, 16 * 1024 * 1024);
    }

    [Fact]
    public async Task A_status_of_refusal_carries_the_problem()
    {
        const string problem = """{"title":"No","status":409,"detail":"Not now.","refusal":"later"}""";
        await using var node = AnsweringSocket.Saying(
            $"HTTP/1.1 409 Conflict\r\nContent-Length: {problem.Length}\r\n\r\n{problem}");
        using var client = TallystickClient.ForOneCommand(node.Path, "token");
        var refused = await Assert.ThrowsAsync<TallystickException>(
            () => client.PayAsync(new PayRequest("1"), Cancel));
        Assert.Equal(new Problem("No", 409, "Not now.", "later"), refused.Problem);
    }

    [Fact]
    public async Task A_request_says_all_that_a_node_wants_to_know()
    {
        await using var node = AnsweringSocket.Saying(Whole);
        using var client = TallystickClient.ForOneCommand(node.Path, "s3cret");
        var request = new PayRequest("1", "bob", Memo: "Käse 🧀", RequestId: "0198c0de-0000-7000-8000-000000000001");
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => client.PayAsync(request, Cancel));
        await Assert.ThrowsAsync<NodeUnreachableException>(() => client.GetBalancesAsync("bob & co", Cancel));
        var said = node.Requests[0].Split("\r\n\r\n");
        Assert.Equal(
            $"POST /api/payments HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer s3cret\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(said[1])}",
            said[0]);
        Assert.Contains(request.RequestId!, said[1], StringComparison.Ordinal);
        Assert.Equal(
            "GET /api/balances?peer=bob%20%26%20co HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer s3cret\r\n\r\n",
            node.Requests[1]);
    }

    [Fact]
    public void A_token_cannot_add_to_the_head_of_a_request()
    {
        foreach (var token in (string[])["a\r\nX: y", "a b", "ä", "\0", ""])
            Assert.Throws<FormatException>(() => TallystickClient.ForOneCommand("/x", token).Dispose());
    }

    [Fact]
    public async Task Without_a_node_nothing_was_sent()
    {
        await using var node = AnsweringSocket.Saying(Whole);
        var left = node.Path + ".left";
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixDomainSocketEndPoint(left));
        string[] places = [node.Path + ".never", left, "/" + new string('x', 200)];
        foreach (var place in places)
        {
            using var client = TallystickClient.ForOneCommand(place, "token");
            await Assert.ThrowsAsync<NodeUnreachableException>(() => client.PayAsync(new PayRequest("1"), Cancel));
        }
        File.Delete(left);
    }

    [Fact]
    public async Task A_node_that_never_answers_is_left_when_the_person_stops()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var node = AnsweringSocket.Doing(async socket =>
        {
            await socket.SendAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            await stop.CancelAsync();
            // Ends when the client hangs up.
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        });
        using var client = TallystickClient.ForOneCommand(node.Path, "token");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.PayAsync(new PayRequest("1"), stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetNodeAsync(stop.Token));
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task A_node_that_never_answers_leaves_the_outcome_unknown_when_the_time_is_up()
    {
        var time = new TimeUpOnDemand();
        await using var node = AnsweringSocket.Doing(async socket =>
        {
            time.RunOut();
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        });
        using var client = TallystickClient.ForOneCommand(node.Path, "token", time);
        await BreaksAsync(client);
        Assert.Equal(2, node.Requests.Count);
    }

    [Fact]
    public async Task A_client_for_one_command_can_be_asked_again_and_hears_notices()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        using var client = node.ConnectOnce();
        for (var i = 0; i < 3; i++)
            Assert.Equal("alice", (await client.GetNodeAsync(Cancel)).Name);
        var notice = new Notice(NoticeKinds.Paid, "bob", "10.00", "credits", null, "1a2b3c4d");
        await foreach (var told in client.NoticesAsync(() => Eventually.HoldsAsync(() => Hears(node, notice)), Cancel))
        {
            Assert.Equal(notice.Kind, told.Kind);
            break;
        }
    }

    private static bool Hears(PracticeNode node, Notice notice)
    {
        if (node.Listeners == 0)
            return false;
        node.Tell(notice);
        return true;
    }

    /// <summary>Nothing can have changed by what only reads; what pays leaves its request id to ask again.</summary>
    private static async Task BreaksAsync(TallystickClient client)
    {
        await Assert.ThrowsAsync<NodeUnreachableException>(() => client.GetNodeAsync(Cancel));
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => client.PayAsync(new PayRequest("1", RequestId: "0198c0de-0000-7000-8000-000000000001"), Cancel));
        Assert.Equal("0198c0de-0000-7000-8000-000000000001", unknown.RequestId);
    }

    private static async Task<string> ReadAsync(params byte[][] pieces)
    {
        await using var node = AnsweringSocket.Saying(pieces);
        using var client = TallystickClient.ForOneCommand(node.Path, "token");
        return Encoding.UTF8.GetString(await client.GetSettlementFileAsync("1", Cancel));
    }
}
