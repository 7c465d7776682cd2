using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Tallystick.Ordeal.Nodes;

/// <summary>An answer of the API: its status, 0 when the connection broke before one came, and its JSON.</summary>
internal sealed record ApiAnswer(int Status, JsonNode? Body)
{
    public static readonly ApiAnswer Broken = new(0, Body: null);

    public bool IsOk => Status is >= 200 and < 300;

    public string? Text(string name) => Body?[name]?.GetValue<string>();
}

/// <summary>Plain HTTP over the Unix socket in a node's data folder.</summary>
internal sealed class NodeApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder;
    private readonly HttpClient http;

    public NodeApi(string folder)
    {
        this.folder = folder;
        http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync })
        {
            BaseAddress = new Uri("http://localhost"),
            Timeout = Patience,
        };
    }

    public Task<ApiAnswer> GetAsync(string path, CancellationToken hangUp = default) =>
        SendAsync(HttpMethod.Get, path, body: null, hangUp);

    public Task<ApiAnswer> PostAsync(string path, object body, CancellationToken hangUp = default) =>
        SendAsync(HttpMethod.Post, path, body, hangUp);

    public Task<ApiAnswer> PutAsync(string path, object body, CancellationToken hangUp = default) =>
        SendAsync(HttpMethod.Put, path, body, hangUp);

    public Task<ApiAnswer> DeleteAsync(string path, CancellationToken hangUp = default) =>
        SendAsync(HttpMethod.Delete, path, body: null, hangUp);

    public void Dispose() => http.Dispose();

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body, CancellationToken hangUp)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", (await File.ReadAllTextAsync(Path.Combine(folder, "token"), hangUp)).Trim());
            if (body is not null)
                request.Content = JsonContent.Create(body);
            using var response = await http.SendAsync(request, hangUp);
            var text = await response.Content.ReadAsStringAsync(hangUp);
            return new ApiAnswer((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return ApiAnswer.Broken;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "api.sock")), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
