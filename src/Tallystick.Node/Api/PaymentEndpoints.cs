using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Api;

/// <summary>
/// <c>POST /api/payments</c> and <c>/api/payments/batch</c>, <c>GET</c> and <c>DELETE /api/payments/{id}</c>.
/// </summary>
internal static class PaymentEndpoints
{
    // As many as fit into a request with the longest memos.
    private const int MostInBatch = 1_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder routes, NodeParts node)
    {
        routes.MapPost("/api/payments", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.PayRequest);
            var answer = body.Value is { } request
                ? await PayAsync(node, request, Patience(http, request))
                : body.Problem!;
            await Reply.SendAsync(http, answer, ContractJson.Default.Payment);
        }).Does("pays", typeof(PayRequest), typeof(Payment));
        routes.MapPost("/api/payments/batch", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.PayBatchRequest);
            var answer = body.Value is { } batch ? await PayAsync(node, batch, http.RequestAborted) : body.Problem!;
            await Reply.SendAsync(http, answer, ContractJson.Default.PayBatchResult);
        }).Does("pays many times, each for itself", typeof(PayBatchRequest), typeof(PayBatchResult));
        routes.MapGet("/api/payments/{id}", http =>
        {
            var found = PaymentLookup.Find(node, Id(http));
            Answer<Payment> answer = found.Value is { } stored ? PaymentLookup.Describe(node, stored) : found.Problem!;
            return Reply.SendAsync(http, answer, ContractJson.Default.Payment);
        }).Does("how a payment stands", takes: null, typeof(Payment));
        routes.MapDelete("/api/payments/{id}", async http =>
            await Reply.SendAsync(
                http, await CancelAsync(node, Id(http), http.RequestAborted), ContractJson.Default.Payment))
            .Does("takes back a payment that is queued", takes: null, typeof(Payment));
    }

    // What is answered as soon as the disk has it is not worth a token that hears whether the caller hangs up.
    private static CancellationToken Patience(HttpContext http, PayRequest request) =>
        request.WaitMs == 0 ? CancellationToken.None : http.RequestAborted;

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    internal static async Task<Answer<Payment>> PayAsync(
        NodeParts node, PayRequest request, CancellationToken cancel)
    {
        var understood = Understand(node, request);
        if (understood.Value is not { } wish)
            return understood.Problem!;
        var wasOwing = wish.Tab.Balance < 0;
        var outcome = await node.Ledger.AskAsync(wish.Tab.Terms.Id, wish.Intent, cancel);
        outcome = await WaitAsync(node, wish, outcome, cancel);
        var now = node.TabOf(wish.Tab.Terms.Id) ?? wish.Tab;
        return outcome.State is IntentRefused refused
            ? Refuse(now, refused.Refusal, wish.Peer)
            : PaymentText.Of(node, now, (PayLine)wish.Intent.Lines[0], outcome, wasOwing);
    }

    private static async Task<Answer<PayBatchResult>> PayAsync(
        NodeParts node, PayBatchRequest batch, CancellationToken cancel)
    {
        if (batch.Payments is not { Count: > 0 and <= MostInBatch } payments || payments.Contains(null!))
            return Problems.BadInput("bad-batch", $"A batch has 1 to {MostInBatch} payments.");
        // Without its id nobody could ask again after a lost answer.
        if (payments.Any(payment => payment.RequestId is null))
            return Problems.BadInput("bad-request-id", "Every payment of a batch has a request id.");

        var results = new PaymentResult[payments.Count];
        var wishes = new Dictionary<TabId, List<(int At, PaymentWish Wish)>>();
        for (var i = 0; i < results.Length; i++)
        {
            var understood = Understand(node, payments[i]);
            if (understood.Value is not { } wish)
                results[i] = Refused(payments[i], understood.Problem!);
            else if (wishes.TryGetValue(wish.Tab.Terms.Id, out var others))
                others.Add((i, wish));
            else
                wishes.Add(wish.Tab.Terms.Id, [(i, wish)]);
        }
        await Task.WhenAll(wishes.Values.Select(ofTab => PayAsync(node, payments, ofTab, results, cancel)));
        return new PayBatchResult(results);
    }

    // The payments of a batch that are on one tab.
    private static async Task PayAsync(
        NodeParts node,
        IReadOnlyList<PayRequest> payments,
        List<(int At, PaymentWish Wish)> wishes,
        PaymentResult[] results,
        CancellationToken cancel)
    {
        var tab = wishes[0].Wish.Tab;
        var outcomes = await node.Ledger.AskManyAsync(
            tab.Terms.Id, [.. wishes.Select(asked => asked.Wish.Intent)], cancel);
        if (wishes.Exists(asked => asked.Wish.WaitMs > 0))
        {
            outcomes = await Task.WhenAll(
                wishes.Select((asked, i) => WaitAsync(node, asked.Wish, outcomes[i], cancel)));
        }
        for (var i = 0; i < wishes.Count; i++)
        {
            var ((at, wish), outcome) = (wishes[i], outcomes[i]);
            results[at] = outcome.State is IntentRefused refused
                ? Refused(payments[at], Refuse(node.TabOf(tab.Terms.Id) ?? tab, refused.Refusal, wish.Peer))
                : new PaymentResult(
                    payments[at].RequestId!,
                    PaymentText.State(outcome.State, outcome.Delivered),
                    outcome.State is IntentWaiting ? PaymentText.WhyItWaits(node, tab, wish.Peer) : null,
                    Refusal: null);
        }
    }

    private static PaymentResult Refused(PayRequest request, Problem problem) =>
        new(request.RequestId!, PaymentStates.Refused, problem.Detail, problem.Refusal);

    private static Answer<PaymentWish> Understand(NodeParts node, PayRequest request)
    {
        var peerChoice = Choice.Peer(node, request.Peer);
        if (peerChoice.Value is not { } peer)
            return peerChoice.Problem!;
        var tabChoice = Choice.Tab(node, peer, request.Asset);
        if (tabChoice.Value is not { } tab)
            return tabChoice.Problem!;
        if (!AmountText.TryParse(request.Amount ?? string.Empty, tab.Terms.Asset, out var amount, out var problem))
            return Problems.BadInput("bad-amount", problem);
        var memo = request.Memo ?? string.Empty;
        if (MemoProblem(memo) is { } badMemo)
            return badMemo;
        if (request.WaitMs < 0 || request.WaitMs > LongestWait.TotalMilliseconds)
            return Problems.BadInput("bad-wait", $"waitMs is 0 to {LongestWait.TotalMilliseconds}.");
        var now = node.Time.GetUtcNow();
        RequestId id;
        if (request.RequestId is null)
            id = RequestId.FromGuid(Guid.CreateVersion7(now));
        else if (!RequestId.TryParse(request.RequestId, out id))
            return Problems.BadInput("bad-request-id", "A request id is a UUID.");

        // What the limit that this node knows forbids is refused before anything is written, whether the peer is there
        // or not. The picture is older than the look at the ids, so a wish that it counts is never taken for a new one.
        if (TabFigures.CanPayUnits(tab) < amount.Units && tab.Snapshot.Mine.Of(tab.Me.Other()).HasLimit
            && !node.Ledger.Knows(id))
        {
            return OverLimit(tab, TabFigures.CanPayUnits(tab)!.Value, peer.Name);
        }
        var line = new PayLine(id, amount, memo);
        return new PaymentWish(
            peer.Name, tab, new Intent(id, [line], now.ToUnixTimeMilliseconds(), ExpiresMs: null), request.WaitMs);
    }

    private static Problem? MemoProblem(string memo)
    {
        var bytes = Encoding.UTF8.GetByteCount(memo);
        if (bytes > PageBounds.MaxMemoBytes)
        {
            return Problems.BadInput(
                "bad-memo", $"The memo has {bytes} bytes; at most {PageBounds.MaxMemoBytes} are possible.");
        }
        return memo.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar)
            ? Problems.BadInput("bad-memo", "The memo is not valid text.")
            : null;
    }

    private static bool HasEnded(IntentOutcome outcome) =>
        outcome.Delivered || outcome.State is IntentRefused or IntentCancelled;

    private static async Task<IntentOutcome> WaitAsync(
        NodeParts node, PaymentWish wish, IntentOutcome soFar, CancellationToken cancel)
    {
        if (wish.WaitMs == 0 || HasEnded(soFar))
            return soFar;
        var id = wish.Intent.RequestId;
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(wish.WaitMs), node.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await node.Ledger.WaitUntilEndedAsync(wish.Tab.Terms.Id, id, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It was queued or sent meanwhile; what is stored knows.
            return PaymentLookup.OutcomeOf(node, id) ?? soFar;
        }
    }

    /// <summary>A refusal by the limit says how much is possible.</summary>
    private static Problem Refuse(TabView tab, Refusal refusal, string peer) =>
        refusal.Why == Rejections.OverLimit && TabFigures.CanPayUnits(tab) is { } possible
            ? OverLimit(tab, possible, peer)
            : Problems.Refused(refusal);

    private static Problem OverLimit(TabView tab, long possible, string peer)
    {
        var asset = tab.Terms.Asset;
        return Problems.Refused(Rejections.OverLimit.Name, possible == 0
            ? $"{peer}'s limit for this node is reached: nothing more can be paid in {asset.Code}."
            : $"That is over {peer}'s limit for this node: "
                + $"at most {AmountText.FormatWithCode(possible, asset)} is possible.");
    }

    private static async Task<Answer<Payment>> CancelAsync(NodeParts node, string text, CancellationToken cancel)
    {
        var found = PaymentLookup.Find(node, text, onlyWaiting: true);
        if (found.Value is not { } stored)
            return found.Problem!;
        if (node.TabOf(stored.Tab) is not { } tab)
            return PaymentLookup.Nobody(text);
        var outcome = await node.Ledger.CancelAsync(stored.Tab, stored.RequestId, cancel);
        return outcome.State switch
        {
            IntentDone => Problems.Refused("already-sent", "It is signed and sent already: it cannot be taken back."),
            IntentRefused refused => Problems.Refused(
                refused.Refusal.Why.Name, PaymentText.WhyRefused(refused.Refusal, node.NameOf(tab))!),
            _ => PaymentText.Of(node, tab, (PayLine)stored.Lines[0], outcome, wasOwing: false),
        };
    }

    /// <summary>A request that was understood.</summary>
    private sealed record PaymentWish(string Peer, TabView Tab, Intent Intent, int WaitMs);
}
