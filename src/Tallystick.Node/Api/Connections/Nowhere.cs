using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Tallystick.Node.Api.Connections;

/// <summary>An address to which nobody connects, for an endpoint that others hand their connections to.</summary>
internal sealed class Nowhere : EndPoint
{
    public override string ToString() => "nowhere";

    /// <summary>Listens there.</summary>
    public sealed class Transport : IConnectionListenerFactory, IConnectionListenerFactorySelector
    {
        public bool CanBind(EndPoint endpoint) => endpoint is Nowhere;

        public ValueTask<IConnectionListener> BindAsync(
            EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Listener(endpoint));
    }

    private sealed class Listener(EndPoint endPoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> end =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            new(end.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            end.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
