using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;

namespace Tallystick.Client;

/// <summary>Talks to one node over its local API.</summary>
/// <remarks>
/// Every method throws <see cref="TallystickException"/> when the node refuses, <see cref="NodeUnreachableException"/>
/// when no node answers and nothing was changed, and, for requests that change something,
/// <see cref="OutcomeUnknownException"/> when the connection broke after the request had gone out.
/// </remarks>
public sealed partial class TallystickClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceForProofs = TimeSpan.FromMinutes(30);

    private readonly Func<HttpMessageHandler> makeHandler;
    // Null for a client over a socket, whose node has no address.
    private readonly Uri? baseAddress;
    private readonly string token;
    private readonly TimeProvider time;

    // Carries the requests of a client for one command; null for all others.
    private readonly DirectExchange? direct;
    private HttpMessageInvoker? invoker;

    /// <summary>Talks to the node at <paramref name="baseAddress"/>, as the bearer of its token.</summary>
    /// <param name="handler">Carries the requests; the client disposes it. Null for plain TCP.</param>
    /// <param name="time">The clock for pauses and time-outs; null for the system's.</param>
    public TallystickClient(
        Uri baseAddress, string token, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        (this.baseAddress, this.token, this.time) = (baseAddress, token, time ?? TimeProvider.System);
        // A proxy of the environment must never see a request to one's own node.
        makeHandler = () => handler ?? new SocketsHttpHandler { UseProxy = false, UseCookies = false };
        invoker = new HttpMessageInvoker(makeHandler());
    }

    private TallystickClient(DirectExchange direct, string path, string token, TimeProvider time)
    {
        (this.direct, this.token, this.time) = (direct, token, time);
        makeHandler = () => OverSocket(path);
    }

    /// <summary>Talks to the node that listens on the Unix domain socket at <paramref name="path"/>.</summary>
    public static TallystickClient OverUnixSocket(string path, string token) =>
        new(new Uri("http://localhost"), token, OverSocket(path));

    /// <summary>The same for a process that asks once or twice and ends.</summary>
    /// <remarks>
    /// The first answer comes sooner and every further one later: each request takes a connection of its own, and the
    /// thread that asks waits for the answer, before it gets a task that is completed.
    /// </remarks>
    /// <param name="path">The socket's file.</param>
    /// <param name="token">The node's token.</param>
    /// <param name="time">The clock for time-outs; null for the system's.</param>
    /// <exception cref="FormatException">The token has characters that no token has.</exception>
    public static TallystickClient ForOneCommand(string path, string token, TimeProvider? time = null) =>
        new(new DirectExchange(path, token), path, token, time ?? TimeProvider.System);

    /// <summary>The same, connected already, or null when nobody takes a connection there.</summary>
    /// <param name="path">The socket's file.</param>
    /// <param name="token">Reads the node's token, once a connection is there.</param>
    /// <exception cref="FormatException">The token has characters that no token has.</exception>
    public static TallystickClient? TryForOneCommand(string path, Func<string> token)
    {
        if (DirectExchange.TryConnect(path) is not { } socket)
            return null;
        try
        {
            var said = token();
            return new TallystickClient(new DirectExchange(path, said, socket), path, said, TimeProvider.System);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Who the node is.</summary>
    public Task<NodeInfo> GetNodeAsync(CancellationToken cancel = default) =>
        SendAsync(new Call("GET", "api/node"), PlainAnswers.Node, cancel);

    /// <summary>Pays. Without a request id it makes one (version 7), so that the same wish can be sent again.</summary>
    /// <exception cref="OutcomeUnknownException">Carries the request id to ask again with.</exception>
    public Task<Payment> PayAsync(PayRequest request, CancellationToken cancel = default)
    {
        var named = request.RequestId is null ? request with { RequestId = NewRequestId() } : request;
        return SendAsync(
            new Call("POST", "api/payments", PlainText.Of(named))
            {
                RequestId = named.RequestId,
                Patience = Patience + TimeSpan.FromMilliseconds(named.WaitMs),
            },
            PlainAnswers.Payment,
            cancel);
    }

    /// <summary>Pays many times in one call. Each payment stands alone.</summary>
    /// <param name="payments">1 to 1,000, each with a request id; see <see cref="NewRequestId"/>.</param>
    /// <param name="cancel">Ends the wait; what was asked is done or not, each payment for itself.</param>
    /// <returns>What became of each, in the same order.</returns>
    public async Task<IReadOnlyList<PaymentResult>> PayManyAsync(
        IReadOnlyList<PayRequest> payments, CancellationToken cancel = default)
    {
        var request = new PayBatchRequest(payments);
        var longestWait = payments.Max(payment => payment?.WaitMs) ?? 0;
        var call = new Call(
            "POST", "api/payments/batch", ContractBody.Of(request, ContractJson.Default.PayBatchRequest))
        {
            Patience = Patience + TimeSpan.FromMilliseconds(longestWait),
        };
        return (await SendAsync(call, ContractJson.Default.PayBatchResult, cancel)).Results;
    }

    /// <summary>A request id as <see cref="PayAsync"/> makes it.</summary>
    public string NewRequestId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("D");

    /// <summary>Where a payment stands.</summary>
    /// <param name="id">Its short id or its request id.</param>
    public Task<Payment> GetPaymentAsync(string id, CancellationToken cancel = default) =>
        ReadAsync($"api/payments/{Escape(id)}", ContractJson.Default.Payment, cancel);

    /// <summary>Takes back a payment that is still queued.</summary>
    public Task<Payment> CancelAsync(string id, CancellationToken cancel = default) =>
        SendAsync(new Call("DELETE", $"api/payments/{Escape(id)}"), ContractJson.Default.Payment, cancel);

    /// <summary>What one stands at with all peers, or with one.</summary>
    public Task<Balances> GetBalancesAsync(string? peer = null, CancellationToken cancel = default) =>
        SendAsync(new Call("GET", "api/balances" + Query(("peer", peer))), PlainAnswers.Balances, cancel);

    /// <summary>What happened, newest last.</summary>
    /// <param name="before">
    /// What the part that follows gave as <see cref="HistoryPage.Before"/>; null for the newest.
    /// </param>
    public Task<HistoryPage> GetHistoryAsync(
        string? peer = null, int most = 50, string? before = null, CancellationToken cancel = default) =>
        ReadAsync(
            "api/history" + Query(
                ("peer", peer), ("most", most.ToString(CultureInfo.InvariantCulture)), ("before", before)),
            ContractJson.Default.HistoryPage,
            cancel);

    /// <summary>Asks who is on the local network, and waits a second for answers.</summary>
    public Task<Nearby> GetNearbyAsync(CancellationToken cancel = default) =>
        ReadAsync("api/peers/nearby", ContractJson.Default.Nearby, cancel);

    /// <summary>Peers, and strangers who knocked.</summary>
    public Task<Peers> GetPeersAsync(CancellationToken cancel = default) =>
        SendAsync(new Call("GET", "api/peers"), PlainAnswers.Peers, cancel);

    /// <summary>Adds a peer to dial.</summary>
    public Task<Peer> AddPeerAsync(AddPeerRequest request, CancellationToken cancel = default) =>
        SendAsync(
            new Call("POST", "api/peers", ContractBody.Of(request, ContractJson.Default.AddPeerRequest)),
            ContractJson.Default.Peer,
            cancel);

    /// <summary>Trusts a stranger who knocked.</summary>
    public Task<Peer> AcceptPeerAsync(AcceptPeerRequest request, CancellationToken cancel = default) =>
        SendAsync(
            new Call(
                "POST", "api/peers/accept", ContractBody.Of(request, ContractJson.Default.AcceptPeerRequest)),
            ContractJson.Default.Peer,
            cancel);

    /// <summary>Gives a peer another name, on this node only.</summary>
    public Task<Peer> RenamePeerAsync(string peer, RenamePeerRequest request, CancellationToken cancel = default) =>
        SendAsync(
            new Call(
                "PATCH",
                $"api/peers/{Escape(peer)}",
                ContractBody.Of(request, ContractJson.Default.RenamePeerRequest)),
            ContractJson.Default.Peer,
            cancel);

    /// <summary>Removes a peer; its pages are kept.</summary>
    /// <param name="force">Also when the balance is not zero.</param>
    public async Task RemovePeerAsync(string peer, bool force = false, CancellationToken cancel = default)
    {
        var query = force ? "?force=true" : string.Empty;
        await SendAsync(new Call("DELETE", $"api/peers/{Escape(peer)}{query}"), cancel);
    }

    /// <summary>Sets how much the peer may owe.</summary>
    public Task<LimitResult> SetLimitAsync(string peer, LimitRequest request, CancellationToken cancel = default) =>
        SendAsync(
            new Call(
                "PUT",
                $"api/peers/{Escape(peer)}/limit",
                ContractBody.Of(request, ContractJson.Default.LimitRequest)),
            ContractJson.Default.LimitResult,
            cancel);

    /// <summary>What a reset of a frozen tab would do. Nothing is signed.</summary>
    public Task<ResetPreview> PreviewResetAsync(
        string peer, string? asset = null, CancellationToken cancel = default) =>
        ReadAsync(
            $"api/peers/{Escape(peer)}/reset" + Query(("asset", asset)), ContractJson.Default.ResetPreview, cancel);

    /// <summary>Says yes to the reset that was shown.</summary>
    public Task<ResetResult> ConfirmResetAsync(
        string peer, ResetRequest request, CancellationToken cancel = default) =>
        SendAsync(
            new Call(
                "POST",
                $"api/peers/{Escape(peer)}/reset",
                ContractBody.Of(request, ContractJson.Default.ResetRequest)),
            ContractJson.Default.ResetResult,
            cancel);

    /// <summary>Has every signature, hash, number and balance of both halves checked again.</summary>
    public Task<Proofs> VerifyAsync(string? peer = null, CancellationToken cancel = default) =>
        SendAsync(
            new Call("GET", "api/verify" + Query(("peer", peer))) { Patience = PatienceForProofs },
            ContractJson.Default.Proofs,
            cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        direct?.Dispose();
        invoker?.Dispose();
    }

    private Uri BaseAddress => baseAddress ?? new Uri("http://localhost");

    // A client for one command has none until it listens to notices.
    private HttpMessageInvoker Invoker
    {
        get
        {
            if (invoker is { } made)
                return made;
            var mine = new HttpMessageInvoker(makeHandler());
            if (Interlocked.CompareExchange(ref invoker, mine, null) is not { } first)
                return mine;
            mine.Dispose();
            return first;
        }
    }

    private static SocketsHttpHandler OverSocket(string path) => new()
    {
        UseProxy = false,
        UseCookies = false,
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class =>
        SendAsync(new Call("GET", path), type, cancel);

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        var query = string.Empty;
        foreach (var (name, value) in pairs)
        {
            if (value is not null)
                query += (query.Length == 0 ? "?" : "&") + name + "=" + Escape(value);
        }
        return query;
    }
}
