using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Node.Api;
using Tallystick.Node.Settlements;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Web.Settling;

/// <summary><c>/settle</c>: open and past settlements, one of them, and everything that can be said of it.</summary>
internal static class SettlePages
{
    private const string Path = "/settle";
    private const int MostShown = 20;

    public static void Map(IEndpointRouteBuilder routes, WebSite site)
    {
        var (book, desk) = (new SettlementBook(site.Node), new SettlementDesk(site.Node));
        routes.MapGet(Path, http => SendAsync(http, site, typed: null));
        routes.MapGet("/live" + Path, http =>
        {
            var query = http.Request.Query;
            return site.ServeLiveAsync<SettleLists, SettleModel>(http, () => Read(query, site));
        });
        routes.MapPost(Path, async http =>
        {
            if (await site.ReadFormAsync(http) is { } form)
                await ProposeAsync(http, site, desk, form);
        });
        routes.MapGet(Path + "/{id}", http => SendOneAsync(http, site, book, typed: null));
        routes.MapGet("/live" + Path + "/{id}", http =>
        {
            var id = Id(http);
            return book.Find(id).Value is { } known
                ? site.ServeLiveAsync<SettlementRegions, SettlementDetail>(
                    http, () => book.Detail(book.Find(id).Value ?? known))
                : site.SendProblemAsync(http, Problems.NoSuchPath);
        });
        routes.MapGet(Path + "/{id}/file", http =>
            SettlementDownload.SendAsync(http, site, site.Node, Id(http), bothKeysHere: false));
        routes.MapPost(Path + "/{id}", async http =>
        {
            if (await site.ReadFormAsync(http) is { } form)
                await AnswerAsync(http, site, book, desk, form);
        });
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static SettleModel Read(IQueryCollection query, WebSite site)
    {
        var book = new SettlementBook(site.Node);
        var open = book.List(peer: null, onlyOpen: true, StoredPlace.End, MostShown).Settlements;
        var before = TryReadCursor(query["before"].ToString(), out var place) ? place : StoredPlace.End;
        var all = book.List(peer: null, onlyOpen: false, before, MostShown);
        return new SettleModel(open, [.. all.Settlements.Where(IsOver)], all.Before);
    }

    private static bool IsOver(SettlementInfo settlement) => settlement.Actions.Count == 0
        && settlement.State is not (SettlementStates.Queued or SettlementStates.Agreed or SettlementStates.Proposed);

    private static Task SendAsync(HttpContext http, WebSite site, SettleFormModel? typed, int status = 200)
    {
        var node = site.Node;
        var form = (typed ?? new SettleFormModel(NewId(node)) { Peer = http.Request.Query["peer"] }) with
        {
            Peers = [.. node.Book.Peers.Select(peer => peer.Name)],
            Assets = [.. node.Options.Assets.Select(asset => asset.Code)],
        };
        return site.SendAsync<SettlePage, SettleView>(
            http,
            new SettleView(Read(http.Request.Query, site), form),
            status,
            "/live" + Path + http.Request.QueryString);
    }

    private static Task SendOneAsync(
        HttpContext http, WebSite site, SettlementBook book, ChangeFormModel? typed, int status = 200)
    {
        var found = book.Find(Id(http));
        if (found.Value is not { } known)
            return site.SendProblemAsync(http, found.Problem!);
        var detail = book.Detail(known);
        var form = typed ?? new ChangeFormModel(NewId(site.Node))
        {
            Amount = detail.Settlement.Amount,
            Method = detail.Settlement.Method,
            Reference = detail.Settlement.Reference,
        };
        return site.SendAsync<SettlementPage, SettlementView>(
            http, new SettlementView(detail, form), status, $"/live{Path}/{detail.Settlement.Key}");
    }

    private static async Task ProposeAsync(HttpContext http, WebSite site, SettlementDesk desk, IFormCollection form)
    {
        var isAsk = form["payer"] == SettlementMethods.Ask;
        var request = new SettleRequest(
            form["amount"].ToString(),
            form["peer"],
            isAsk ? SettlementPayers.Me : form["payer"],
            isAsk ? SettlementMethods.Ask : form["method"],
            form["reference"],
            form["asset"],
            form["requestId"]);
        var answer = await desk.ProposeAsync(request, http.RequestAborted);
        if (answer.Value is { } done)
        {
            http.Response.Redirect(done.Settlement.Key is { } key ? $"{Path}/{key}" : Path);
            return;
        }
        var typed = new SettleFormModel(form["requestId"].ToString())
        {
            Peer = form["peer"],
            Payer = form["payer"],
            Asset = form["asset"],
            Amount = form["amount"],
            Method = form["method"],
            Reference = form["reference"],
            Problem = answer.Problem!.Detail,
        };
        await SendAsync(http, site, typed, answer.Problem.Status);
    }

    private static async Task AnswerAsync(
        HttpContext http, WebSite site, SettlementBook book, SettlementDesk desk, IFormCollection form)
    {
        var answer = await SettlementForms.CarryOutAsync(desk, Id(http), form, http.RequestAborted);
        if (answer.Value is { } done)
        {
            http.Response.Redirect($"{Path}/{done.Settlement.Key ?? Id(http)}");
            return;
        }
        // What was typed stays, and the next try is a new wish: it is about what the page shows now.
        var typed = new ChangeFormModel(NewId(site.Node))
        {
            Amount = form["amount"],
            Method = form["method"],
            Reference = form["reference"],
            Reason = form["reason"],
            Problem = answer.Problem!.Detail,
            HasTwin = answer.Problem.Refusal == "has-twin",
        };
        await SendOneAsync(http, site, book, typed, answer.Problem.Status);
    }

    private static string NewId(NodeParts node) => Guid.CreateVersion7(node.Time.GetUtcNow()).ToString();

    private static bool TryReadCursor(string text, out StoredPlace place)
    {
        place = default;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0
            || !long.TryParse(text[..point], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !int.TryParse(text[(point + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
        {
            return false;
        }
        place = new StoredPlace(sequence, line);
        return true;
    }
}
