using Tallystick.Core.Links;

namespace Tallystick.Core.Tests.Links;

public sealed class DueTimesTests
{
    private readonly DueTimes<string> times = new();

    [Fact]
    public void Whoever_is_due_first_is_next()
    {
        times.Set("late", 30);
        times.Set("early", 10);
        Assert.Equal(10, times.NextMs);
        Assert.False(times.TryFind(9, out _));
        Assert.True(times.TryFind(10, out var who));
        Assert.Equal("early", who);
    }

    [Fact]
    public void A_new_time_replaces_the_one_before_and_never_is_no_time()
    {
        times.Set("one", 10);
        times.Set("other", 20);
        times.Set("one", 30);
        Assert.Equal(20, times.NextMs);
        times.Set("other", null);
        Assert.Equal(30, times.NextMs);
        times.Set("one", null);
        Assert.Null(times.NextMs);
    }

    [Fact]
    public void All_who_are_due_are_found_once_and_stay_due()
    {
        times.Set("a", 5);
        times.Set("a", 7);
        times.Set("a", 5);
        times.Set("b", 6);
        times.Set("c", 8);
        Assert.Equal(["a", "b"], times.At(7));
        Assert.Equal(["a", "b"], times.At(7));
        Assert.Equal(5, times.NextMs);
    }

    [Fact]
    public void Any_sequence_of_changes_gives_what_a_look_at_everybody_gives()
    {
        var random = new Random(1);
        var numbers = new DueTimes<int>();
        var expected = new Dictionary<int, long>();
        for (var step = 0; step < 5_000; step++)
        {
            var who = random.Next(40);
            if (random.Next(4) == 0)
            {
                numbers.Set(who, null);
                expected.Remove(who);
            }
            else
            {
                numbers.Set(who, expected[who] = random.Next(50));
            }
            var now = random.Next(50);
            Assert.Equal(expected.Count == 0 ? null : expected.Values.Min(), numbers.NextMs);
            Assert.Equal(
                expected.Where(each => each.Value <= now).Select(each => each.Key).Order(),
                numbers.At(now).Order());
        }
    }
}
