namespace Tallystick.Node.Tests;

/// <summary>Waits, with a deadline, for something that other threads bring about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Task Holds(Func<bool> condition, string what) =>
        IsTrueAsync(() => Task.FromResult(condition()), what);

    public static Task IsTrueAsync(Func<Task<bool>> condition, string what) =>
        GetAsync(async () => await condition() ? what : null, what);

    public static async Task<T> GetAsync<T>(Func<Task<T?>> read, string what)
        where T : class
    {
        var end = DateTime.UtcNow + Deadline;
        while (DateTime.UtcNow < end)
        {
            if (await read() is { } found)
                return found;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"It never came: {what}.");
    }
}
