using System.Collections.Concurrent;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Tests.Hosting;

public sealed class AlarmTests
{
    private readonly Alarm alarm = new();

    [Fact]
    public async Task A_ring_before_the_wait_is_not_lost_and_several_wake_once()
    {
        alarm.Ring();
        alarm.Ring(lend: true);

        Assert.False(await alarm.WaitAsync());
        Assert.False(alarm.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public void A_lent_thread_runs_the_loop_until_it_waits_again()
    {
        var ranOn = new List<int>();
        _ = LoopAsync();
        alarm.Ring(lend: true);
        alarm.Ring(lend: true);

        Assert.Equal([Environment.CurrentManagedThreadId, Environment.CurrentManagedThreadId], ranOn);

        async Task LoopAsync()
        {
            while (true)
            {
                Assert.True(await alarm.WaitAsync());
                ranOn.Add(Environment.CurrentManagedThreadId);
            }
        }
    }

    [Fact]
    public async Task Without_a_loan_the_loop_never_runs_on_the_thread_that_rings()
    {
        var ran = new TaskCompletionSource<int>();
        using var ringing = new ManualResetEventSlim();
        _ = LoopAsync();
        var ringer = new Thread(() =>
        {
            alarm.Ring();
            ringing.Wait(TestContext.Current.CancellationToken);
        });
        ringer.Start();

        Assert.NotEqual(ringer.ManagedThreadId, await ran.Task.WaitAsync(TestContext.Current.CancellationToken));
        ringing.Set();
        ringer.Join();

        async Task LoopAsync()
        {
            Assert.False(await alarm.WaitAsync());
            ran.SetResult(Environment.CurrentManagedThreadId);
        }
    }

    [Fact]
    public async Task No_ring_is_lost_when_many_ring_at_once()
    {
        const int Ringers = 8;
        const int Rings = 20_000;
        var queue = new ConcurrentQueue<int>();
        var taken = 0;
        var loop = LoopAsync();
        await Task.WhenAll(Enumerable.Range(0, Ringers).Select(ringer => Task.Run(() =>
        {
            for (var i = 0; i < Rings; i++)
            {
                queue.Enqueue(i);
                alarm.Ring(lend: (ringer + i) % 3 == 0);
            }
        })));
        await loop.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        async Task LoopAsync()
        {
            while (taken < Ringers * Rings)
            {
                var isLent = await alarm.WaitAsync();
                while (queue.TryDequeue(out _))
                    taken++;
                if (isLent && taken % 7 == 0)
                    await Task.Yield();
                // What came during the yield was rung for, too.
                while (queue.TryDequeue(out _))
                    taken++;
            }
        }
    }
}
