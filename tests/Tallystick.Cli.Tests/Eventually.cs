namespace Tallystick.Cli.Tests;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(10, deadline.Token);
    }
}
