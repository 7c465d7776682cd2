using Tallystick.Node.Hosting;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Ledgers;

public sealed class GatheringTests : IDisposable
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly Alarm alarm = new();
    private readonly ManualTime time = new();
    private readonly Gathering gathering;

    public GatheringTests() => gathering = new Gathering(alarm, time);

    public void Dispose() => gathering.Dispose();

    [Fact]
    public async Task Whoever_asks_alone_never_waits()
    {
        WritePage(wishes: 1, lines: 1);
        Assert.False(await alarm.WaitAsync());
        var ring = alarm.WaitAsync().AsTask();
        gathering.Add();

        await RingsAsync(ring);
        Assert.False(gathering.IsWorthwhile(isDurable: true));
        Assert.False(gathering.IsWorthwhile(isDurable: false));
    }

    [Fact]
    public async Task The_loop_is_woken_when_as_many_have_come_as_the_newest_page_took()
    {
        WritePage(wishes: 3, lines: 3);
        var ring = await AddAndWaitAsync();
        gathering.Add();
        await NobodyRangAsync(ring);

        ring = alarm.WaitAsync().AsTask();
        gathering.Add();

        await RingsAsync(ring);
        Assert.False(gathering.IsWorthwhile(isDurable: true));
    }

    [Fact]
    public async Task Nobody_waits_longer_than_a_moment_after_the_page_is_durable()
    {
        WritePage(wishes: 3, lines: 3);
        time.Advance(Millisecond / 2);
        var ring = await AddAndWaitAsync();
        time.Advance(Millisecond);
        await NobodyRangAsync(ring);

        ring = alarm.WaitAsync().AsTask();
        time.Advance(Millisecond);

        await RingsAsync(ring);
        Assert.False(gathering.IsWorthwhile(isDurable: true));
    }

    [Fact]
    public async Task While_the_page_is_on_its_way_to_the_disk_no_time_is_set()
    {
        WritePage(wishes: 3, lines: 3);
        time.Advance(Gathering.Longest);
        var ring = await AddAndWaitAsync(isDurable: false);
        time.Advance(Gathering.Longest * 10);
        await NobodyRangAsync(ring);
        Assert.Equal(0, time.TimerCount);

        gathering.Stored();
        Assert.True(gathering.IsWorthwhile(isDurable: true));
        ring = alarm.WaitAsync().AsTask();
        time.Advance(Gathering.Longest);

        await RingsAsync(ring);
    }

    [Fact]
    public void As_many_as_make_a_page_worth_its_cost_never_wait()
    {
        WritePage(wishes: 1_000, lines: 1_000);
        for (var i = 0; i < 63; i++)
            gathering.Add();
        Assert.True(gathering.IsWorthwhile(isDurable: true));

        gathering.Add();

        Assert.False(gathering.IsWorthwhile(isDurable: true));
    }

    [Fact]
    public void Nobody_waits_for_those_who_came_in_a_batch()
    {
        WritePage(wishes: 1, lines: 500);
        gathering.Add();

        Assert.False(gathering.IsWorthwhile(isDurable: true));
    }

    [Fact]
    public void Nobody_waits_for_those_who_were_refused()
    {
        WritePage(wishes: 20, lines: 1);
        gathering.Add();

        Assert.False(gathering.IsWorthwhile(isDurable: true));
    }

    [Fact]
    public async Task Once_the_loop_takes_what_there_is_each_wish_wakes_it()
    {
        WritePage(wishes: 2, lines: 2);
        var ring = await AddAndWaitAsync();
        gathering.End();
        gathering.Take(1);
        Assert.Equal(0, gathering.Present);

        gathering.Add();

        await RingsAsync(ring);
    }

    [Fact]
    public async Task A_wish_that_is_taken_before_it_is_counted_keeps_no_other_from_waking_the_loop()
    {
        gathering.Take(2);
        var ring = alarm.WaitAsync().AsTask();

        gathering.Add();

        await RingsAsync(ring);
        Assert.Equal(-1, gathering.Present);
    }

    [Fact]
    public async Task A_time_that_was_set_for_an_earlier_wait_wakes_nobody_who_does_not_wait()
    {
        WritePage(wishes: 2, lines: 2);
        var ring = await AddAndWaitAsync();
        gathering.End();

        time.Advance(Gathering.Longest);

        await NobodyRangAsync(ring);
    }

    // As the loop and the committer do it.
    private void WritePage(int wishes, int lines)
    {
        for (var i = 0; i < wishes; i++)
            gathering.Add();
        gathering.Take(wishes);
        gathering.Wrote(lines);
        gathering.Stored();
    }

    // One wish wakes the loop, which then waits for others.
    private async Task<Task<bool>> AddAndWaitAsync(bool isDurable = true)
    {
        gathering.Add();
        Assert.False(await alarm.WaitAsync());
        Assert.True(gathering.IsWorthwhile(isDurable));
        return alarm.WaitAsync().AsTask();
    }

    private static Task<bool> RingsAsync(Task<bool> ring) =>
        ring.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    // Whoever rang before would have had no thread to lend.
    private async Task NobodyRangAsync(Task<bool> ring)
    {
        alarm.Ring(lend: true);
        Assert.True(await ring.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }
}
