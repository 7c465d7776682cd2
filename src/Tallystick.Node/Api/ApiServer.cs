using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tallystick.Node.Api.Connections;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;
using Tallystick.Node.Web;
using Tallystick.Node.Web.Access;

namespace Tallystick.Node.Api;

/// <summary>
/// The local API: HTTP on a Unix domain socket and, unless it is off, on a TCP port, where the pages are, too.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    // Far more than a person's shells and pages, and enough for a server of rooms.
    private const long MaxConnections = 4_096;
    private const int MaxCallsOnConnection = 100;
    private static readonly TimeSpan TimeToAsk = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(1);

    private readonly WebApplication app;
    private readonly WebSite site;
    private readonly CancellationTokenSource stopping = new();

    private ApiServer(WebApplication app, WebSite site) => (this.app, this.site) = (app, site);

    /// <summary>Makes all of the server that needs no node. Nothing is listened to before it is started.</summary>
    /// <param name="local">A bound Unix domain socket, so that no port can be lost on the way.</param>
    /// <param name="web">A bound TCP socket, or null.</param>
    /// <param name="logs">Where it logs.</param>
    public static WebApplication Build(Socket local, Socket? web, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        // Signals belong to the program, not to its API.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeToFinish);
        builder.Services.Configure<SocketTransportOptions>(transport =>
            transport.CreateBoundListenSocket = endPoint => endPoint is UnixDomainSocketEndPoint ? local : web!);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Reply.MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeToAsk;
            kestrel.Limits.Http2.MaxStreamsPerConnection = MaxCallsOnConnection;
            var preface = new Http2Preface(TimeToAsk);
            // First, so that it is there when the others are connected to.
            kestrel.Listen(new Nowhere(), preface.ServeBy);
            kestrel.ListenUnixSocket(((UnixDomainSocketEndPoint)local.LocalEndPoint!).ToString()!, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                preface.Watch(listen);
            });
            if (web is not null)
                kestrel.Listen((IPEndPoint)web.LocalEndPoint!, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    new Crowd().Watch(listen);
                    preface.Watch(listen);
                });
        });
        // Only after the server's own, which it would not add beside another.
        builder.Services.AddSingleton<IConnectionListenerFactory, Nowhere.Transport>();
        return builder.Build();
    }

    /// <summary>Serves a node.</summary>
    /// <param name="app">What <see cref="Build"/> made; it is disposed with the server.</param>
    public static async Task<ApiServer> StartAsync(
        WebApplication app, NodeParts node, string token, ILoggerFactory logs, CancellationToken cancel)
    {
        var check = new AccessCheck(token);
        var server = new ApiServer(app, new WebSite(node, check, new WebKeys(token), logs));
        server.Map(node);
        try
        {
            await server.app.StartAsync(cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await site.StopAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        await site.DisposeAsync();
        stopping.Dispose();
    }

    private void Map(NodeParts node)
    {
        app.Use(next => http => GuardAsync(http, next));
        // The gate has to know a socket when it sees one.
        app.UseWebSockets();
        app.Use(next => http => site.Gate.InvokeAsync(http, next));
        app.UseRouting();
        NodeEndpoints.Map(app, node);
        PaymentEndpoints.Map(app, node);
        BalanceEndpoints.Map(app, node);
        HistoryEndpoints.Map(app, node);
        PeerEndpoints.Map(app, node);
        InviteEndpoints.Map(app, node);
        JoinEndpoints.Map(app, node);
        LimitEndpoints.Map(app, node);
        SettlementEndpoints.Map(app, node);
        ResetEndpoints.Map(app, node);
        VerifyEndpoints.Map(app, node);
        EventEndpoints.Map(app, node, stopping.Token);
        OpenApi.Map(app);
        site.Map(app);
        // Without a pattern of its own it would leave out what looks like a file.
        app.MapFallback("{*path}", http => site.SendProblemAsync(http, Problems.NoSuchPath));
    }

    /// <summary>The one place where what goes wrong becomes an answer.</summary>
    private async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        if (app.Logger.IsEnabled(LogLevel.Debug))
            app.Logger.LogDebug("{Method} {Path}", http.Request.Method, http.Request.Path);
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens to the answer any more.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            app.Logger.LogError(e, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            await site.SendProblemAsync(http, e switch
            {
                StoreFailedException => Problems.StoreFailed,
                NodeStoppingException or OperationCanceledException => Problems.Stopping,
                _ => Problems.Failed,
            });
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
