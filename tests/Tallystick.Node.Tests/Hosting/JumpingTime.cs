using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Hosting;

/// <summary>A clock that runs fast and whose date somebody sets back and forth.</summary>
internal sealed class JumpingTime(int factor) : TimeProvider
{
    private readonly FastTime fast = new(factor);
    private long offsetTicks;

    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));

    public override long GetTimestamp() => fast.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        fast.CreateTimer(callback, state, dueTime, period);

    public void Jump(TimeSpan span) => Interlocked.Add(ref offsetTicks, span.Ticks);
}
