using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Api;

/// <summary><c>PUT /api/peers/{name}/limit</c></summary>
internal static class LimitEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, NodeParts node) =>
        routes.MapPut("/api/peers/{name}/limit", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.LimitRequest);
            var answer = body.Value is { } request
                ? await SetAsync(node, (string)http.Request.RouteValues["name"]!, request, http.RequestAborted)
                : body.Problem!;
            await Reply.SendAsync(http, answer, ContractJson.Default.LimitResult);
        }).Does("how much the peer may owe", typeof(LimitRequest), typeof(LimitResult));

    internal static async Task<Answer<LimitResult>> SetAsync(
        NodeParts node, string name, LimitRequest request, CancellationToken cancel)
    {
        var peerChoice = Choice.Peer(node, name);
        if (peerChoice.Value is not { } peer)
            return peerChoice.Problem!;
        var tabChoice = Choice.Tab(node, peer, request.Asset);
        if (tabChoice.Value is not { } tab)
            return tabChoice.Problem!;
        if (!TryReadLimit(request.Limit, tab.Terms.Asset, out var limit, out var problem))
            return Problems.BadInput("bad-amount", problem);
        var now = node.Time.GetUtcNow();
        var id = RequestId.FromGuid(Guid.CreateVersion7(now));
        var intent = new Intent(id, [new LimitLine(id, limit)], now.ToUnixTimeMilliseconds(), ExpiresMs: null);
        var outcome = await node.Ledger.AskAsync(tab.Terms.Id, intent, cancel);
        if (outcome.State is IntentRefused refused)
            return Problems.Refused(refused.Refusal);
        return new LimitResult(
            peer.Name,
            tab.Terms.Asset.Code,
            TabFigures.LimitText(limit, tab.Terms.Asset),
            PaymentText.State(outcome.State, outcome.Delivered),
            outcome.State is IntentWaiting ? PaymentText.WhyItWaits(node, tab, peer.Name) : null);
    }

    internal static bool TryReadLimit(
        string? text, Asset asset, out CreditLimit limit, [NotNullWhen(false)] out string? problem)
    {
        var typed = (text ?? string.Empty).Trim();
        (limit, problem) = (CreditLimit.None, null);
        if (string.Equals(typed, "none", StringComparison.OrdinalIgnoreCase))
            return true;
        // An amount is never zero, a limit may be: nothing at all.
        limit = CreditLimit.Zero;
        if (typed is ['0', ..] && typed.All(c => c is '0' or '.') && typed.Count(c => c == '.') <= 1)
            return true;
        if (!AmountText.TryParse(typed, asset, out var amount, out problem))
            return false;
        limit = CreditLimit.FromUnits(amount.Units);
        return true;
    }
}
