using Tallystick.Core.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Peers;

/// <summary>
/// Writes down where peers say that they are. That costs a transaction, so a peer that says something new too often is
/// written down later, with its newest word; the others do not notice it. Thread-safe.
/// </summary>
internal sealed class ToldMoves : IDisposable
{
    /// <summary>What a peer may say anew at once; then one in ten seconds.</summary>
    public const int AtOnce = 8;

    private const double PerSecond = 0.1;

    private readonly Lock gate = new();
    private readonly PeerBook book;
    private readonly TimeProvider time;
    private readonly Dictionary<PublicKey, RateAllowance> allowances = [];
    private readonly Dictionary<PublicKey, string> waiting = [];
    private readonly ITimer timer;
    private bool isStopped;

    public ToldMoves(PeerBook book, TimeProvider time)
    {
        (this.book, this.time) = (book, time);
        timer = time.CreateTimer(_ => WriteWaiting(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called after something was written down.</summary>
    public Action Noted { get; set; } = () => { };

    /// <summary>A peer says where it is: addresses separated by spaces, or null for nowhere.</summary>
    public void Hear(PublicKey peer, string? addresses)
    {
        bool isNoted;
        lock (gate)
            isNoted = Note(peer, addresses);
        if (isNoted)
            Noted();
    }

    public void Dispose()
    {
        // Whoever writes holds the gate, so nothing is written after this.
        lock (gate)
            isStopped = true;
        timer.Dispose();
    }

    private void WriteWaiting()
    {
        var isNoted = false;
        lock (gate)
        {
            foreach (var (peer, addresses) in waiting.ToArray())
                isNoted |= Note(peer, addresses);
        }
        if (isNoted)
            Noted();
    }

    private bool Note(PublicKey peer, string? addresses)
    {
        waiting.Remove(peer);
        if (isStopped || addresses is null || book.Find(peer) is not { } known || known.Told == addresses)
            return false;
        var nowMs = Clock.NowMs(time);
        if (!allowances.TryGetValue(peer, out var allowance))
            allowances[peer] = allowance = new RateAllowance(PerSecond, AtOnce, nowMs);
        if (allowance.TryTake(nowMs))
            return book.Told(peer, addresses);
        waiting[peer] = addresses;
        timer.Change(allowance.Wait(nowMs), Timeout.InfiniteTimeSpan);
        return false;
    }
}
