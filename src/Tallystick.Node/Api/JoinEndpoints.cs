using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Node.Invites;
using Tallystick.Node.Peers;

namespace Tallystick.Node.Api;

/// <summary><c>POST /api/join</c>: takes somebody's invitation.</summary>
internal static class JoinEndpoints
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder routes, NodeParts node) =>
        routes.MapPost("/api/join", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.JoinRequest);
            var answer = body.Value is { } request
                ? await JoinAsync(node, request, http.RequestAborted)
                : body.Problem!;
            await Reply.SendAsync(http, answer, ContractJson.Default.JoinResult);
        }).Does("takes somebody's invitation", typeof(JoinRequest), typeof(JoinResult));

    internal static async Task<Answer<JoinResult>> JoinAsync(
        NodeParts node, JoinRequest request, CancellationToken cancel)
    {
        if (request.WaitMs < 0 || request.WaitMs > LongestWait.TotalMilliseconds)
            return Problems.BadInput("bad-wait", $"waitMs is 0 to {LongestWait.TotalMilliseconds}.");
        if (!InviteLink.TryParse(request.Link, out var link, out var problem))
            return Problems.BadInput("bad-invite", problem);
        var name = string.IsNullOrWhiteSpace(request.Name) ? null : request.Name;
        var (answer, outcome, isUsed) = await node.Invites.Taken.JoinAsync(link, name);
        if (answer.Refusal is { } refusal)
            return Problems.Of(refusal);
        if (!isUsed)
            return Describe(node, link, JoinStates.Joined, NotUsed(answer.Peer!.Name));
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(request.WaitMs), node.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            if (await outcome.WaitAsync(either.Token) is { } reason)
                return Problems.Refused(reason, JoinDesk.Sentence(reason));
            return Describe(node, link, JoinStates.Joined, reason: null);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return Describe(node, link, JoinStates.Waiting, WhyItWaits(node, link));
        }
    }

    private static JoinResult Describe(NodeParts node, InviteLink link, string state, string? reason) => new(
        node.Book.Find(link.Inviter)?.Name ?? link.Name,
        state,
        Fingerprint.Of(link.Inviter).ToString(),
        PairPhrase.Of(node.Identity.Key, link.Inviter),
        TabFigures.LimitText(InviteLimit.Of(node.Ledger, link.Inviter, link.Asset), link.Asset),
        link.Asset.Code,
        reason);

    private static string NotUsed(string peer) =>
        $"You and {peer} are linked already: the invitation was not used, and no limit was changed. "
        + $"To change yours: limit {peer} AMOUNT";

    private static string WhyItWaits(NodeParts node, InviteLink link)
    {
        var peer = node.Book.Find(link.Inviter);
        if (DateTimeOffset.FromUnixTimeSeconds(link.ExpiresSeconds) < node.Time.GetUtcNow())
            return "It has not been reached, and by this computer's clock the invitation has expired.";
        return node.Door.Presence.TroubleOf(link.Inviter, peer?.DialAddress())
            ?? "It has not been reached yet.";
    }
}
