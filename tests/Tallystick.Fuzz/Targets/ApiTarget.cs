using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Node.Hosting;
using Tallystick.Node.Links;

namespace Tallystick.Fuzz.Targets;

/// <summary>
/// Requests to a running node that has a linked peer: method, path with query, and body, each on a line of its own.
/// Every answer is 2xx, or 4xx with a problem that says why.
/// </summary>
internal sealed class ApiTarget : Target, IAsyncDisposable
{
    private const string Payment = """{"amount":"0.01","peer":"bob","memo":"x","requestId":null,"waitMs":0}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    private static readonly string[] Paths =
    [
        "/", "/health", "/api/node", "/api/payments", "/api/payments/batch",
        "/api/payments/01920000-0000-7000-8000-00000000002a",
        "/api/balances", "/api/balances?peer=bob", "/api/history", "/api/history?peer=bob&limit=5",
        "/api/history?before=9.0.9.01920000-0000-7000-8000-00000000002a", "/api/peers", "/api/peers/accept",
        "/api/peers/bob", "/api/peers/bob/limit", "/api/peers/carol", "/api/verify", "/api/verify?peer=bob",
        "/api/events", "/api/settlements", "/api/settlements?open=true&most=5", "/api/settlements?before=9.0",
        "/api/settlements/3f2a81c0.2", "/api/settlements/0", "/api/settlements/0/file", "/api/settlements/0/accept",
        "/api/settlements/0/dispute", "/api/settlements/0/received", "/api/settlements/0/modify",
        "/api/settlements/0/withdraw", "/api/settlements/0123456789abcdef-0-1-0", "/api/openapi.json",
    ];

    private static readonly string[] Bodies =
    [
        "", "null", "[]", "{}", Payment,
        """{"amount":"1.00","peer":"bob","asset":"EUR"}""",
        """{"amount":"1","requestId":"01920000-0000-7000-8000-00000000002a"}""",
        """{"payments":[{"amount":"0.01","peer":"bob","requestId":"01920000-0000-7000-8000-00000000002b"},null]}""",
        """{"limit":"none"}""", """{"limit":"12.50","asset":"credits"}""",
        """{"name":"carol","address":"127.0.0.1:1"}""", """{"name":"dora"}""",
        """{"fingerprint":"AAAA-BBBB","name":"eve"}""",
        """{"amount":"0.01","peer":"bob","payer":"me","method":"cash","reference":"x"}""",
        """{"amount":"0.02","peer":"bob","method":"ask"}""",
        """{"revision":1,"reason":"x","twins":"close"}""",
    ];

    private static readonly string[] Words =
    [
        "%00", "%2f", "%ff", "..", "%2e%2e", "?", "&", "=", "peer=", "before=", "limit=", "asset=", "since=", "\"",
        "\\u0000", "\\ud800", "1e400", "-1", "99999999999999999999", "9007199254740992", "0.001", "none", "{", "}",
        "[[[[", ",", ":", "null", "true", "\"amount\":", "\"peer\":", "\"memo\":", "\"waitMs\":", "\"requestId\":",
        "\"name\":", "bob", "BOB", "credits", "EUR",
    ];

    private readonly NodeHost alice;
    private readonly NodeHost bob;
    private readonly string folder;
    private readonly HttpClient http;

    private ApiTarget(NodeHost alice, NodeHost bob, string folder)
    {
        (this.alice, this.bob, this.folder) = (alice, bob, folder);
        http = new HttpClient { BaseAddress = alice.WebUrl, Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", alice.Token);
    }

    public override string Name => "api";

    public override IReadOnlyList<byte[]> Tokens { get; } = [.. Words.Select(Encoding.UTF8.GetBytes)];

    public override int MaxLength => 1500;

    /// <summary>What the request allocates here; the node's heap is bounded with the whole process.</summary>
    public override long MostAllocated(int length) => 16 * 1024 * 1024;

    public static async Task<ApiTarget> StartAsync(CancellationToken cancel)
    {
        var home = Directory.CreateTempSubdirectory("tallystick-fuzz-").FullName;
        var peer = await NodeHost.StartAsync(Options(home, "bob"), cancel);
        var node = await NodeHost.StartAsync(
            Options(home, "alice", ("bob", $"127.0.0.1:{peer.ListenEndPoint!.Port}")), cancel);
        using var bobs = TallystickClient.OverUnixSocket(peer.SocketPath, peer.Token);
        await bobs.AddPeerAsync(new AddPeerRequest("alice", $"127.0.0.1:{node.ListenEndPoint!.Port}"), cancel);
        using var alices = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
        var deadline = DateTime.UtcNow + Patience;
        while (!IsReady(await alices.GetBalancesAsync(cancel: cancel)))
        {
            if (DateTime.UtcNow > deadline)
                throw new InvalidOperationException("The two nodes did not find each other.");
            await Task.Delay(20, cancel);
        }
        return new ApiTarget(node, peer, home);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await alice.DisposeAsync();
        await bob.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public override IEnumerable<byte[]> Seeds() =>
        from method in Methods
        from path in Paths
        select Encoding.UTF8.GetBytes($"{method}\n{path}\n{Bodies[(method.Length + path.Length) % Bodies.Length]}");

    public override byte[] Generate(Random random)
    {
        var path = Paths[random.Next(Paths.Length)];
        if (random.Next(4) == 0)
            path = path.Insert(random.Next(1, path.Length + 1), Words[random.Next(Words.Length)]);
        return Encoding.UTF8.GetBytes(
            $"{Methods[random.Next(5)]}\n{path}\n{Bodies[random.Next(Bodies.Length)]}");
    }

    public override string Run(byte[] input)
    {
        var first = Array.IndexOf(input, (byte)'\n');
        var second = Array.IndexOf(input, (byte)'\n', first + 1);
        if (first < 0 || second < 0 || !TryRequest(
            Encoding.UTF8.GetString(input[..first]), Encoding.UTF8.GetString(input[(first + 1)..second]),
            input[(second + 1)..], out var request))
        {
            return "no request";
        }
        using (request)
        using (var response = http.Send(request))
            return Look(request, response);
    }

    private static bool IsReady(Balances balances) => balances.Tabs.Any(tab => tab is { Online: true, Opened: true });

    private string Look(HttpRequestMessage request, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        using var stream = response.Content.ReadAsStream();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var route = request.RequestUri!.AbsolutePath.Split('/').ElementAtOrDefault(2);
        if (alice.Stopped.IsCompleted)
            throw new FindingException("The node has stopped.");
        if (status is >= 200 and < 300)
            return $"{request.Method} {route} {status}";
        if (status is < 400 or >= 500)
            throw new FindingException($"Status {status}: {Encoding.UTF8.GetString(memory.ToArray())}");
        if (request.Method == HttpMethod.Head)
            return $"HEAD {status}";
        // The server itself refuses a path that holds the character 0, before there is a request to answer.
        if (status == 400 && memory.Length == 0 && request.RequestUri!.AbsolutePath.Contains("%00"))
            return "refused by the server";
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            throw new FindingException($"Status {status} comes without a problem.");
        using var problem = JsonDocument.Parse(memory.ToArray());
        var refusal = problem.RootElement.GetProperty("refusal").GetString();
        var detail = problem.RootElement.GetProperty("detail").GetString();
        if (string.IsNullOrEmpty(detail) || string.IsNullOrEmpty(refusal))
            throw new FindingException("The problem says nothing.");
        return $"{request.Method} {route} {status} {refusal}";
    }

    private bool TryRequest(string method, string path, byte[] body, out HttpRequestMessage request)
    {
        request = null!;
        if (!method.All(char.IsAsciiLetterUpper) || method.Length is 0 or > 12 || method == "CONNECT"
            || !path.StartsWith('/') || path.Any(c => c <= ' ' || c > '~') || !MayBeSent(body)
            || !Uri.TryCreate($"http://127.0.0.1:{alice.WebUrl!.Port}{path}", new UriCreationOptions
            {
                DangerousDisablePathAndQueryCanonicalization = true,
            }, out var uri))
        {
            return false;
        }
        request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (method is not ("GET" or "HEAD" or "TRACE"))
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return true;
    }

    // The node may be asked to dial and to wait. It dials nobody but the closed port 1 here, and waits for nothing.
    private static bool MayBeSent(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return true;
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out var number)
                    && number is > 0 and <= 600_000)
                {
                    return false;
                }
                if (property.Name.Equals("address", StringComparison.OrdinalIgnoreCase)
                    && property.Value.ValueKind == JsonValueKind.String
                    && PeerAddress.TryParse(property.Value.GetString(), out var address, out _)
                    && address.ToString() != "127.0.0.1:1")
                {
                    return false;
                }
            }
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return true;
        }
    }

    private static NodeOptions Options(
        string folder, string name, params (string? Name, string Address)[] peers) => new()
        {
            Name = name,
            DataFolder = Path.Combine(folder, name),
            ListenAddress = "127.0.0.1",
            ListenPort = 0,
            Peers = peers,
            Assets = [Asset.Credits],
        };
}
