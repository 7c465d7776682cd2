using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tallystick.Node.Api;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Activities;

/// <summary><c>/activity</c>, the same as <c>/activity.csv</c>, and <c>/activity/entry</c>.</summary>
internal static class ActivityPages
{
    private const string Path = "/activity";
    private const string Csv = "/activity.csv";

    public static void Map(IEndpointRouteBuilder routes, WebSite site)
    {
        var timelines = new TimelineReader(site.Node);
        routes.MapGet(Path, http => SendAsync(http, site));
        routes.MapGet(Csv, http => CsvFile.SendAsync(
            http, new ActivityReader(site.Node), ActivityFilter.Read(http.Request.Query)));
        routes.MapGet("/live" + Path, http =>
        {
            var query = http.Request.Query;
            return site.ServeLiveAsync<EntryList, ActivityModel>(http, () => Read(query, site));
        });
        routes.MapGet("/activity/entry", http => timelines.Read(http.Request.Query) is { } timeline
            ? site.SendAsync<TimelinePage, Timeline>(http, timeline, livePath: "/live" + PathAndQuery(http))
            : site.SendProblemAsync(http, Problems.Unknown("unknown-entry", "There is no such entry in the history.")));
        routes.MapGet("/live/activity/entry", http =>
        {
            var query = http.Request.Query;
            return timelines.Read(query) is { } first
                ? site.ServeLiveAsync<TimelineSteps, Timeline>(http, () => timelines.Read(query) ?? first)
                : site.SendProblemAsync(http, Problems.NoSuchPath);
        });
    }

    private static Task SendAsync(HttpContext http, WebSite site)
    {
        var model = Read(http.Request.Query, site);
        // What is past stays as it is; and looking through all of it at every change would be too much.
        var isLive = model is { Newest: null, Filter.IsSelective: false };
        return site.SendAsync<ActivityPage, ActivityModel>(
            http, model, livePath: isLive ? "/live" + PathAndQuery(http) : null);
    }

    private static ActivityModel Read(IQueryCollection query, WebSite site)
    {
        var filter = ActivityFilter.Read(query);
        var isOlder = HistoryCursor.TryParse(query["before"].ToString(), out var before);
        var part = new ActivityReader(site.Node).Read(filter, isOlder ? before : null);
        var now = site.Node.Time.GetUtcNow();
        return new ActivityModel(
            filter,
            [.. site.Node.Book.Peers.Select(peer => peer.Name)],
            [.. part.Entries.Select(entry => EntryModel.Of(entry, now))],
            part.Next is { } next ? filter.Link(Path, next.ToString()) : null,
            isOlder ? filter.Link(Path) : null,
            part.LookedBackTo is { } time ? Moment.Text(time) : null);
    }

    private static string PathAndQuery(HttpContext http) => http.Request.Path + http.Request.QueryString;
}
