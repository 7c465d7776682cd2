using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace Tallystick.Client;

/// <content>Settlements. What changes something carries a request id, and can be asked again with it.</content>
public sealed partial class TallystickClient
{
    /// <summary>Proposes that an amount was paid outside, or asks for what was laid out.</summary>
    public Task<SettlementResult> SettleAsync(SettleRequest request, CancellationToken cancel = default)
    {
        var named = request with { RequestId = request.RequestId ?? NewRequestId() };
        return AskAsync("api/settlements", named, named.RequestId, ContractJson.Default.SettleRequest, cancel);
    }

    /// <summary>Makes a new revision of an own settlement.</summary>
    /// <param name="id">Its id or a unique beginning of it.</param>
    public Task<SettlementResult> ModifySettlementAsync(
        string id, ModifyRequest request, CancellationToken cancel = default)
    {
        var named = request with { RequestId = request.RequestId ?? NewRequestId() };
        return AskAsync(PathOf(id, "modify"), named, named.RequestId, ContractJson.Default.ModifyRequest, cancel);
    }

    /// <summary>Accepts the revision that was seen.</summary>
    /// <inheritdoc cref="ModifySettlementAsync"/>
    public Task<SettlementResult> AcceptSettlementAsync(
        string id, AnswerRequest request, CancellationToken cancel = default) =>
        AnswerAsync(id, "accept", request, cancel);

    /// <summary>Disputes the revision that was seen.</summary>
    /// <inheritdoc cref="ModifySettlementAsync"/>
    public Task<SettlementResult> DisputeSettlementAsync(
        string id, AnswerRequest request, CancellationToken cancel = default) =>
        AnswerAsync(id, "dispute", request, cancel);

    /// <summary>Says that the money of an own settlement came, and books it.</summary>
    /// <inheritdoc cref="ModifySettlementAsync"/>
    public Task<SettlementResult> ReceivedSettlementAsync(
        string id, AnswerRequest request, CancellationToken cancel = default) =>
        AnswerAsync(id, "received", request, cancel);

    /// <summary>Takes an own settlement back.</summary>
    /// <inheritdoc cref="ModifySettlementAsync"/>
    public Task<SettlementResult> WithdrawSettlementAsync(
        string id, WithdrawRequest? request = null, CancellationToken cancel = default)
    {
        var named = new WithdrawRequest(request?.RequestId ?? NewRequestId());
        return AskAsync(PathOf(id, "withdraw"), named, named.RequestId, ContractJson.Default.WithdrawRequest, cancel);
    }

    /// <summary>Settlements, newest proposal first.</summary>
    /// <param name="onlyOpen">Only those to which something can still happen.</param>
    /// <param name="before">What the part before gave as <see cref="SettlementList.Before"/>; null at first.</param>
    public Task<SettlementList> GetSettlementsAsync(
        string? peer = null,
        bool onlyOpen = false,
        int most = 20,
        string? before = null,
        CancellationToken cancel = default) =>
        ReadAsync(
            "api/settlements" + Query(
                ("peer", peer),
                ("open", onlyOpen ? "true" : null),
                ("most", most.ToString(CultureInfo.InvariantCulture)),
                ("before", before)),
            ContractJson.Default.SettlementList,
            cancel);

    /// <summary>One settlement with all that was said of it.</summary>
    /// <param name="id">Its id or a unique beginning of it, its request id, or its exact name.</param>
    public Task<SettlementDetail> GetSettlementAsync(string id, CancellationToken cancel = default) =>
        ReadAsync($"api/settlements/{Escape(id)}", ContractJson.Default.SettlementDetail, cancel);

    /// <summary>The file that proves a settlement to anybody: all its pages, and each author's page before.</summary>
    /// <inheritdoc cref="GetSettlementAsync"/>
    public Task<byte[]> GetSettlementFileAsync(string id, CancellationToken cancel = default) =>
        SendAsync(new Call("GET", PathOf(id, "file")), cancel);

    private Task<SettlementResult> AnswerAsync(
        string id, string answer, AnswerRequest request, CancellationToken cancel)
    {
        var named = request with { RequestId = request.RequestId ?? NewRequestId() };
        return AskAsync(PathOf(id, answer), named, named.RequestId, ContractJson.Default.AnswerRequest, cancel);
    }

    private Task<SettlementResult> AskAsync<T>(
        string path, T request, string? requestId, JsonTypeInfo<T> type, CancellationToken cancel) =>
        SendAsync(
            new Call("POST", path, ContractBody.Of(request, type)) { RequestId = requestId },
            ContractJson.Default.SettlementResult,
            cancel);

    private static string PathOf(string id, string verb) => $"api/settlements/{Escape(id)}/{verb}";
}
