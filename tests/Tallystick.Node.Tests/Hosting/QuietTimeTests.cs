using Tallystick.Node.Hosting;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Hosting;

public sealed class QuietTimeTests
{
    private static readonly TimeSpan Busy = QuietTime.Look * QuietTime.BusyLoad;
    private readonly ManualTime time = new();
    private TimeSpan used;
    private int rests;

    [Fact]
    public void A_node_rests_once_when_it_has_started()
    {
        using var quiet = Begin();

        Pass(TimeSpan.Zero);
        Pass(TimeSpan.Zero);

        Assert.Equal(1, rests);
    }

    [Fact]
    public void A_busy_node_does_not_rest()
    {
        using var quiet = Begin();

        for (var look = 0; look < 10; look++)
            Pass(Busy);

        Assert.Equal(0, rests);
    }

    [Fact]
    public void A_node_rests_again_only_after_it_was_busy_again()
    {
        using var quiet = Begin();
        Pass(TimeSpan.Zero);

        Pass(Busy / 2);
        Assert.Equal(1, rests);
        Pass(Busy);
        Assert.Equal(1, rests);
        Pass(Busy / 2);

        Assert.Equal(2, rests);
    }

    [Fact]
    public void What_a_rest_takes_itself_is_no_work()
    {
        using var quiet = Begin(costOfRest: Busy * 2);

        Pass(TimeSpan.Zero);
        Pass(TimeSpan.Zero);
        Pass(TimeSpan.Zero);

        Assert.Equal(1, rests);
    }

    [Fact]
    public void A_late_look_counts_the_time_that_has_passed()
    {
        using var quiet = Begin();

        // A computer that was suspended.
        used += Busy;
        time.Advance(QuietTime.Look * 2);

        Assert.Equal(1, rests);
    }

    [Fact]
    public void A_node_that_was_stopped_looks_no_more()
    {
        var quiet = Begin();
        quiet.Dispose();

        Pass(TimeSpan.Zero);

        Assert.Equal(0, rests);
        Assert.Equal(0, time.TimerCount);
    }

    private QuietTime Begin(TimeSpan costOfRest = default) => new(
        () => used,
        () =>
        {
            rests++;
            used += costOfRest;
        },
        time);

    private void Pass(TimeSpan work)
    {
        used += work;
        time.Advance(QuietTime.Look);
    }
}
