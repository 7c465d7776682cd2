namespace Tallystick.Core.Tests.Links;

/// <summary>Two ends that choose for themselves must come to use the same link, whatever the order of events.</summary>
public sealed class BothDialTests
{
    [Fact]
    public void When_both_dial_at_once_both_agree_after_every_order_of_events()
    {
        var (orders, linked) = (0, 0);
        Explore(TwoEnds.Start().Dial(0).Dial(1), quiet =>
        {
            orders++;
            Assert.True(quiet.Agrees());
            if (quiet.Ends[0].Current is not null)
                linked++;
            else
                OneMoreDialLinks(quiet);
        });
        Assert.True(orders > 1_000 && linked > 0, $"{linked} of {orders} orders end linked without another dial.");
    }

    /// <summary>Where each end took another link, both are given up; whoever dials first then is enough.</summary>
    private static void OneMoreDialLinks(TwoEnds quiet)
    {
        for (var dialler = 0; dialler < 2; dialler++)
        {
            Explore(quiet.Dial(dialler), again =>
            {
                Assert.True(again.Agrees());
                Assert.NotNull(again.Ends[0].Current);
            });
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void When_one_dials_the_link_is_used_by_both(int dialler)
    {
        Explore(TwoEnds.Start().Dial(dialler), quiet =>
        {
            Assert.True(quiet.Agrees());
            Assert.NotNull(quiet.Ends[0].Current);
        });
    }

    [Fact]
    public void Whatever_is_dialled_and_cut_in_between_both_end_on_one_link()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var ends = TwoEnds.Start();
            for (var step = 0; step < 60; step++)
            {
                var events = ends.Events().ToList();
                var choice = random.Next(events.Count + 3);
                ends = choice < events.Count ? events[choice]()
                    : choice < events.Count + 2 ? ends.Dial(choice - events.Count)
                    : ends.WireCount > 0 && random.Next(4) == 0 ? ends.Cut(random.Next(ends.WireCount))
                    : ends;
            }
            ends = Settle(ends, random);
            Assert.True(ends.Agrees() && ends.Ends[0].Current is not null, $"Seed {seed} ends without a common link.");
        }
    }

    /// <summary>No more cuts: deliver everything, and dial again, not in step, while there is no link.</summary>
    private static TwoEnds Settle(TwoEnds ends, Random random)
    {
        for (var round = 0; round < 50; round++)
        {
            while (ends.Events().ToList() is { Count: > 0 } events)
                ends = events[random.Next(events.Count)]();
            if (ends.Ends[0].Current is not null && ends.Ends[1].Current is not null)
                return ends;
            ends = random.Next(3) switch
            {
                0 => ends.Dial(0),
                1 => ends.Dial(1),
                _ => ends.Dial(0).Dial(1),
            };
        }
        return ends;
    }

    private static void Explore(TwoEnds ends, Action<TwoEnds> whenQuiet)
    {
        if (ends.IsQuiet)
        {
            whenQuiet(ends);
            return;
        }
        foreach (var next in ends.Events())
            Explore(next(), whenQuiet);
    }
}
