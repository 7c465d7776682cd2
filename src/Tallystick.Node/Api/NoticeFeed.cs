using System.Collections.Immutable;
using System.Threading.Channels;
using Tallystick.Client;

namespace Tallystick.Node.Api;

/// <summary>Tells every listener what happens. A slow listener loses the oldest notices and holds up nobody.</summary>
internal sealed class NoticeFeed
{
    /// <summary>Notices kept for one listener: more than a person reads, less than anybody's memory.</summary>
    public const int KeptForOne = 256;

    private ImmutableList<Channel<Notice>> listeners = [];

    /// <summary>Tells it to everybody who listens now.</summary>
    public void Publish(Notice notice)
    {
        foreach (var listener in listeners)
            listener.Writer.TryWrite(notice);
    }

    /// <summary>Begins to listen, until the subscription is disposed.</summary>
    public Subscription Listen()
    {
        var channel = Channel.CreateBounded<Notice>(
            new BoundedChannelOptions(KeptForOne) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableInterlocked.Update(ref listeners, list => list.Add(channel));
        return new Subscription(this, channel);
    }

    /// <summary>One listener's notices.</summary>
    internal sealed class Subscription(NoticeFeed feed, Channel<Notice> channel) : IDisposable
    {
        public ChannelReader<Notice> Notices => channel.Reader;

        public void Dispose() => ImmutableInterlocked.Update(ref feed.listeners, list => list.Remove(channel));
    }
}
