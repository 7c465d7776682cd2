using Tallystick.Node.Api;

namespace Tallystick.Node.Web.Live;

/// <summary>
/// Tells the open pages of a node's owner that something changed: behind the ledger, never before it.
/// </summary>
internal sealed class NodeChanges : IAsyncDisposable
{
    /// <summary>The topic of every page that shows this node's own books.</summary>
    public const string Topic = "node";

    private readonly CancellationTokenSource stopping = new();
    private readonly NodeParts node;
    private readonly LiveHub hub;
    private readonly Task watching;

    public NodeChanges(NodeParts node, LiveHub hub)
    {
        (this.node, this.hub) = (node, hub);
        node.Door.Presence.Changed = Tell;
        watching = WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        node.Door.Presence.Changed = null;
        await stopping.CancelAsync();
        await watching;
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var _ in node.Ledger.EventsAsync(stopping.Token))
                Tell();
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private void Tell() => hub.Changed(Topic);
}
