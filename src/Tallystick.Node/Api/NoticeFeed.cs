using System.Collections.Immutable;
using System.Threading.Channels;
using Tallystick.Client;

namespace Tallystick.Node.Api;

/// <summary>
/// Tells every listener what happens. A slow listener loses the oldest notices and holds up nobody; the first one hears
/// what happened while nobody listened, because a node is linked sooner than its shell is there.
/// </summary>
internal sealed class NoticeFeed
{
    /// <summary>Notices kept for one listener: more than a person reads, less than anybody's memory.</summary>
    public const int KeptForOne = 256;

    private readonly Lock gate = new();
    private ImmutableList<Channel<Notice>> listeners = [];
    private Channel<Notice>? unheard = NewChannel();

    /// <summary>Tells it to everybody who listens now, or to the first who will.</summary>
    public void Publish(Notice notice)
    {
        lock (gate)
        {
            unheard?.Writer.TryWrite(notice);
            foreach (var listener in listeners)
                listener.Writer.TryWrite(notice);
        }
    }

    /// <summary>Begins to listen, until the subscription is disposed.</summary>
    public Subscription Listen()
    {
        lock (gate)
        {
            var channel = unheard ?? NewChannel();
            unheard = null;
            listeners = listeners.Add(channel);
            return new Subscription(this, channel);
        }
    }

    private static Channel<Notice> NewChannel() => Channel.CreateBounded<Notice>(
        new BoundedChannelOptions(KeptForOne) { FullMode = BoundedChannelFullMode.DropOldest });

    private void Leave(Channel<Notice> channel)
    {
        lock (gate)
            listeners = listeners.Remove(channel);
    }

    /// <summary>One listener's notices.</summary>
    internal sealed class Subscription(NoticeFeed feed, Channel<Notice> channel) : IDisposable
    {
        public ChannelReader<Notice> Notices => channel.Reader;

        public void Dispose() => feed.Leave(channel);
    }
}
