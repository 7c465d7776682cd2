using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// The wishes that were asked and whose outcome is not durable yet, by request id. Thread-safe.
/// </summary>
/// <remarks>
/// One lock and a plain table: a table for many threads makes an object for each wish, and is locked anew for each wish
/// of a page.
/// </remarks>
internal sealed class PendingWishes
{
    private readonly Lock gate = new();
    private readonly Dictionary<RequestId, IPendingWish> byId = [];

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyList<IPendingWish> All
    {
        get
        {
            lock (gate)
                return [.. byId.Values];
        }
    }

    /// <summary>Adds a wish; false if there is one with its id.</summary>
    public bool TryAdd(IPendingWish wish)
    {
        lock (gate)
            return byId.TryAdd(wish.Intent.RequestId, wish);
    }

    /// <summary>The wish with this one's id, which is this one if there was none.</summary>
    public IPendingWish FindOrAdd(IPendingWish wish)
    {
        lock (gate)
            return byId.TryAdd(wish.Intent.RequestId, wish) ? wish : byId[wish.Intent.RequestId];
    }

    public bool TryFind(RequestId id, [NotNullWhen(true)] out IPendingWish? wish)
    {
        lock (gate)
            return byId.TryGetValue(id, out wish);
    }

    /// <summary>Removes this very wish, and no other under its id.</summary>
    public void Remove(IPendingWish wish)
    {
        lock (gate)
        {
            if (byId.TryGetValue(wish.Intent.RequestId, out var found) && ReferenceEquals(found, wish))
                byId.Remove(wish.Intent.RequestId);
        }
    }

    public bool TryTake(RequestId id, [NotNullWhen(true)] out IPendingWish? wish)
    {
        lock (gate)
            return byId.Remove(id, out wish);
    }

    /// <summary>Removes what is done, and puts each wish beside its intent; none where nobody waits.</summary>
    public void Take(List<(DoneIntent Intent, IPendingWish? Wish)> done)
    {
        lock (gate)
        {
            for (var i = 0; i < done.Count; i++)
                done[i] = done[i] with { Wish = byId.Remove(done[i].Intent.RequestId, out var wish) ? wish : null };
        }
    }
}
