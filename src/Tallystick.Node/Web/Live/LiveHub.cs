using System.Net.WebSockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tallystick.Node.Web.Live;

/// <summary>
/// Keeps open pages up to date. Whoever looks at the same thing shares one rendering of each change; a socket that is
/// slow gets only the newest picture, and holds up nobody.
/// </summary>
internal sealed class LiveHub(ILogger log, CancellationToken stopping)
{
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<string, LiveView>> topics = [];

    /// <summary>Something changed: every open picture of the topic is made anew.</summary>
    public void Changed(string topic)
    {
        lock (gate)
        {
            if (!topics.TryGetValue(topic, out var views))
                return;
            foreach (var view in views.Values)
                view.Refresh();
        }
    }

    /// <summary>Shows a picture on a WebSocket until one of the two ends.</summary>
    /// <param name="http">The request.</param>
    /// <param name="topic">What the picture is of; <see cref="Changed"/> names it.</param>
    /// <param name="audience">Names the picture among those of its topic.</param>
    /// <param name="render">
    /// Makes it, as HTML whose outermost elements have ids. It outlives the request that brought it, as others share
    /// it, so it must not touch that request.
    /// </param>
    public async Task ServeAsync(HttpContext http, string topic, string audience, Func<Task<string>> render)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, http.RequestAborted);
        var pictures = Join(topic, audience, render);
        var sending = SendAsync(socket, pictures.Reader, ending.Token);
        try
        {
            await UntilClosedAsync(socket, ending.Token);
        }
        finally
        {
            Leave(topic, audience, pictures);
            await ending.CancelAsync();
            await sending;
            await CloseAsync(socket);
        }
    }

    private Channel<byte[]> Join(string topic, string audience, Func<Task<string>> render)
    {
        var pictures = Channel.CreateBounded<byte[]>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            if (!topics.TryGetValue(topic, out var views))
                topics[topic] = views = [];
            if (!views.TryGetValue(audience, out var view))
                views[audience] = view = LiveView.Start(render, log);
            view.Add(pictures.Writer);
        }
        return pictures;
    }

    private void Leave(string topic, string audience, Channel<byte[]> pictures)
    {
        lock (gate)
        {
            var views = topics[topic];
            if (!views[audience].Remove(pictures.Writer))
                return;
            views.Remove(audience);
            if (views.Count == 0)
                topics.Remove(topic);
        }
    }

    private static async Task UntilClosedAsync(WebSocket socket, CancellationToken ending)
    {
        try
        {
            var buffer = new byte[256];
            // What a page says is of no interest, only that it goes.
            while (await socket.ReceiveAsync(buffer.AsMemory(), ending) is not
                { MessageType: WebSocketMessageType.Close })
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // Gone, or the node stops.
        }
    }

    private static async Task SendAsync(WebSocket socket, ChannelReader<byte[]> pictures, CancellationToken ending)
    {
        try
        {
            await foreach (var picture in pictures.ReadAllAsync(ending))
                await socket.SendAsync(picture, WebSocketMessageType.Text, endOfMessage: true, ending);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The receiving side ends the rest.
        }
    }

    private static async Task CloseAsync(WebSocket socket)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var patience = new CancellationTokenSource(PatienceAtEnd);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "stopping", patience.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }
}
