using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Node.Api;
using Tallystick.Node.Api.Connections;
using Tallystick.Node.Links;
using Tallystick.Node.Rooms;
using Tallystick.Node.Settlements;
using Tallystick.Node.Storage;
using Tallystick.Node.Web.Settling;

namespace Tallystick.Node.Web.RoomPages;

/// <summary>
/// <c>/rooms</c>: making, joining and leaving rooms, and everything that is said in them. Whoever has taken a role
/// shows it by a cookie that belongs to the role's path, so that one browser can be both parties in two tabs.
/// </summary>
internal sealed class RoomRoutes(WebSite site, RoomHouse house)
{
    private const string RoleCookie = "tallystick-role";
    private const double RoomsPerSecond = 0.1;
    private const double RoomsAtOnce = 20;
    private const double MissesPerSecond = 0.5;
    private const double MissesAtOnce = 30;

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private readonly CallerAllowance creations = new(RoomsPerSecond, RoomsAtOnce, site.Node.Time);
    private readonly CallerAllowance misses = new(MissesPerSecond, MissesAtOnce, site.Node.Time);

    public void Map(IEndpointRouteBuilder routes)
    {
        house.Changed = id => site.Live.Changed(Topic(id));
        routes.MapGet("/rooms", http => HomeAsync(http));
        routes.MapPost("/rooms", CreateAsync);
        routes.MapGet("/rooms/join", JoinAsync);
        routes.MapGet("/rooms/{id}", http => InRoomAsync(http, room => DoorAsync(http, room)));
        routes.MapGet("/rooms/{id}/live", http => InRoomAsync(http, room =>
        {
            var address = AddressOf(http, room);
            return site.ServeLiveAsync<RoomDoorRegions, RoomModel>(
                http, Topic(room.Id), "watch", () => Read(room, role: null, address));
        }));
        routes.MapPost("/rooms/{id}/choose", http => InRoomAsync(http, room => ChooseAsync(http, room)));
        foreach (var role in (RoomRole[])[RoomRole.A, RoomRole.B])
        {
            var path = $"/rooms/{{id}}/{Word(role)}";
            routes.MapGet(path, http => AsPartyAsync(http, role, room => PartyAsync(http, room, role, typed: null)));
            routes.MapGet(path + "/live", http => AsPartyAsync(http, role, room =>
            {
                var address = AddressOf(http, room);
                return site.ServeLiveAsync<RoomRegions, RoomModel>(
                    http, Topic(room.Id), Word(role), () => Read(room, role, address));
            }));
            routes.MapGet(path + "/file", http => AsPartyAsync(http, role, room => SettlementDownload.SendAsync(
                http, site, room.Party(role).Node, KeyOf(room, role), bothKeysHere: true)));
            routes.MapPost(path, http => AsPartyAsync(http, role, room => SayAsync(http, room, role)));
            routes.MapPost(path + "/leave", http => AsPartyAsync(http, role, room => LeaveAsync(http, room, role)));
        }
    }

    private static string Topic(RoomId id) => "room/" + id;

    private static string Word(RoomRole role) => role == RoomRole.A ? "a" : "b";

    private static string PathOf(Room room, RoomRole role) => $"/rooms/{room.Id}/{Word(role)}";

    private static Problem Unknown { get; } = Problems.Unknown(
        "unknown-room", "There is no such room, or both have left it, or too many are open: look at the link again.");

    private Task HomeAsync(HttpContext http, string? problem = null, int status = 200) =>
        site.SendAsync<RoomHomePage, RoomHomeModel>(http, new RoomHomeModel(problem), status);

    private async Task CreateAsync(HttpContext http)
    {
        if (await site.ReadFormAsync(http) is null)
            return;
        if (!creations.TryTake(site.Origin.Caller(http)))
            await HomeAsync(http, "You have made many rooms at once. Wait a moment, then try again.", 429);
        else if (house.Create() is { } id)
            http.Response.Redirect("/rooms/" + id);
        else
            await HomeAsync(http, "There is no place for more rooms on this server.", 503);
    }

    private Task JoinAsync(HttpContext http)
    {
        if (!RoomId.TryParse(http.Request.Query["room"], out var id))
            return HomeAsync(http, "That is no room: an id has 16 letters and digits, such as in its link.", 400);
        http.Response.Redirect("/rooms/" + id);
        return Task.CompletedTask;
    }

    private async Task InRoomAsync(HttpContext http, Func<Room, Task> answer)
    {
        var caller = site.Origin.Caller(http);
        if (!misses.IsOpen(caller))
        {
            await HomeAsync(http, "Too many tries. Wait a moment, then try again.", 429);
            return;
        }
        using var visit = RoomId.TryParse((string)http.Request.RouteValues["id"]!, out var id)
            ? await house.EnterAsync(id)
            : null;
        if (visit is { Room: { Record.IsClosed: false } room })
        {
            await answer(room);
            return;
        }
        misses.TryTake(caller);
        await site.SendProblemAsync(http, Unknown);
    }

