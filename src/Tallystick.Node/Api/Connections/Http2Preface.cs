using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tallystick.Node.Api.Connections;

/// <summary>
/// Lets HTTP/2 be spoken where HTTP/1.1 is, by whoever begins with its preface ("prior knowledge", RFC 9113, section
/// 3.3). The server itself offers both only over TLS.
/// </summary>
/// <param name="patience">
/// Whoever speaks HTTP/2 has said so by then; who has not said anything is left to HTTP/1.1 and its limits.
/// </param>
internal sealed class Http2Preface(TimeSpan patience)
{
    private ConnectionDelegate http2 = _ => throw new InvalidOperationException("Nothing serves HTTP/2.");

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Takes over the connections to an endpoint of HTTP/1.1 that begin with the preface.</summary>
    public void Watch(ListenOptions listen) => listen.Use(Watch);

    /// <summary>The same, for what HTTP/1.1 does with a connection.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate http1) => connection => ServeAsync(connection, http1);

    /// <summary>Has an endpoint of HTTP/2 serve them; it needs no connections of its own.</summary>
    public void ServeBy(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(ServeBy);
    }

    /// <summary>The same, for what HTTP/2 does with a connection.</summary>
    public ConnectionDelegate ServeBy(ConnectionDelegate next) => http2 = next;

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http1)
    {
        if (await BeginsWithItAsync(connection) is { } isHttp2)
            await (isHttp2 ? http2 : http1)(connection);
        else
            connection.Abort(new ConnectionAbortedException("It broke, or began as HTTP/2 and did not go on."));
    }

    /// <summary>Whether it does, or null if it broke, or began and did not go on in time.</summary>
    private async ValueTask<bool?> BeginsWithItAsync(ConnectionContext connection)
    {
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()!.ConnectionClosedRequested;
        using var until = CancellationTokenSource.CreateLinkedTokenSource(closing);
        until.CancelAfter(patience);
        var input = connection.Transport.Input;
        var seen = 0L;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(until.Token);
                var begins = Begins(read.Buffer);
                if (begins is not null || read.IsCompleted)
                {
                    // What came last counts as not seen, so that whoever reads next has it at once.
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.GetPosition(seen));
                    return begins ?? false;
                }
                seen = read.Buffer.Length;
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException)
        {
            return seen == 0 ? false : null;
        }
        catch (IOException)
        {
            // It broke.
            return null;
        }
    }

    /// <summary>Whether it is the preface, or null while it may become it.</summary>
    private static bool? Begins(in ReadOnlySequence<byte> come)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        start = start[..(int)Math.Min(come.Length, Preface.Length)];
        come.Slice(0, start.Length).CopyTo(start);
        if (!Preface.StartsWith(start))
            return false;
        return start.Length == Preface.Length ? true : null;
    }
}
