using System.Diagnostics.CodeAnalysis;

namespace Tallystick.Core.Links;

/// <summary>
/// When each of many has something due: the next one is found without a look at the others. Not thread-safe.
/// </summary>
/// <typeparam name="T">Who has something due.</typeparam>
public sealed class DueTimes<T>
    where T : notnull
{
    // Times that were changed since stay in the order until they come first, or until they outnumber the others.
    private const int FewOutdated = 64;

    private readonly Dictionary<T, long> dueMs = [];
    private readonly PriorityQueue<T, long> order = new();

    /// <summary>The earliest time in milliseconds, or null when nobody has anything due.</summary>
    public long? NextMs
    {
        get
        {
            DropOutdated();
            return order.TryPeek(out _, out var next) ? next : null;
        }
    }

    /// <summary>Says when somebody has something due, in place of what was said before; null is never.</summary>
    public void Set(T who, long? ms)
    {
        if (ms is not { } due)
        {
            dueMs.Remove(who);
            return;
        }
        if (dueMs.TryGetValue(who, out var before) && before == due)
            return;
        dueMs[who] = due;
        order.Enqueue(who, due);
        if (order.Count > 2 * dueMs.Count + FewOutdated)
        {
            order.Clear();
            order.EnqueueRange(dueMs.Select(each => (each.Key, each.Value)));
        }
    }

    /// <summary>Whose time came first, if any has come. It stays due until <see cref="Set"/> says else.</summary>
    public bool TryFind(long nowMs, [MaybeNullWhen(false)] out T who)
    {
        DropOutdated();
        return order.TryPeek(out who, out var next) && next <= nowMs;
    }

    /// <summary>All whose time has come, the earliest first. They stay due until <see cref="Set"/> says else.</summary>
    public IReadOnlyList<T> At(long nowMs)
    {
        var found = new List<(T Who, long Ms)>();
        while (TryFind(nowMs, out var who))
        {
            // The same time may stand in the order twice.
            if (dueMs.Remove(who, out var ms))
                found.Add((who, ms));
        }
        foreach (var (who, ms) in found)
            Set(who, ms);
        return found.ConvertAll(each => each.Who);
    }

    private void DropOutdated()
    {
        while (order.TryPeek(out var who, out var ms) && !(dueMs.TryGetValue(who, out var due) && due == ms))
            order.Dequeue();
    }
}
