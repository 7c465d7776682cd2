using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Tallystick.Client;

/// <content>The stream of notices.</content>
public sealed partial class TallystickClient
{
    /// <summary>A notice is a few hundred bytes; anything near this is not one.</summary>
    private const int LargestNoticeBytes = 64 * 1024;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>What the node has to tell, as it happens. Connects again after a pause; ends when cancelled.</summary>
    /// <remarks>
    /// What happens while there is no connection is told when there is one again. Where that is no longer possible, a
    /// notice of kind <see cref="NoticeKinds.Missed"/> comes first: what counts is in the history and the balances.
    /// </remarks>
    /// <exception cref="TallystickException">The node does not accept the token.</exception>
    public IAsyncEnumerable<Notice> NoticesAsync(CancellationToken cancel) =>
        NoticesAsync(subscribed: null, after: null, cancel);

    /// <inheritdoc cref="NoticesAsync(CancellationToken)"/>
    /// <param name="subscribed">Called each time a connection stands, before its first notice.</param>
    public IAsyncEnumerable<Notice> NoticesAsync(Func<Task>? subscribed, CancellationToken cancel) =>
        NoticesAsync(subscribed, after: null, cancel);

    /// <inheritdoc cref="NoticesAsync(CancellationToken)"/>
    /// <param name="subscribed">Called each time a connection stands, before its first notice.</param>
    /// <param name="after">The sequence number of the last notice that is known, or null to begin now.</param>
    public async IAsyncEnumerable<Notice> NoticesAsync(
        Func<Task>? subscribed, long? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var pause = ShortestPause;
        while (!cancel.IsCancellationRequested)
        {
            using var socket = await SubscribeAsync(after, cancel);
            if (socket is not null)
            {
                pause = ShortestPause;
                if (subscribed is not null)
                    await subscribed();
                var buffer = new byte[LargestNoticeBytes];
                while (await ReceiveAsync(socket, buffer, cancel) is { } notice)
                {
                    after = notice.Sequence;
                    yield return notice;
                }
            }
            if (!await PausedAsync(pause, cancel))
                yield break;
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<ClientWebSocket?> SubscribeAsync(long? after, CancellationToken cancel)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(new Uri(
            BaseAddress, "api/events" + Query(("after", after?.ToString(CultureInfo.InvariantCulture)))))
        {
            Scheme = BaseAddress.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
        };
        try
        {
            await socket.ConnectAsync(address.Uri, Invoker, cancel);
            return socket;
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            if (status is HttpStatusCode.Unauthorized)
                throw new TallystickException(ReadProblem(status, []));
            return null;
        }
    }

    /// <summary>The next notice, or null when this connection is over.</summary>
    private static async Task<Notice?> ReceiveAsync(ClientWebSocket socket, byte[] buffer, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (length == buffer.Length)
                        return null;
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                    length += part.Count;
                }
                while (!part.EndOfMessage);

                if (part.MessageType == WebSocketMessageType.Close)
                    return null;
                var notice = JsonSerializer.Deserialize(buffer.AsSpan(0, length), ContractJson.Default.Notice);
                if (notice is not null)
                    return notice;
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }

    private async Task<bool> PausedAsync(TimeSpan pause, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, time, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
