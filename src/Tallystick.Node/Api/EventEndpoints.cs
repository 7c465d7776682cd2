using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;

namespace Tallystick.Node.Api;

/// <summary>
/// <c>/api/events</c>: a WebSocket that tells what happens, one JSON text message each; with <c>?after=</c> a sequence
/// number also what came since.
/// </summary>
internal static class EventEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, NodeParts node, CancellationToken stopping) =>
        // HTTP/1.1 opens a WebSocket by GET, HTTP/2 by CONNECT.
        routes.MapMethods("/api/events", [HttpMethods.Get, HttpMethods.Connect], http =>
            http.WebSockets.IsWebSocketRequest
                ? TellAsync(http, node, stopping)
                : Reply.SendAsync(http, Problems.BadInput("not-a-websocket", "Open this path as a WebSocket.")))
            .Does("a WebSocket of events, one JSON text each", takes: null, typeof(Notice), "after");

    private static async Task TellAsync(HttpContext http, NodeParts node, CancellationToken stopping)
    {
        long? after = null;
        if (http.Request.Query["after"].ToString() is { Length: > 0 } typed)
        {
            if (!long.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var known))
            {
                await Reply.SendAsync(http, Problems.BadInput("bad-cursor", "after is the sequence of an event."));
                return;
            }
            after = known;
        }
        // Listening begins before the answer, so that whoever has connected misses nothing from then on.
        using var subscription = node.Notices.Listen(after);
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, http.RequestAborted);
        var sending = SendAsync(socket, subscription, ending.Token);
        try
        {
            var buffer = new byte[256];
            // What a listener says is not of interest, only that it goes.
            while (await socket.ReceiveAsync(buffer.AsMemory(), ending.Token) is not
                { MessageType: WebSocketMessageType.Close })
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // Gone, or the node stops.
        }
        await ending.CancelAsync();
        await sending;
        await CloseAsync(socket);
    }

    private static async Task SendAsync(
        WebSocket socket, NoticeFeed.Subscription subscription, CancellationToken ending)
    {
        try
        {
            await foreach (var notice in subscription.ReadAllAsync(ending))
                await SendAsync(socket, notice, ending);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The receiving side ends the rest.
        }
    }

    private static ValueTask SendAsync(WebSocket socket, Notice notice, CancellationToken ending) => socket.SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(notice, ContractJson.Default.Notice).AsMemory(),
        WebSocketMessageType.Text,
        endOfMessage: true,
        ending);

    private static async Task CloseAsync(WebSocket socket)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
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
