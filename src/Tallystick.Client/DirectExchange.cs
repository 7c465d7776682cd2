using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tallystick.Client;

/// <summary>
/// One request and its answer over a Unix domain socket: a connection of its own, on the thread that asks.
/// </summary>
/// <remarks>
/// For a process that asks once or twice and ends. HttpClient, made for thousands of requests at a time, takes a
/// third of such a process's time to come to life (decision 0053). What fails is told as HttpClient tells it.
/// </remarks>
internal sealed class DirectExchange : IDisposable
{
    // The kernel connects at once, unless a node has hundreds of callers that it has not taken yet.
    private static readonly TimeSpan TimeToConnect = TimeSpan.FromSeconds(2);

    private readonly string path;
    private readonly string token;

    // For the first request, or null.
    private Socket? ready;

    /// <param name="path">The socket's file.</param>
    /// <param name="token">What the node wants to see.</param>
    /// <param name="ready">A connection to it for the first request; it is owned from now on.</param>
    /// <exception cref="FormatException">The token cannot stand in the head of a request.</exception>
    public DirectExchange(string path, string token, Socket? ready = null)
    {
        if (!IsVisible(token))
            throw new FormatException("The token has characters that no token has.");
        (this.path, this.token, this.ready) = (path, token, ready);
    }

    /// <summary>A connection, or null when nobody takes one.</summary>
    public static Socket? TryConnect(string path)
    {
        try
        {
            return Connect(path);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return null;
        }
    }

    public void Dispose() => Interlocked.Exchange(ref ready, null)?.Dispose();

    /// <summary>Asks, and waits for the whole answer.</summary>
    /// <param name="method">As in HTTP.</param>
    /// <param name="target">Path and query, escaped, without the first slash.</param>
    /// <param name="body">JSON in UTF-8, or null for none.</param>
    /// <param name="cancel">Breaks the connection.</param>
    /// <exception cref="HttpRequestException">
    /// With <see cref="HttpRequestError.ConnectionError"/> when nothing was sent; otherwise the connection broke, or
    /// what came is no answer.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// It was cancelled, before or after the request had gone out.
    /// </exception>
    public (HttpStatusCode Status, byte[] Body) Ask(
        string method, string target, byte[]? body, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var socket = Interlocked.Exchange(ref ready, null) ?? Connect();
        using var breaking = cancel.UnsafeRegister(static broken => ((Socket)broken!).Dispose(), socket);
        var isAnswered = false;
        try
        {
            Send(socket, Request(method, target, body));
            var answer = new AnswerReader(socket).Read();
            isAnswered = true;
            return answer;
        }
        catch (Exception e) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancel);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, "The connection to the node broke.", e);
        }
        finally
        {
            // Closing one takes as long as asking did, and the process is about to end; else the collector closes it.
            if (!isAnswered)
                socket.Dispose();
        }
    }

    private Socket Connect()
    {
        try
        {
            return Connect(path);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The node's socket takes nobody.", e);
        }
    }

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            SendTimeout = (int)TimeToConnect.TotalMilliseconds,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.SendTimeout = 0;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private byte[] Request(string method, string target, byte[]? body)
    {
        if (!IsVisible(target))
            throw new FormatException("The target of a request has to be escaped.");
        var type = body is null
            ? string.Empty
            : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n";
        var head = $"{method} /{target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + $"Authorization: Bearer {token}\r\n{type}\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body ?? []];
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> request)
    {
        while (request.Length > 0)
            request = request[socket.Send(request)..];
    }

    // A loop, as whatever is generic over characters would be compiled first.
    private static bool IsVisible(string text)
    {
        foreach (var character in text)
        {
            if (character is <= ' ' or > '~')
                return false;
        }
        return text.Length > 0;
    }
}
