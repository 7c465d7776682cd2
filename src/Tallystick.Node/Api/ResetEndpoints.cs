using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Api;

/// <summary>
/// <c>GET /api/peers/{name}/reset</c> says what a reset would do, <c>POST</c> says yes to exactly that.
/// </summary>
internal static class ResetEndpoints
{
    // A reset that the other has signed already is done in one round trip.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder routes, NodeParts node)
    {
        routes.MapGet("/api/peers/{name}/reset", http =>
        {
            var found = Find(node, NameIn(http), http.Request.Query["asset"], out var peer);
            var answer = found.Value is { } tab ? Show(node, tab, peer) : found.Problem!;
            return Reply.SendAsync(http, answer, ContractJson.Default.ResetPreview);
        }).Does("what a reset of the frozen tab would do", takes: null, typeof(ResetPreview), "asset");
        routes.MapPost("/api/peers/{name}/reset", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.ResetRequest);
            var answer = body.Value is { } request
                ? await ConfirmAsync(node, NameIn(http), request, http.RequestAborted)
                : body.Problem!;
            await Reply.SendAsync(http, answer, ContractJson.Default.ResetResult);
        }).Does("says yes to the reset that was shown", typeof(ResetRequest), typeof(ResetResult));
    }

    private static string NameIn(HttpContext http) => (string)http.Request.RouteValues["name"]!;

    private static Answer<TabView> Find(NodeParts node, string name, string? asset, out string peer)
    {
        var choice = Choice.Peer(node, name);
        peer = choice.Value?.Name ?? name;
        return choice.Value is { } found ? Choice.Tab(node, found, asset) : choice.Problem!;
    }

    private static Answer<ResetPreview> Show(NodeParts node, TabView tab, string peer)
    {
        if (!ResetProposal.TryMake(tab.State, out var proposal, out var refusal))
            return Refused(node, tab, peer, refusal);
        var (asset, view) = (tab.Terms.Asset, proposal.View);
        return new ResetPreview(
            peer,
            asset.Code,
            proposal.Reset.Hash.ToString(),
            proposal.Reset.Reset.Era,
            AmountText.Format(view.DebtOf(tab.Me.Other()), asset),
            TabFigures.LimitText(view.Of(tab.Me).Limit, asset),
            TabFigures.LimitText(view.Of(tab.Me.Other()).Limit, asset),
            view.Holds.Values.Count(hold => hold.Status == HoldStatus.Open),
            proposal.VoidPages.Length,
            [.. proposal.VoidIntents.SelectMany(intent => intent.Lines, (intent, line) =>
            {
                var (kind, amount, text) = LineText.Of(line, asset);
                return new VoidEntry(PaymentText.ShortId(intent.RequestId), kind, amount, text);
            })],
            proposal.EndedSettlements,
            proposal.SignedByMe,
            proposal.SignedByPeer);
    }

    private static async Task<Answer<ResetResult>> ConfirmAsync(
        NodeParts node, string name, ResetRequest request, CancellationToken cancel)
    {
        var found = Find(node, name, request.Asset, out var peer);
        if (found.Value is not { } tab)
            return found.Problem!;
        if (!TryReadHash(request.Hash, out var shown))
            return Problems.BadInput("bad-hash", "A reset is named by the 64 hexadecimal digits that were shown.");
        var era = tab.State.Era.Number;
        if (await node.Ledger.ConfirmResetAsync(tab.Terms.Id, shown, cancel) is { } refusal)
            return Refused(node, tab, peer, refusal);
        // The peer may have signed it already, or in this moment.
        var wait = tab.State.Session?.Offer?.Content.Hash == shown ? Patience : TimeSpan.Zero;
        var done = await node.Ledger.WaitForResetAsync(tab.Terms.Id, era, wait, cancel);
        var now = node.TabOf(tab.Terms.Id) ?? tab;
        return new ResetResult(
            peer,
            tab.Terms.Asset.Code,
            done ? ResetStates.Done : ResetStates.Asked,
            (int)era + 1,
            AmountText.Format(now.Balance, tab.Terms.Asset));
    }

    private static Problem Refused(NodeParts node, TabView tab, string peer, Refusal refusal)
    {
        if (refusal.Why == Rejections.NotFrozen)
            return Problems.Refused(refusal.Why.Name, $"The tab with {peer} is not frozen: there is nothing to reset.");
        if (refusal.Why != Rejections.NotReady)
            return Problems.Refused(refusal);
        return Problems.Refused(refusal.Why.Name, node.Door.Presence.IsOnline(tab.PeerKey)
            ? $"{peer} is not ready yet: a reset needs both books to be level. Try again in a moment."
            : $"{peer} is off: a reset needs both of you connected.");
    }

    private static bool TryReadHash(string? text, out Hash hash)
    {
        hash = default;
        if (text is not { Length: 2 * Hash.Size } || !text.All(char.IsAsciiHexDigit))
            return false;
        hash = new Hash(Convert.FromHexString(text));
        return true;
    }
}
