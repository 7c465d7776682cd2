using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tallystick.Client;

namespace Tallystick.Cli.Tests;

/// <summary>
/// A real HTTP server with the contract's endpoints and one node's numbers in memory, without any ledger.
/// </summary>
internal sealed class PracticeNode : IAsyncDisposable
{
    public const string Token = "practice-token";

    private readonly WebApplication app;
    private readonly DirectoryInfo folder;
    private readonly Lock gate = new();
    private readonly List<Peer> peers = [];
    private readonly List<Payment> payments = [];
    private readonly List<HistoryEntry> entries = [];
    private readonly List<Stranger> strangers = [];
    private readonly List<Channel<Notice>> listeners = [];

    private PracticeNode(WebApplication app, DirectoryInfo folder) => (this.app, this.folder) = (app, folder);

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>Close the connection without an answer after doing what was asked, so many times.</summary>
    public int BreaksAfterPaying { get; set; }

    /// <summary>Answer after doing what was asked that the node is stopping, so many times.</summary>
    public int StopsAfterPaying { get; set; }

    /// <summary>Payments that were carried out.</summary>
    public int Carried => Locked(() => payments.Count);

    /// <summary>Whether there is a tab to reset.</summary>
    public bool Frozen { get; set; }

    /// <summary>The hashes that were said yes to.</summary>
    public List<string> Confirmed { get; } = [];

    /// <summary>The only settlement there is, or null.</summary>
    public SettlementInfo? Settlement { get; set; }

    /// <summary>What was proposed.</summary>
    public List<SettleRequest> Proposed { get; } = [];

    /// <summary>What was answered, to what was typed.</summary>
    public List<(string Id, string Answer, AnswerRequest? Request)> Answered { get; } = [];

    public int Listeners => Locked(() => listeners.Count);

