using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tallystick.Node.Links;

namespace Tallystick.Node.Api.Connections;

/// <summary>
/// The connections to the API's TCP port that have not shown the token. Any program of any user of this machine, and
/// any web page in a browser on it, can open them, so that they must not take the places of those who have.
/// </summary>
internal sealed class Crowd
{
    /// <summary>Few of what the API takes in all; when full, the oldest goes.</summary>
    public const int Most = 128;

    private static readonly object Place = new();
    private readonly UnprovenConnections connections = new(Most, Most);

    public void Watch(ListenOptions listen) => listen.Use(next => connection => WatchAsync(connection, next));

    /// <summary>The connection of this request has shown the token, and keeps its place from now on.</summary>
    public static void Leave(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Place, out var slot) == true)
            ((IDisposable)slot!).Dispose();
    }

    private async Task WatchAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        // Not disposed: it has no timer, and may be cancelled late by whoever needs the place.
#pragma warning disable CA2000
        var stop = new CancellationTokenSource();
#pragma warning restore CA2000
        using var slot = connections.Enter(IPAddress.Loopback, stop);
        await using var registration = stop.Token.Register(
            () => connection.Abort(new ConnectionAbortedException("Others want to come in.")));
        connection.Items[Place] = slot;
        await next(connection);
    }
}
