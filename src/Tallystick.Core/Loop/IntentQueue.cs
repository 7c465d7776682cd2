using System.Collections;
using System.Collections.Immutable;

namespace Tallystick.Core.Loop;

/// <summary>
/// Intents in the order in which they were asked. What was asked together is kept together, so that a burst costs one
/// object and not one for each intent.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class IntentQueue : IEnumerable<Intent>
{
    private readonly ImmutableQueue<ImmutableArray<Intent>> groups;

    // How many of the first group have been taken.
    private readonly int taken;

    private IntentQueue(ImmutableQueue<ImmutableArray<Intent>> groups, int taken, int count) =>
        (this.groups, this.taken, Count) = (groups, taken, count);

    /// <summary>The queue without intents.</summary>
    public static IntentQueue Empty { get; } = new(ImmutableQueue<ImmutableArray<Intent>>.Empty, 0, 0);

    /// <summary>How many intents are in it.</summary>
    public int Count { get; }

    /// <summary>The queue with these intents behind all others.</summary>
    public IntentQueue Enqueue(ImmutableArray<Intent> intents) =>
        intents.IsEmpty ? this : new IntentQueue(groups.Enqueue(intents), taken, Count + intents.Length);

    /// <summary>The queue with this intent behind all others.</summary>
    public IntentQueue Enqueue(Intent intent) => Enqueue([intent]);

    /// <summary>The oldest intent.</summary>
    /// <exception cref="InvalidOperationException">The queue is empty.</exception>
    public Intent Peek() => groups.PeekRef()[taken];

    /// <summary>The queue without its oldest <paramref name="count"/> intents.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has fewer.</exception>
    public IntentQueue Skip(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        if (count == 0)
            return this;
        if (count == Count)
            return Empty;
        var (rest, left) = (groups, taken + count);
        while (left >= rest.PeekRef().Length)
        {
            left -= rest.PeekRef().Length;
            rest = rest.Dequeue();
        }
        return new IntentQueue(rest, left, Count - count);
    }

    /// <inheritdoc/>
    public IEnumerator<Intent> GetEnumerator()
    {
        var first = taken;
        foreach (var group in groups)
        {
            for (var i = first; i < group.Length; i++)
                yield return group[i];
            first = 0;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
