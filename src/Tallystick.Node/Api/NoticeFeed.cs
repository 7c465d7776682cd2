using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Api;

/// <summary>
/// Tells every listener what happens. A slow listener loses the oldest notices and holds up nobody; the first one hears
/// what happened while nobody listened, because a node is linked sooner than its shell is there. Notices are numbered,
/// and the newest are kept, so that a listener who comes back can go on where it was.
/// </summary>
/// <remarks>A payment is put into words for whoever reads it, and not at all where nobody does.</remarks>
internal sealed class NoticeFeed(TimeProvider time)
{
    /// <summary>Notices kept for one listener: more than a person reads, less than anybody's memory.</summary>
    public const int KeptForOne = 256;

    /// <summary>Notices kept for listeners who come back.</summary>
    public const int KeptForAll = 4_096;

    private readonly Lock gate = new();
    private readonly Queue<Kept> kept = new();

    // Runs begin further apart than they have notices, so a number of one run is never given in the next.
    private long next = time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
    private ImmutableList<Channel<Kept>> listeners = [];
    private Channel<Kept>? unheard = NewChannel();

    /// <summary>Tells it to everybody who listens now, or to the first who will.</summary>
    public void Publish(Notice notice) => Publish(Kept.Of(notice));

    /// <summary>The same of a payment that a peer has made.</summary>
    public void PublishPaid(PayLine line, string peer, Asset asset) => Publish(Kept.Of(line, peer, asset));

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

    private ImmutableArray<Kept> Since(long known)
    {
        var first = kept.TryPeek(out var oldest) ? oldest.Sequence : next;
        if (known == next - 1)
            return [];
        if (known >= first - 1 && known < next)
            return [.. kept.Where(one => one.Sequence > known)];
        var missed = Kept.Of(new Notice(NoticeKinds.Missed, string.Empty, null, null, null, null));
        return [missed with { Sequence = first - 1 }, .. kept];
    }

    private void Publish(Kept one)
    {
        lock (gate)
        {
            one = one with { Sequence = next++ };
            if (kept.Count == KeptForAll)
                kept.Dequeue();
            kept.Enqueue(one);
            unheard?.Writer.TryWrite(one);
            foreach (var listener in listeners)
                listener.Writer.TryWrite(one);
        }
    }

    private static Channel<Kept> NewChannel() => Channel.CreateBounded<Kept>(
        new BoundedChannelOptions(KeptForOne) { FullMode = BoundedChannelFullMode.DropOldest });

    private void Leave(Channel<Kept> channel)
    {
        lock (gate)
            listeners = listeners.Remove(channel);
    }

    /// <summary>One listener's notices.</summary>
    internal sealed class Subscription : IDisposable
    {
        private readonly NoticeFeed feed;
        private readonly Channel<Kept> channel;
        private ImmutableArray<Kept> earlier;

        internal Subscription(NoticeFeed feed, Channel<Kept> channel, ImmutableArray<Kept> earlier) =>
            (this.feed, this.channel, this.earlier) = (feed, channel, earlier);

        /// <summary>
        /// What came before it began to listen and it did not know, then what comes, until it is cancelled.
        /// </summary>
        public async IAsyncEnumerable<Notice> ReadAllAsync([EnumeratorCancellation] CancellationToken ct)
        {
            foreach (var one in earlier)
                yield return one.InWords;
            earlier = [];
            await foreach (var one in channel.Reader.ReadAllAsync(ct))
                yield return one.InWords;
        }

        public void Dispose() => feed.Leave(channel);
    }

    /// <summary>A notice as it is kept: what was said, or the payment that is put into words when it is read.</summary>
    internal readonly record struct Kept
    {
        private readonly Notice? said;
        private readonly (PayLine Line, string Peer, Asset Asset) paid;

        private Kept(Notice? said, (PayLine Line, string Peer, Asset Asset) paid) =>
            (this.said, this.paid) = (said, paid);

        public long Sequence { get; init; }

        public Notice InWords => said is null
            ? new Notice(
                NoticeKinds.Paid,
                paid.Peer,
                AmountText.Format(paid.Line.Amount.Units, paid.Asset),
                paid.Asset.Code,
                paid.Line.Memo.Length == 0 ? null : paid.Line.Memo,
                PaymentText.ShortId(paid.Line.RequestId),
                Sequence: Sequence)
            : said with { Sequence = Sequence };

        public static Kept Of(Notice said) => new(said, default);

        public static Kept Of(PayLine line, string peer, Asset asset) => new(said: null, (line, peer, asset));
    }
}
