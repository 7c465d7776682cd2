using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tallystick.Client;
using Tallystick.Node.Api;
using Tallystick.Node.Rooms;
using Tallystick.Node.Web.Access;
using Tallystick.Node.Web.Activities;
using Tallystick.Node.Web.Inviting;
using Tallystick.Node.Web.Live;
using Tallystick.Node.Web.Nodes;
using Tallystick.Node.Web.Overview;
using Tallystick.Node.Web.Parts;
using Tallystick.Node.Web.Payments;
using Tallystick.Node.Web.RoomPages;
using Tallystick.Node.Web.Settling;
using Tallystick.Node.Web.Standings;

namespace Tallystick.Node.Web;

/// <summary>What all pages of a node share: who may see them, how they are rendered and how they stay live.</summary>
internal sealed class WebSite : IAsyncDisposable
{
    // Forms have a handful of short fields, and no files. Whoever has not signed in may send some, too.
    private const long MaxFormBytes = 64 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly FormOptions Forms = new()
    {
        ValueCountLimit = 32,
        KeyLengthLimit = 64,
        ValueLengthLimit = 4_096,
    };

    private readonly PageRenderer renderer;
    private readonly CancellationTokenSource stopping = new();
    private readonly NodeChanges changes;
    private readonly RoomHouse? house;
    private readonly RoomRoutes? rooms;

    public WebSite(NodeParts node, AccessCheck api, WebKeys keys, ILoggerFactory logs)
    {
        (Node, Keys) = (node, keys);
        Origin = new WebOrigin(node.Options.PublicUrl);
        Gate = new WebGate(node, api, keys, Origin);
        renderer = new PageRenderer(logs);
        Live = new LiveHub(logs.CreateLogger<LiveHub>(), stopping.Token);
        changes = new NodeChanges(node, Live);
        Overview = new OverviewReader(node);
        if (!node.Options.Rooms)
            return;
        house = new RoomHouse(Path.Combine(node.DataFolder, "rooms"), node.Options.Assets[0], node.Time, logs);
        rooms = new RoomRoutes(this, house);
    }

    public NodeParts Node { get; }

    public WebKeys Keys { get; }

    public WebOrigin Origin { get; }

    public WebGate Gate { get; }

    public LiveHub Live { get; }

    public OverviewReader Overview { get; }

    /// <summary>Answers with a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="model">What the page shows.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="livePath">Where the page hears of changes, or null.</param>
    public Task SendAsync<[DynamicallyAccessedMembers(PageRenderer.Kept)] TPage, TModel>(
        HttpContext http, TModel model, int status = 200, string? livePath = null)
        where TPage : WholePage<TModel> =>
        renderer.SendAsync<TPage, TModel>(http, Gate.Visit(http) with { LivePath = livePath }, model, status);

    /// <summary>Keeps an open page of the owner up to date.</summary>
    public Task ServeLiveAsync<[DynamicallyAccessedMembers(PageRenderer.Kept)] TPart, TModel>(
        HttpContext http, Func<TModel> read)
        where TPart : Part<TModel> =>
        ServeLiveAsync<TPart, TModel>(
            http, NodeChanges.Topic, http.Request.Path + http.Request.QueryString, read);

    /// <summary>Keeps an open page of a topic up to date, with one rendering for each audience.</summary>
    public Task ServeLiveAsync<[DynamicallyAccessedMembers(PageRenderer.Kept)] TPart, TModel>(
        HttpContext http, string topic, string audience, Func<TModel> read)
        where TPart : Part<TModel> =>
        Live.ServeAsync(http, topic, audience, () => renderer.RenderAsync<TPart, TModel>(read()));

    /// <summary>Says what stood in the way: as a page to a browser, as JSON to a program.</summary>
    public Task SendProblemAsync(HttpContext http, Problem problem) =>
        WebGate.WantsPage(http.Request) && !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            ? SendAsync<ProblemPage, Problem>(http, problem, problem.Status)
            : Reply.SendAsync(http, problem);

    /// <summary>Adds every page to the server's paths.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        Look.Map(routes);
        WelcomePages.Map(routes, this);
        SignInPages.Map(routes, this);
        OverviewPages.Map(routes, this);
        PaymentPages.Map(routes, this);
        PeerPages.Map(routes, this);
        InvitePages.Map(routes, this);
        SettlePages.Map(routes, this);
        ActivityPages.Map(routes, this);
        NodePages.Map(routes, this);
        rooms?.Map(routes);
    }

    /// <summary>The fields of a form that this server made for this browser; null after it has been refused.</summary>
    public async ValueTask<IFormCollection?> ReadFormAsync(HttpContext http)
    {
        try
        {
            if (http.Request.ContentType?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) == true)
            {
                http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MaxFormBytes;
                http.Features.Set<IFormFeature>(new FormFeature(http.Request, Forms));
                var form = await http.Request.ReadFormAsync(http.RequestAborted);
                if (Gate.IsOwnForm(http.Request, form["form"]))
                    return form;
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException)
        {
            // Not a form, or not all of one: the same answer.
        }
        await SendProblemAsync(http, new Problem(
            "Not from this page", 400, "Nothing was done: open the page again, and send it from there.", "bad-form"));
        return null;
    }

    /// <summary>Ends the open pages' sockets, so that the server can stop.</summary>
    public Task StopAsync() => stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await changes.DisposeAsync();
        if (house is not null)
            await house.DisposeAsync();
        renderer.Dispose();
        stopping.Dispose();
    }
}