    public static async Task<PracticeNode> StartAsync(params string[] peerNames)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var place = Directory.CreateTempSubdirectory("tallystick-test-");
        builder.WebHost.UseUrls("http://127.0.0.1:0", "http://unix:" + SocketIn(place));
        var node = new PracticeNode(builder.Build(), place);
        foreach (var name in peerNames)
            node.SetPeer(name, online: true);
        node.Map();
        await node.app.StartAsync();
        node.Address = new Uri(node.app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single(each => !each.Contains("unix")));
        return node;
    }

    public TallystickClient Connect(string token = Token) => new(Address, token);

    public TallystickClient ConnectOnce() => TallystickClient.ForOneCommand(SocketIn(folder), Token);

    public void SetPeer(string name, bool online) => Locked(() =>
    {
        peers.RemoveAll(peer => peer.Name == name);
        peers.Add(new Peer(name, "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH", "192.0.2.7:5001", name, online, null));
        return 0;
    });

    public void Knock(string name, string fingerprint) => Locked(() =>
    {
        strangers.Add(new Stranger(fingerprint, name, "192.0.2.9:40000", DateTimeOffset.UnixEpoch));
        return 0;
    });

    public void Remember(HistoryEntry entry) => Locked(() =>
    {
        entries.Add(entry);
        return 0;
    });

    public void Tell(Notice notice) => Locked(() => listeners.Count(each => each.Writer.TryWrite(notice)));

    public async ValueTask DisposeAsync()
    {
        Locked(() => listeners.Count(each => each.Writer.TryComplete()));
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static string SocketIn(DirectoryInfo place) => Path.Combine(place.FullName, "api.sock");

    private void Map()
    {
        app.UseWebSockets();
        app.Use(async (context, next) =>
        {
            if (context.Request.Headers.Authorization != "Bearer " + Token)
                await AnswerAsync(context, Refuse(401, "no-token", "The token is missing."));
            else
                await next(context);
        });
        app.MapGet("/api/node", context => AnswerAsync(context, new NodeInfo(
            "alice", "WXYZ-AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG", "02ab", "0.1.0", "0.0.0.0:5000", null, "/data",
            ["credits/2", "EUR/2"])));
        app.MapPost("/api/payments", async context => await PayAsync(context));
        app.MapGet("/api/payments/{id}", context => AnswerAsync(
            context, (object?)Found(context) ?? Unknown("payment")));
        app.MapDelete("/api/payments/{id}", context => AnswerAsync(context, Cancelled(context)));
        app.MapGet("/api/balances", context => AnswerAsync(context, Balances(context.Request.Query["peer"])));
        app.MapGet("/api/history", context => AnswerAsync(
            context, Locked(() => new HistoryPage([.. entries.TakeLast(Most(context))], null))));
        app.MapGet("/api/peers", context => AnswerAsync(context, Locked(() => new Peers([.. peers], [.. strangers]))));
        app.MapPost("/api/peers", async context =>
        {
            var request = (await context.Request.ReadFromJsonAsync(ContractJson.Default.AddPeerRequest))!;
            SetPeer(request.Name, online: false);
            await AnswerAsync(context, FindPeer(request.Name)!);
        });
        app.MapPost("/api/peers/accept", async context =>
        {
            var request = (await context.Request.ReadFromJsonAsync(ContractJson.Default.AcceptPeerRequest))!;
            var stranger = Locked(() => strangers.Find(each => each.Fingerprint.StartsWith(
                request.Fingerprint, StringComparison.OrdinalIgnoreCase)));
            if (stranger is not null)
                SetPeer(request.Name ?? stranger.ClaimedName, online: false);
            await AnswerAsync(context, stranger is null
                ? Unknown("stranger")
                : FindPeer(request.Name ?? stranger.ClaimedName)!);
        });
        app.MapMethods("/api/peers/{name}", ["PATCH"], async context =>
        {
            var request = (await context.Request.ReadFromJsonAsync(ContractJson.Default.RenamePeerRequest))!;
            SetPeer(request.Name, online: true);
            await AnswerAsync(context, FindPeer(request.Name)!);
        });
        app.MapDelete("/api/peers/{name}", async context =>
        {
            var forced = context.Request.Query["force"] == "true";
            if (Balance(Route(context, "name")) != 0 && !forced)
                await AnswerAsync(context, Refuse(409, "not-even", "The balance is not zero: use --force."));
            else
                context.Response.StatusCode = 204;
        });
        app.MapPut("/api/peers/{name}/limit", async context =>
        {
            var request = (await context.Request.ReadFromJsonAsync(ContractJson.Default.LimitRequest))!;
            var limit = request.Limit == "none" ? null : request.Limit;
            var peer = FindPeer(Route(context, "name"));
            await AnswerAsync(context, peer is null
                ? Unknown("peer")
                : new LimitResult(peer.Name, request.Asset ?? "credits", limit, PaymentStates.Sent, null));
        });
        app.MapGet("/api/peers/{name}/reset", context => AnswerAsync(
            context, Frozen ? Shown(Route(context, "name")) : Refuse(409, "not-frozen", "It is not frozen.")));
        app.MapPost("/api/peers/{name}/reset", async context =>
        {
            var request = (await context.Request.ReadFromJsonAsync(ContractJson.Default.ResetRequest))!;
            Confirmed.Add(request.Hash);
            await AnswerAsync(
                context, new ResetResult(Route(context, "name"), "credits", ResetStates.Asked, 1, "-5.00"));
        });
        app.MapGet("/api/settlements", context => AnswerAsync(
            context, new SettlementList(Settlement is { } only ? [only] : [], null)));
        app.MapPost("/api/settlements/{id}/{answer}", async context =>
        {
            Answered.Add((Route(context, "id"), Route(context, "answer"),
                await context.Request.ReadFromJsonAsync(ContractJson.Default.AnswerRequest)));
            await AnswerAsync(context, Settlement is { } answered
                ? new SettlementResult(answered, PaymentStates.Sent, null)
                : Unknown("settlement"));
        });
        app.MapPost("/api/settlements", async context =>
        {
            var request = (await context.Request.ReadFromJsonAsync(ContractJson.Default.SettleRequest))!;
            Proposed.Add(request);
            await AnswerAsync(context, request.Payer is null
                ? Refuse(400, "which-payer", "You are even: say who pays.")
                : new SettlementResult(Sample(request), PaymentStates.Sent, null));
        });
        app.MapGet("/api/verify", context => AnswerAsync(context, Locked(() => new Proofs(
            true,
            [.. peers.Select(peer => new TabProof(
                peer.Name, "credits", true, peer.Name + ": both halves match.", 1, 1, 2, "0.00"))]))));
        app.Map("/api/events", ListenAsync);
    }

    public static SettlementInfo Sample(SettleRequest request) => new(
        "3f2a81c0", "key", request.Peer ?? "bob", "credits", request.Method == SettlementMethods.Ask, Mine: true,
        Paying: request.Payer == SettlementPayers.Me, request.Amount, request.Method, request.Reference, 1,
        SettlementStates.Proposed, $"about {request.Amount} credits with {request.Peer}", "It waits.", Seen: true,
        SafeToTransfer: false, [], DateTimeOffset.UnixEpoch);

    private static ResetPreview Shown(string peer) => new(
        peer, "credits", new string('a', 64), 1, "-5.00", null, "100.00", 2, 1,
        [new VoidEntry("1a2b3c4d", "pay", "7.00", "lunch")], 1, AskedByMe: false, AskedByPeer: true);

    private async Task PayAsync(HttpContext context)
    {
        var request = (await context.Request.ReadFromJsonAsync(ContractJson.Default.PayRequest))!;
        var answer = Locked(() => Pay(request));
        if (BreaksAfterPaying-- > 0)
            context.Abort();
        else if (StopsAfterPaying-- > 0)
            await AnswerAsync(context, Refuse(503, "stopping", "The node is stopping."));
        else
            await AnswerAsync(context, answer);
    }

    private object Pay(PayRequest request)
    {
        if (payments.Find(payment => payment.RequestId == request.RequestId) is { } repeated)
            return repeated;
        if (!decimal.TryParse(
            request.Amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            return Refuse(400, "bad-amount", $"{request.Amount} is not an amount.");
        if (request.Peer is null && peers.Count > 1)
            return Refuse(400, "which-peer", "Which peer?");
        var name = request.Peer ?? peers[0].Name;
        if (FindPeer(name) is not { } peer)
            return Refuse(404, "unknown-peer", $"There is no peer named {name}.");
        var payment = new Payment(
            request.RequestId![^8..], request.RequestId, peer.Name, Text(amount), request.Asset ?? "credits",
            request.Memo, peer.Online ? PaymentStates.Sent : PaymentStates.Queued, null, null, Balance(peer.Name) < 0);
        payments.Add(payment);
        return payment;
    }

    private object Cancelled(HttpContext context) => Found(context) switch
    {
        null => Unknown("payment"),
        { State: PaymentStates.Queued } payment => payment with { State = PaymentStates.Cancelled },
        _ => Refuse(409, "too-late", "It is sent already."),
    };

    private object Balances(string? peer)
    {
        if (peer is not null && FindPeer(peer) is null)
            return Unknown("peer");
        var tabs = Locked(() => peers.Where(each => peer is null || IsSame(each.Name, peer)).ToList()).Select(each =>
            new TabBalance(
                each.Name, "credits", Text(Balance(each.Name)), "0.00", "90.00", null, null, "100.00",
                Text(Balance(each.Name)), null, each.Online, null, Opened: true)).ToList();
        var total = tabs.Sum(tab => decimal.Parse(tab.Balance, CultureInfo.InvariantCulture));
        return new Balances(tabs, [new AssetTotal("credits", Text(total))]);
    }

    private async Task ListenAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var notices = Channel.CreateUnbounded<Notice>();
        Locked(() =>
        {
            listeners.Add(notices);
            return 0;
        });
        await foreach (var notice in notices.Reader.ReadAllAsync())
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(notice, ContractJson.Default.Notice);
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
    }

    private Payment? Found(HttpContext context) => Locked(() =>
        payments.Find(payment => payment.Id == Route(context, "id") || payment.RequestId == Route(context, "id")));

    private Peer? FindPeer(string name) => Locked(() => peers.Find(peer => IsSame(peer.Name, name)));

    private decimal Balance(string peer) => Locked(() => -payments
        .Where(payment => IsSame(payment.Peer, peer) && payment.State == PaymentStates.Sent)
        .Sum(payment => decimal.Parse(payment.Amount, CultureInfo.InvariantCulture)));

    private static async Task AnswerAsync(HttpContext context, object answer)
    {
        if (answer is Problem problem)
            context.Response.StatusCode = problem.Status;
        await context.Response.WriteAsJsonAsync(answer, answer.GetType(), ContractJson.Default);
    }

    private static Problem Unknown(string what) => Refuse(404, "unknown-" + what, $"There is no such {what}.");

    private static Problem Refuse(int status, string refusal, string detail) => new("Refused", status, detail, refusal);

    private static int Most(HttpContext context) =>
        int.Parse(context.Request.Query["most"].ToString(), CultureInfo.InvariantCulture);

    private static string Route(HttpContext context, string key) => (string)context.Request.RouteValues[key]!;

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static bool IsSame(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private T Locked<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }
}
