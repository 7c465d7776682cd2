using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Settlements;
using Tallystick.Node.Settlements;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary><c>/api/settlements</c>: proposing, listing, showing, and every answer.</summary>
internal static class SettlementEndpoints
{
    private const int DefaultMost = 20;
    private const int LargestMost = 200;

    public static void Map(IEndpointRouteBuilder routes, NodeParts node)
    {
        var (book, desk) = (new SettlementBook(node), new SettlementDesk(node));
        routes.MapGet("/api/settlements", http =>
            Reply.SendAsync(http, List(node, book, http.Request.Query), ContractJson.Default.SettlementList))
            .Does(
                "settlements and asks, newest first", null, typeof(SettlementList), "peer", "open", "most", "before");
        routes.MapGet("/api/settlements/{id}", http =>
        {
            var found = book.Find(Id(http));
            Answer<SettlementDetail> answer = found.Value is { } known ? book.Detail(known) : found.Problem!;
            return Reply.SendAsync(http, answer, ContractJson.Default.SettlementDetail);
        }).Does("a settlement with all that was said of it", takes: null, typeof(SettlementDetail));
        routes.MapGet("/api/settlements/{id}/file", http =>
        {
            var found = book.Find(Id(http));
            var file = found.Value is { } known ? SettlementSaving.Save(node, known) : found.Problem!;
            return Reply.SendFileAsync(http, file);
        }).Does("the file that proves it to anybody", takes: null, gives: null);
        routes.MapPost("/api/settlements", Handle(
            ContractJson.Default.SettleRequest,
            (http, request) => desk.ProposeAsync(request, http.RequestAborted)))
            .Does("proposes that an amount was paid, or asks for one", typeof(SettleRequest), typeof(SettlementResult));
        routes.MapPost("/api/settlements/{id}/modify", Handle(
            ContractJson.Default.ModifyRequest,
            (http, request) => desk.ModifyAsync(Id(http), request, http.RequestAborted)))
            .Does("makes a new revision of an own one", typeof(ModifyRequest), typeof(SettlementResult));
        routes.MapPost("/api/settlements/{id}/withdraw", Handle(
            ContractJson.Default.WithdrawRequest,
            (http, request) => desk.WithdrawAsync(Id(http), request, http.RequestAborted)))
            .Does("takes an own one back", typeof(WithdrawRequest), typeof(SettlementResult));
        MapAnswer(SettlementActions.Accept, SettlementMove.Accept, "accepts the revision that was seen");
        MapAnswer(SettlementActions.Dispute, SettlementMove.Dispute, "disputes the revision that was seen");
        MapAnswer(SettlementActions.Received, SettlementMove.Received, "says that the money of an own one came");

        void MapAnswer(string name, SettlementMove move, string summary) =>
            routes.MapPost($"/api/settlements/{{id}}/{name}", Handle(
                ContractJson.Default.AnswerRequest,
                (http, request) => desk.AnswerAsync(Id(http), move, request, http.RequestAborted)))
                .Does(summary, typeof(AnswerRequest), typeof(SettlementResult));
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static RequestDelegate Handle<T>(
        JsonTypeInfo<T> type, Func<HttpContext, T, Task<Answer<SettlementResult>>> carryOut)
        where T : class => async http =>
        {
            var body = await Reply.ReadAsync(http, type);
            var answer = body.Value is { } request ? await carryOut(http, request) : body.Problem!;
            await Reply.SendAsync(http, answer, ContractJson.Default.SettlementResult);
        };

    private static Answer<SettlementList> List(NodeParts node, SettlementBook book, IQueryCollection query)
    {
        var choice = Choice.PeerOrAll(node, query["peer"]);
        if (choice.Problem is { } problem)
            return problem;
        var most = DefaultMost;
        if (query["most"].ToString() is { Length: > 0 } typed
            && (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out most)
                || most is < 1 or > LargestMost))
        {
            return Problems.BadInput("bad-most", $"most is 1 to {LargestMost}.");
        }
        var before = StoredPlace.End;
        if (query["before"].ToString() is { Length: > 0 } cursor && !TryReadCursor(cursor, out before))
            return Problems.BadInput("bad-cursor", "before is what an earlier answer gave.");
        return book.List(choice.Value, query["open"] == "true", before, most);
    }

    private static bool TryReadCursor(string text, out StoredPlace place)
    {
        place = default;
        var parts = text.Split('.');
        if (parts.Length != 2
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
        {
            return false;
        }
        place = new StoredPlace(sequence, line);
        return true;
    }
}
