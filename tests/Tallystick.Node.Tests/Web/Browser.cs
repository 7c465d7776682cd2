using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Tests.Web;

/// <summary>What a browser without script does: keeps cookies, asks for pages, posts forms.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly SocketsHttpHandler handler = new() { UseProxy = false, AllowAutoRedirect = false };
    private readonly HttpClient http;
    private readonly NodeHost node;

    public Browser(NodeHost node)
    {
        this.node = node;
        http = new HttpClient(handler) { BaseAddress = node.WebUrl };
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public CookieContainer Cookies => handler.CookieContainer;

    /// <summary>The address as the server sees it.</summary>
    public string Origin => node.WebUrl!.GetLeftPart(UriPartial.Authority);

    public static async Task<Browser> SignedInAsync(NodeHost node)
    {
        var browser = new Browser(node);
        using var answer = await browser.GetAsync(node.SignInUrl!.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return browser;
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public async Task<string> PageAsync(string path)
    {
        using var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await TextAsync(answer);
    }

    /// <summary>Posts a form as the page at <paramref name="from"/> would.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        string from, string path, params (string Name, string Value)[] fields) =>
        await PostAsync(path, [("form", FormTokenOf(await PageAsync(from))), .. fields]);

    public Task<HttpResponseMessage> PostAsync(
        string path, (string Name, string Value)[] fields, params (string Name, string Value)[] headers) =>
        SendAsync(
            HttpMethod.Post,
            path,
            new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            headers);

    /// <summary>Posts what is no form of a page.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, HttpContent content) =>
        SendAsync(HttpMethod.Post, path, content, []);

    /// <summary>Opens the socket of a page.</summary>
    public async Task<ClientWebSocket> ListenAsync(string path, string? origin = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = Cookies;
        socket.Options.SetRequestHeader("Origin", origin ?? Origin);
        try
        {
            await socket.ConnectAsync(new Uri(Origin.Replace("http", "ws", StringComparison.Ordinal) + path), Ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next picture.</summary>
    public static async Task<string> PictureAsync(WebSocket socket)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16_384];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, Ct);
            bytes.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public static string FormTokenOf(string page) => FormToken().Match(page).Groups["token"].Value;

    public static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Ct);

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, Ct);
    }

    [GeneratedRegex("name=\"form\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex FormToken();
}
