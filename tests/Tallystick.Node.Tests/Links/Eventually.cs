using System.Diagnostics;

namespace Tallystick.Node.Tests.Links;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    public static async Task Holds(Func<bool> condition, string what, int withinSeconds = 20)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started).TotalSeconds < withinSeconds, $"It did not come true that {what}.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Both nodes have each other as current on one and the same link.</summary>
    public static Task Linked(LinkedNode one, LinkedNode other, int withinSeconds = 20) => Holds(
        () => one.LinkTo(other) is { } mine && other.LinkTo(one) is { } theirs && mine.Binding == theirs.Binding,
        "both have the same current link",
        withinSeconds);
}
