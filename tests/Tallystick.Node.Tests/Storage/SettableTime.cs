namespace Tallystick.Node.Tests.Storage;

/// <summary>A clock that says what it was last told.</summary>
internal sealed class SettableTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
