using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tallystick.Client;

/// <content>One request and its answer, with every way to fail sorted into the three that callers tell apart.</content>
public sealed partial class TallystickClient
{
    private Task<T> SendAsync<T>(Call call, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class =>
        SendAsync(call, answer => JsonSerializer.Deserialize(answer, type), cancel);

    private async Task<T> SendAsync<T>(Call call, Func<byte[], T?> read, CancellationToken cancel)
        where T : class
    {
        var answer = await SendAsync(call, cancel);
        try
        {
            return read(answer) ?? throw new FormatException("The answer is empty.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            throw Sorted(call, unreadable);
        }
    }

    private async Task<byte[]> SendAsync(Call call, CancellationToken cancel)
    {
        using var expiry = new CancellationTokenSource(call.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, expiry.Token);
        byte[] answer;
        HttpStatusCode status;
        try
        {
            (status, answer) = direct is null
                ? await ExchangeAsync(call, either.Token)
                : direct.Ask(call.Method, call.Path, call.Body, either.Token);
        }
        catch (Exception broken) when (!cancel.IsCancellationRequested)
        {
            throw Sorted(call, broken);
        }

        if ((int)status >= 400)
        {
            var problem = ReadProblem(status, answer);
            // A node that stops or fails in the middle has decided nothing: it may have been done or not.
            throw (int)status >= 500 && call.Method != "GET"
                ? new OutcomeUnknownException(problem.Detail, call.RequestId)
                : new TallystickException(problem);
        }
        return answer;
    }

    private async Task<(HttpStatusCode Status, byte[] Answer)> ExchangeAsync(Call call, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(BaseAddress, call.Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(call.Body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }
        using var response = await Invoker.SendAsync(request, cancel);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel));
    }

    private static Exception Sorted(Call call, Exception broken)
    {
        var neverSent = broken is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        };
        if (neverSent)
            return new NodeUnreachableException("No node answers there. Is it running?", broken);
        if (call.Method == "GET")
        {
            var what = broken is JsonException or FormatException
                ? "What answers there is not a Tallystick node."
                : "The node stopped answering. Nothing was changed; ask again.";
            return new NodeUnreachableException(what, broken);
        }
        return new OutcomeUnknownException(
            "The connection broke before the answer came: it may have been done or not.", call.RequestId, broken);
    }

    private static Problem ReadProblem(HttpStatusCode status, byte[] answer)
    {
        Problem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(answer, ContractJson.Default.Problem);
        }
        catch (JsonException)
        {
            // Whatever stands there is not from a node's rules; the status says what there is to say.
        }
        var title = problem?.Title ?? status.ToString();
        return new Problem(
            title,
            (int)status,
            problem?.Detail ?? Explain(status),
            problem?.Refusal ?? $"http-{(int)status}");
    }

    private static string Explain(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "The node does not know this token: it is the one in its data folder.",
        HttpStatusCode.NotFound => "The node does not know that.",
        _ => $"The node answered with status {(int)status} and no reason.",
    };

    /// <summary>A request to be made.</summary>
    /// <param name="Method">As in HTTP; text, as a command that needs only a socket needs no HttpMethod.</param>
    /// <param name="Path">Path and query, escaped, without the first slash.</param>
    /// <param name="Body">JSON in UTF-8, or null for none.</param>
    private sealed record Call(string Method, string Path, byte[]? Body = null)
    {
        public string? RequestId { get; init; }

        public TimeSpan Patience { get; init; } = TallystickClient.Patience;
    }

    private static class ContractBody
    {
        public static byte[] Of<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
    }
}
