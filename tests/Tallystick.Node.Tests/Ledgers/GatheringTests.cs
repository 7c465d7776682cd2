using Tallystick.Node.Hosting;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Ledgers;

public sealed class GatheringTests : IDisposable
{
    private readonly Alarm alarm = new();
    private readonly ManualTime time = new();
    private readonly Gathering gathering;
    private Task<bool> ring;

    public GatheringTests()
    {
        gathering = new Gathering(alarm, time);
        ring = alarm.WaitAsync().AsTask();
    }

    public void Dispose() => gathering.Dispose();

    [Fact]
    public async Task Whoever_asks_alone_never_waits()
    {
        gathering.Wrote(1);
        gathering.Stored();
        gathering.Add();

        await ring.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(gathering.IsWorthwhile(isDurable: true));
        Assert.False(gathering.IsWorthwhile(isDurable: false));
    }

    [Fact]
    public async Task The_loop_is_woken_when_as_many_have_come_as_stand_on_the_newest_page()
    {
        await WaitForCompanyOfAsync(3, isDurable: true);
        gathering.Add();
        Assert.False(ring.IsCompleted);

        gathering.Add();

        await ring.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(gathering.IsWorthwhile(isDurable: true));
    }

    [Fact]
    public async Task Nobody_waits_longer_than_a_moment_after_the_page_is_durable()
    {
        await WaitForCompanyOfAsync(3, isDurable: true);
        time.Advance(Gathering.Longest / 2);
        Assert.False(ring.IsCompleted);

        time.Advance(Gathering.Longest / 2);

        await ring.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(gathering.IsWorthwhile(isDurable: true));
    }

    [Fact]
    public async Task While_the_page_is_on_its_way_to_the_disk_no_time_is_set()
    {
        await WaitForCompanyOfAsync(3, isDurable: false);
        time.Advance(Gathering.Longest * 10);

        Assert.False(ring.IsCompleted);
        Assert.True(gathering.IsWorthwhile(isDurable: false));
        gathering.Stored();
        Assert.True(gathering.IsWorthwhile(isDurable: true));
        time.Advance(Gathering.Longest);
        await ring.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void As_many_as_make_a_page_worth_its_cost_never_wait()
    {
        gathering.Wrote(1_000);
        gathering.Stored();
        for (var i = 0; i < 63; i++)
            gathering.Add();
        Assert.True(gathering.IsWorthwhile(isDurable: true));

        gathering.Add();

        Assert.False(gathering.IsWorthwhile(isDurable: true));
    }

    [Fact]
    public async Task What_the_loop_took_counts_no_more_and_then_each_wish_wakes_it()
    {
        await WaitForCompanyOfAsync(2, isDurable: true);
        gathering.End();
        gathering.Take(1);
        Assert.Equal(0, gathering.Present);

        gathering.Add();

        await ring.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, gathering.Present);
    }

    [Fact]
    public async Task A_time_that_was_set_for_an_earlier_wait_wakes_nobody_who_does_not_wait()
    {
        await WaitForCompanyOfAsync(2, isDurable: true);
        gathering.End();

        time.Advance(Gathering.Longest);

        Assert.False(ring.IsCompleted);
    }

    // One wish has come, woken the loop, and waits for others.
    private async Task WaitForCompanyOfAsync(int lines, bool isDurable)
    {
        gathering.Wrote(lines);
        gathering.Stored();
        gathering.Add();
        await ring.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(gathering.IsWorthwhile(isDurable));
        ring = alarm.WaitAsync().AsTask();
    }
}
