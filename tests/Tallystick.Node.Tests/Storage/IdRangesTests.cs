using Tallystick.Core.Identity;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class IdRangesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void They_hold_all_that_was_added_whatever_the_order_and_however_much(int seed)
    {
        var random = new Random(seed);
        var (ranges, plain) = (new IdRanges(), new List<(RequestId First, RequestId Last)>());
        for (var i = 0; i < 300; i++)
        {
            var more = Enumerable.Range(0, random.Next(4))
                .Select(_ => random.Next(1_000_000))
                .Select(first => (Id(first), Id(first + random.Next(3) * random.Next(2_000))))
                .ToList();
            ranges.Add(more);
            plain.AddRange(more);
            Assert.All(plain, range => Assert.True(ranges.Contains(range.First) && ranges.Contains(range.Last)));
        }
    }

    [Fact]
    public void A_few_ranges_hold_nothing_else()
    {
        var ranges = new IdRanges();
        Assert.False(ranges.Contains(Id(0)));
        ranges.Add((Id(50), Id(60)), (Id(10), Id(10)));
        ranges.Add((Id(55), Id(70)), (Id(52), Id(53)));

        Assert.Equal(
            [10, .. Enumerable.Range(50, 21)], Enumerable.Range(0, 100).Where(number => ranges.Contains(Id(number))));
    }

    [Fact]
    public void Of_many_ids_those_become_one_range_that_lie_closest_together()
    {
        var ranges = new IdRanges();
        // 60 crowds far from one another.
        ranges.Add(Enumerable.Range(0, 6_000).Select(i => Id(i / 100 * 10_000 + i % 100 * 2)).Select(id => (id, id)));

        for (var crowd = 0; crowd < 60; crowd++)
        {
            Assert.True(ranges.Contains(Id(crowd * 10_000)));
            Assert.True(ranges.Contains(Id(crowd * 10_000 + 198)));
            Assert.False(ranges.Contains(Id(crowd * 10_000 + 199)));
            Assert.False(ranges.Contains(Id(crowd * 10_000 + 9_999)));
        }
    }

    private static RequestId Id(int number) => new((UInt128)number);
}
