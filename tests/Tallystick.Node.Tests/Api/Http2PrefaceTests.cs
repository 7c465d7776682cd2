using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Tallystick.Node.Api.Connections;

namespace Tallystick.Node.Tests.Api;

/// <summary>Which protocol a connection is left to, by what comes first.</summary>
public sealed class Http2PrefaceTests : IAsyncDisposable
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(5);

    // What is written is looked at before the write returns.
    private readonly Pipe come = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        useSynchronizationContext: false));

    private readonly CancellationTokenSource closing = new();
    private readonly Connection connection = new();
    private string servedBy = "nobody";

    public Http2PrefaceTests()
    {
        connection.Transport = new Duplex(come.Reader, new Pipe().Writer);
        connection.Features.Set<IConnectionLifetimeNotificationFeature>(new Lifetime(closing.Token));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        closing.Dispose();
    }

    [Theory]
    [InlineData(Preface, "HTTP/2")]
    [InlineData(Preface + "more", "HTTP/2")]
    [InlineData("GET / HTTP/1.1\r\n", "HTTP/1.1")]
    [InlineData("PROPFIND / HTTP/1.1\r\n", "HTTP/1.1")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n", "HTTP/1.1")]
    [InlineData("\r\n" + Preface, "HTTP/1.1")]
    [InlineData("\0", "HTTP/1.1")]
    public async Task Who_begins_with_the_preface_is_served_by_HTTP_2_and_nobody_else(string said, string expected)
    {
        await SayAsync(said);
        Assert.Equal((expected, said), await ServeAsync(LongEnough, said.Length));
    }

    [Theory]
    [InlineData(Preface + "more", 24, "HTTP/2")]
    [InlineData("PRI * HTTP/1.1\r\n", 12, "HTTP/1.1")]
    [InlineData("POST / HTTP/1.1\r\n", 2, "HTTP/1.1")]
    public async Task What_comes_byte_by_byte_is_told_apart_and_read_whole(string said, int toldBy, string expected)
    {
        var served = ServeAsync(LongEnough, said.Length);
        for (var i = 0; i < said.Length; i++)
        {
            Assert.Equal(i < toldBy ? "nobody" : expected, servedBy);
            await SayAsync($"{said[i]}");
        }
        Assert.Equal((expected, said), await served);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI * HT")]
    public async Task Who_ends_before_it_was_told_is_left_to_HTTP_1_1(string said)
    {
        await SayAsync(said);
        await come.Writer.CompleteAsync();
        Assert.Equal(("HTTP/1.1", said), await ServeAsync(LongEnough, said.Length));
    }

    [Fact]
    public async Task Who_says_nothing_is_left_to_HTTP_1_1_after_a_while()
    {
        Assert.Equal(("HTTP/1.1", ""), await ServeAsync(TimeSpan.FromMilliseconds(10), 0));
        Assert.False(connection.IsAborted);
        await SayAsync("GET");
        Assert.Equal(3, (await come.Reader.ReadAsync(Ct)).Buffer.Length);
    }

    [Fact]
    public async Task Who_begins_the_preface_and_does_not_go_on_is_hung_up_on()
    {
        await SayAsync("PRI");
        Assert.Equal("nobody", (await ServeAsync(TimeSpan.FromMilliseconds(10), 0)).Protocol);
        Assert.True(connection.IsAborted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI")]
    public async Task Who_breaks_off_is_left_to_nobody(string said)
    {
        await SayAsync(said);
        var served = ServeAsync(LongEnough, 0);
        await come.Writer.CompleteAsync(new ConnectionResetException("by the test"));
        Assert.Equal("nobody", (await served).Protocol);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_who_says_nothing()
    {
        var served = ServeAsync(LongEnough, 0);
        Assert.False(served.IsCompleted);
        await closing.CancelAsync();
        Assert.Equal("HTTP/1.1", (await served).Protocol);
    }

    private async Task SayAsync(string said) => await come.Writer.WriteAsync(Encoding.Latin1.GetBytes(said), Ct);

    /// <summary>Who serves it, and what that one reads, as much of it as is awaited.</summary>
    private async Task<(string Protocol, string Read)> ServeAsync(TimeSpan patience, int awaited)
    {
        var read = "";
        var preface = new Http2Preface(patience);
        preface.ServeBy(c => ReadAsync(c, "HTTP/2"));
        await preface.Watch(c => ReadAsync(c, "HTTP/1.1"))(connection).WaitAsync(TimeSpan.FromSeconds(30), Ct);
        return (servedBy, read);

        async Task ReadAsync(ConnectionContext served, string protocol)
        {
            servedBy = protocol;
            var input = served.Transport.Input;
            while (read.Length < awaited)
            {
                var next = await input.ReadAsync(Ct);
                read = Encoding.Latin1.GetString(next.Buffer);
                input.AdvanceTo(next.Buffer.Start, next.Buffer.End);
            }
        }
    }

    private sealed class Connection : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Lifetime(CancellationToken closing) : IConnectionLifetimeNotificationFeature
    {
        public CancellationToken ConnectionClosedRequested { get; set; } = closing;

        public void RequestClose() => throw new NotSupportedException();
    }
}
