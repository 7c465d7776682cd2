using Tallystick.Core.Identity;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class IdSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_holds_what_a_set_holds_in_whatever_order_the_ids_come(int seed)
    {
        var random = new Random(seed);
        var (ids, plain) = (new IdSet(), new HashSet<RequestId>());
        for (var i = 1; i < 5_000; i++)
        {
            // Mostly in order, often a little late, and some a second time.
            var id = new RequestId((UInt128)(i - (random.Next(3) == 0 ? random.Next(i) : 0)));
            Assert.Equal(plain.Add(id), ids.Add(id));
            Assert.Equal(plain.Count, ids.Count);
            Assert.Equal(plain.Max(), ids.Highest);
            var any = new RequestId((UInt128)random.Next(i + 10));
            Assert.Equal(plain.Contains(any), ids.Contains(any));
        }
        Assert.Equal(plain.Order(), ids.Ids.Order());
    }

    [Fact]
    public void Nothing_is_left_after_it_was_cleared()
    {
        var ids = new IdSet();
        foreach (var number in (ReadOnlySpan<int>)[2, 3, 1])
            ids.Add(new RequestId((UInt128)number));

        ids.Clear();

        Assert.Equal(0, ids.Count);
        Assert.Equal(default, ids.Highest);
        Assert.All([1, 2, 3], number => Assert.True(ids.Add(new RequestId((UInt128)number))));
    }
}
