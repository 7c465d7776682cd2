using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Node.Invites;
using Tallystick.Node.Links;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary><c>/api/invites</c>: making invitations, watching them and taking them back.</summary>
internal static class InviteEndpoints
{
    // More would make the code that a camera reads too fine.
    private const int AddressesOnLink = 4;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder routes, NodeParts node)
    {
        routes.MapPost("/api/invites", async http =>
        {
            var body = await Reply.ReadAsync(http, ContractJson.Default.InviteRequest);
            var answer = body.Value is { } request ? Make(node, request) : body.Problem!;
            await Reply.SendAsync(http, answer, ContractJson.Default.NewInvitation);
        }).Does("makes an invitation, good for one person, once", typeof(InviteRequest), typeof(NewInvitation));
        routes.MapGet("/api/invites", http =>
            Reply.SendAsync<Invitations>(http, All(node), ContractJson.Default.Invitations))
            .Does("the invitations, newest first", takes: null, typeof(Invitations));
        routes.MapGet("/api/invites/{id}", async http =>
            await Reply.SendAsync(http, await WatchAsync(
                node, IdOf(http), http.Request.Query["waitMs"], http.RequestAborted), ContractJson.Default.Invitation))
            .Does("how an invitation stands, with waitMs once it is open no more", takes: null, typeof(Invitation),
                "waitMs");
        routes.MapDelete("/api/invites/{id}", http =>
            Reply.SendAsync(http, Revoke(node, IdOf(http)), ContractJson.Default.Invitation))
            .Does("takes an invitation back", takes: null, typeof(Invitation));
    }

    internal static Invitations All(NodeParts node) =>
        new([.. node.Invites.Book.All.Reverse().Select(invite => Describe(node, invite))]);

    internal static Answer<NewInvitation> Make(NodeParts node, InviteRequest request)
    {
        if (AssetOf(node, request.Asset) is not { } asset)
        {
            return Problems.Unknown(
                "unknown-asset", $"This node does not count that; it counts {string.Join(", ", node.Options.Assets)}.");
        }
        var limit = CreditLimit.None;
        if (!string.IsNullOrWhiteSpace(request.Limit)
            && !LimitEndpoints.TryReadLimit(request.Limit, asset, out limit, out var problem))
            return Problems.BadInput("bad-amount", problem);
        if (!TryReadTime(request.Expires, out var validFor))
        {
            return Problems.BadInput(
                "bad-time", "An invitation is good for 1 minute to 30 days: write 30m, 12h or 1d.");
        }
        if (node.Options.Offline)
            return Problems.Refused("not-listening", "This node is offline: start it without --offline to invite.");
        ImmutableArray<string> addresses =
            [.. node.Door.OwnAddresses().Take(AddressesOnLink)];
        if (addresses.IsEmpty)
        {
            return Problems.Refused(
                "not-listening",
                "This node listens for no peers, so nobody could come: start it with --listen PORT or --relay HOST.");
        }
        var (link, invite, refusal) = node.Invites.Own.Make(node.Options.Name, asset, limit, validFor, addresses);
        return refusal is null
            ? new NewInvitation(
                link.ToString(), addresses, OwnAddresses.AreLocal(addresses), Describe(node, invite))
            : Problems.Of(refusal);
    }

    internal static Answer<Invitation> Revoke(NodeParts node, string id) =>
        node.Invites.Book.Find(id) is { } invite ? Describe(node, node.Invites.Book.Revoke(invite)) : Unknown;

    private static Problem Unknown =>
        Problems.Unknown("unknown-invite", "There is no such invitation: invites shows the id of each.");

    private static async Task<Answer<Invitation>> WatchAsync(
        NodeParts node, string id, string? waitMs, CancellationToken cancel)
    {
        var wait = 0;
        if (waitMs is { Length: > 0 } typed
            && (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out wait)
                || wait > LongestWait.TotalMilliseconds))
            return Problems.BadInput("bad-wait", $"waitMs is 0 to {LongestWait.TotalMilliseconds}.");
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(wait), node.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        while (true)
        {
            var changed = node.Invites.Book.Changed;
            if (node.Invites.Book.Find(id) is not { } invite)
                return Unknown;
            if (wait == 0 || !node.Invites.Book.IsOpen(invite) || patience.IsCancellationRequested)
                return Describe(node, invite);
            try
            {
                await changed.WaitAsync(Left(node, invite), node.Time, either.Token);
            }
            catch (Exception e) when (e is TimeoutException || patience.IsCancellationRequested)
            {
                // Its time is over, or that of whoever waits: the next look tells.
            }
        }
    }

    private static TimeSpan Left(NodeParts node, StoredInvite invite)
    {
        var left = DateTimeOffset.FromUnixTimeMilliseconds(invite.ExpiresMs) - node.Time.GetUtcNow();
        return TimeSpan.FromMilliseconds(Math.Clamp(left.TotalMilliseconds, 1, LongestWait.TotalMilliseconds));
    }

    private static Invitation Describe(NodeParts node, StoredInvite invite) => new(
        InviteBook.IdOf(invite),
        invite.State switch
        {
            InviteState.Used => InviteStates.Used,
            InviteState.Revoked => InviteStates.Revoked,
            _ => node.Invites.Book.IsOpen(invite) ? InviteStates.Open : InviteStates.Expired,
        },
        TabFigures.LimitText(invite.Limit, invite.Asset),
        invite.Asset.Code,
        DateTimeOffset.FromUnixTimeMilliseconds(invite.CreatedMs),
        DateTimeOffset.FromUnixTimeMilliseconds(invite.ExpiresMs),
        invite.UsedBy is { } key ? node.Book.Find(key)?.Name ?? Fingerprint.Of(key).ToString() : null,
        invite.UsedBy is { } other ? PairPhrase.Of(node.Identity.Key, other) : null);

    private static Asset? AssetOf(NodeParts node, string? text) => string.IsNullOrWhiteSpace(text)
        ? node.Options.Assets[0]
        : node.Options.Assets.FirstOrDefault(asset =>
            text.Trim().Equals(asset.Code, StringComparison.OrdinalIgnoreCase)
            || text.Trim().Equals(asset.ToString(), StringComparison.OrdinalIgnoreCase));

    private static bool TryReadTime([NotNullWhen(true)] string? text, out TimeSpan time)
    {
        time = TimeSpan.FromDays(1);
        if (string.IsNullOrWhiteSpace(text))
            return true;
        var typed = text.Trim();
        if (!int.TryParse(typed[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > Longest.TotalMinutes)
            return false;
        time = char.ToLowerInvariant(typed[^1]) switch
        {
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => TimeSpan.Zero,
        };
        return time >= Shortest && time <= Longest;
    }

    private static string IdOf(HttpContext http) => (string)http.Request.RouteValues["id"]!;
}
