using System.Collections.Immutable;
using System.Threading.Channels;
using Tallystick.Client;

namespace Tallystick.Node.Api;

/// <summary>
/// Tells every listener what happens. A slow listener loses the oldest notices and holds up nobody; the first one hears
/// what happened while nobody listened, because a node is linked sooner than its shell is there. Notices are numbered,
/// and the newest are kept, so that a listener who comes back can go on where it was.
/// </summary>
internal sealed class NoticeFeed(TimeProvider time)
{
    /// <summary>Notices kept for one listener: more than a person reads, less than anybody's memory.</summary>
    public const int KeptForOne = 256;

    /// <summary>Notices kept for listeners who come back.</summary>
    public const int KeptForAll = 4_096;

    private readonly Lock gate = new();
    private readonly Queue<Notice> kept = new();

    // Runs begin further apart than they have notices, so a number of one run is never given in the next.
    private long next = time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
    private ImmutableList<Channel<Notice>> listeners = [];
    private Channel<Notice>? unheard = NewChannel();

    /// <summary>Tells it to everybody who listens now, or to the first who will.</summary>
    public void Publish(Notice notice)
    {
        lock (gate)
        {
            notice = notice with { Sequence = next++ };
            if (kept.Count == KeptForAll)
                kept.Dequeue();
            kept.Enqueue(notice);
            unheard?.Writer.TryWrite(notice);
            foreach (var listener in listeners)
                listener.Writer.TryWrite(notice);
        }
    }

    /// <summary>Begins to listen, until the subscription is disposed.</summary>
    /// <param name="after">The newest number that the listener knows, or null to begin now.</param>
    public Subscription Listen(long? after = null)
    {
        lock (gate)
        {
            var channel = after is null ? unheard ?? NewChannel() : NewChannel();
            unheard = null;
            listeners = listeners.Add(channel);
            return new Subscription(this, channel, after is { } known ? Since(known) : []);
        }
    }

    private ImmutableArray<Notice> Since(long known)
    {
        var first = kept.TryPeek(out var oldest) ? oldest.Sequence : next;
        if (known == next - 1)
            return [];
        if (known >= first - 1 && known < next)
            return [.. kept.Where(notice => notice.Sequence > known)];
        var missed = new Notice(NoticeKinds.Missed, string.Empty, null, null, null, null, Sequence: first - 1);
        return [missed, .. kept];
    }

    private static Channel<Notice> NewChannel() => Channel.CreateBounded<Notice>(
        new BoundedChannelOptions(KeptForOne) { FullMode = BoundedChannelFullMode.DropOldest });

    private void Leave(Channel<Notice> channel)
    {
        lock (gate)
            listeners = listeners.Remove(channel);
    }

    /// <summary>One listener's notices.</summary>
    internal sealed class Subscription(NoticeFeed feed, Channel<Notice> channel, ImmutableArray<Notice> earlier)
        : IDisposable
    {
        /// <summary>What came before it began to listen and it did not know; heard first.</summary>
        public ImmutableArray<Notice> Earlier => earlier;

        public ChannelReader<Notice> Notices => channel.Reader;

        public void Dispose() => feed.Leave(channel);
    }
}
