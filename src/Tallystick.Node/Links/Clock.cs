namespace Tallystick.Node.Links;

/// <summary>Milliseconds that never go back, whatever happens to the wall clock.</summary>
internal static class Clock
{
    public static long NowMs(TimeProvider time) => (long)time.GetElapsedTime(0).TotalMilliseconds;
}
