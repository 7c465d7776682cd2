using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;

namespace Tallystick.Core.Tests.Loop;

public sealed class IntentQueueTests
{
    [Fact]
    public void An_empty_queue_gives_nothing()
    {
        Assert.Empty(IntentQueue.Empty);
        Assert.Equal(0, IntentQueue.Empty.Count);
        Assert.Same(IntentQueue.Empty, IntentQueue.Empty.Skip(0));
        Assert.Same(IntentQueue.Empty, IntentQueue.Empty.Enqueue(ImmutableArray<Intent>.Empty));
        Assert.Throws<InvalidOperationException>(() => IntentQueue.Empty.Peek());
        Assert.Throws<ArgumentOutOfRangeException>(() => IntentQueue.Empty.Skip(1));
    }

    [Fact]
    public void Whatever_is_put_in_and_taken_out_the_order_is_that_of_a_plain_list()
    {
        var random = new Random(4);
        for (var round = 0; round < 200; round++)
        {
            var (queue, plain, next) = (IntentQueue.Empty, new List<Intent>(), 1);
            for (var i = 0; i < 40; i++)
            {
                if (random.Next(3) > 0)
                {
                    ImmutableArray<Intent> group = [.. Enumerable.Range(next, random.Next(5)).Select(Wish)];
                    next += group.Length;
                    (queue, plain) = (queue.Enqueue(group), [.. plain, .. group]);
                }
                else
                {
                    var taken = random.Next(plain.Count + 1);
                    (queue, plain) = (queue.Skip(taken), plain[taken..]);
                }
                Assert.Equal(plain, queue);
                Assert.Equal(plain.Count, queue.Count);
                if (plain.Count > 0)
                    Assert.Same(plain[0], queue.Peek());
                Assert.Throws<ArgumentOutOfRangeException>(() => queue.Skip(plain.Count + 1));
            }
        }
    }

    [Fact]
    public void A_queue_stays_as_it_was_when_others_are_made_of_it()
    {
        var queue = IntentQueue.Empty.Enqueue([Wish(1), Wish(2)]).Enqueue(Wish(3));
        var rest = queue.Skip(2).Enqueue(Wish(4));
        Assert.Equal([1, 2, 3], Numbers(queue));
        Assert.Equal([3, 4], Numbers(rest));
        Assert.Same(queue, queue.Skip(0));
        Assert.Same(IntentQueue.Empty, queue.Skip(3));
    }

    private static Intent Wish(int number) => new(new RequestId((UInt128)(uint)number), [], 0, null);

    private static IEnumerable<int> Numbers(IntentQueue queue) => queue.Select(intent => (int)intent.RequestId.Value);
}
