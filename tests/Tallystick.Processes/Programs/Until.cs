using System.Diagnostics;

namespace Tallystick.Processes.Programs;

/// <summary>Waits for what other processes bring about.</summary>
internal static class Until
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(string what, Func<Task<bool>> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            if (waited.Elapsed > Deadline)
                throw new TimeoutException($"Not within {Deadline.TotalSeconds} seconds: {what}.");
            await Task.Delay(20);
        }
    }

    public static Task TrueAsync(string what, Func<bool> holds) => TrueAsync(what, () => Task.FromResult(holds()));
}