    private Task AsPartyAsync(HttpContext http, RoomRole role, Func<Room, Task> answer) =>
        InRoomAsync(http, room =>
        {
            if (!room.IsHeldBy(role, http.Request.Cookies[RoleCookie]) || room.Record.HasLeft(role))
            {
                http.Response.Redirect("/rooms/" + room.Id);
                return Task.CompletedTask;
            }
            Crowd.Leave(http);
            return answer(room);
        });

    private Task DoorAsync(HttpContext http, Room room, int status = 200) => site.SendAsync<RoomDoorPage, RoomModel>(
        http, Read(room, role: null, AddressOf(http, room)), status, $"/rooms/{room.Id}/live");

    private Task PartyAsync(HttpContext http, Room room, RoomRole role, RoomFormModel? typed, int status = 200)
    {
        var model = Read(room, role, AddressOf(http, room));
        var form = typed ?? new RoomFormModel(Guid.CreateVersion7(site.Node.Time.GetUtcNow()).ToString())
        {
            Amount = model.Detail?.Settlement.Amount,
            Payer = model is { Detail: not null, AIsPaying: false } ? SettlementPayers.Peer : SettlementPayers.Me,
            Method = model.Detail?.Settlement.Method,
            Reference = model.Detail?.Settlement.Reference,
        };
        return site.SendAsync<RoomPage, RoomView>(
            http, new RoomView(model, form), status, PathOf(room, role) + "/live");
    }

    private static RoomModel Read(Room room, RoomRole? role, string address)
    {
        var party = room.Party(role ?? RoomRole.A).Node;
        var book = new SettlementBook(party);
        var newest = book.List(peer: null, onlyOpen: false, StoredPlace.End, most: 1).Settlements;
        var key = newest.Count == 0 ? null : newest[0].Key;
        var record = room.Record;
        return new RoomModel(
            room.Id.ToString(),
            address,
            party.Options.Assets[0].Code,
            role?.ToString(),
            record.HolderOfA is not null,
            record.HolderOfB is not null,
            record.LeftA,
            record.LeftB,
            key is not null && book.Find(key).Value is { } known ? book.Detail(known) : null);
    }

    private async Task ChooseAsync(HttpContext http, Room room)
    {
        if (await site.ReadFormAsync(http) is not { } form)
            return;
        var role = form["role"] == "B" ? RoomRole.B : RoomRole.A;
        if (room.Take(role) is not { } secret)
        {
            await DoorAsync(http, room, status: 409);
            return;
        }
        http.Response.Cookies.Append(RoleCookie, secret, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = KeptFor,
            Path = PathOf(room, role),
            SameSite = SameSiteMode.Strict,
            Secure = site.Origin.IsSecure,
        });
        site.Live.Changed(Topic(room.Id));
        http.Response.Redirect(PathOf(room, role));
    }

    private async Task SayAsync(HttpContext http, Room room, RoomRole role)
    {
        if (await site.ReadFormAsync(http) is not { } form)
            return;
        var desk = new SettlementDesk(room.Party(role).Node);
        var answer = form["do"] == "submit" && role == RoomRole.A
            ? await SubmitAsync(desk, room, form, http.RequestAborted)
            : await SettlementForms.CarryOutAsync(desk, KeyOf(room, role), form, http.RequestAborted);
        if (answer.Value is not null)
        {
            http.Response.Redirect(PathOf(room, role));
            return;
        }
        var typed = new RoomFormModel(Guid.CreateVersion7(site.Node.Time.GetUtcNow()).ToString())
        {
            Amount = form["amount"],
            Payer = form["payer"],
            Method = form["method"],
            Reference = form["reference"],
            Reason = form["reason"],
            Problem = answer.Problem!.Detail,
        };
        await PartyAsync(http, room, role, typed, answer.Problem.Status);
    }

    // A page that was left open may still offer it; the same one again means what it meant the first time.
    private static async Task<Answer<SettlementResult>> SubmitAsync(
        SettlementDesk desk, Room room, IFormCollection form, CancellationToken cancel)
    {
        var now = Read(room, RoomRole.A, string.Empty);
        var isAgain = now.Detail is { } known && RequestId.TryParse(form["requestId"].ToString(), out var id)
            && SettlementName.Split(known.Settlement.Id).Name == SettlementName.Of(id);
        return now.Step == RoomStep.Submit || isAgain
            ? await desk.ProposeAsync(Request(form), cancel)
            : Problems.Refused("already-said", "An amount was submitted here already: this is how it stands.");
    }

    private static SettleRequest Request(IFormCollection form) => new(
        form["amount"].ToString(),
        Payer: form["payer"],
        Method: form["method"],
        Reference: form["reference"],
        RequestId: form["requestId"]);

    private static string KeyOf(Room room, RoomRole role) =>
        Read(room, role, string.Empty).Detail?.Settlement.Key ?? string.Empty;

    private string AddressOf(HttpContext http, Room room) => $"{site.Origin.Own(http.Request)}/rooms/{room.Id}";

    private async Task LeaveAsync(HttpContext http, Room room, RoomRole role)
    {
        if (await site.ReadFormAsync(http) is null)
            return;
        room.Leave(role);
        http.Response.Cookies.Delete(RoleCookie, new CookieOptions { Path = PathOf(room, role) });
        site.Live.Changed(Topic(room.Id));
        http.Response.Redirect("/rooms");
    }
}
