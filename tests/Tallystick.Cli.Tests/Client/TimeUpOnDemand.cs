namespace Tallystick.Cli.Tests.Client;

/// <summary>A clock whose timers all run out when a test says so.</summary>
internal sealed class TimeUpOnDemand : TimeProvider
{
    private readonly List<Timer> timers = [];

    public void RunOut() => timers.ForEach(timer => timer.Fire());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(() => callback(state));
        timers.Add(timer);
        return timer;
    }

    private sealed class Timer(Action fire) : ITimer
    {
        private bool isOver;

        public void Fire()
        {
            if (!isOver)
                fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => !isOver;

        public void Dispose() => isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
