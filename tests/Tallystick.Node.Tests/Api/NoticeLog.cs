using System.Collections.Concurrent;
using Tallystick.Client;

namespace Tallystick.Node.Tests.Api;

/// <summary>Keeps what a node tells, so that a test can wait for one notice in the order in which they came.</summary>
internal sealed class NoticeLog
{
    private readonly ConcurrentQueue<Notice> heard = new();
    private readonly TaskCompletionSource subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NoticeLog(TallystickClient client) => _ = Task.Run(() => ListenAsync(client));

    public Task Subscribed => subscribed.Task;

    /// <summary>Waits for a notice and forgets those before it.</summary>
    public Task<Notice> FirstAsync(Predicate<Notice> isMeant) => Eventually.GetAsync(
        () =>
        {
            while (heard.TryDequeue(out var notice))
            {
                if (isMeant(notice))
                    return Task.FromResult<Notice?>(notice);
            }
            return Task.FromResult<Notice?>(null);
        },
        "a notice");

    private async Task ListenAsync(TallystickClient client)
    {
        var ct = TestContext.Current.CancellationToken;
        await foreach (var notice in client.NoticesAsync(() => Task.FromResult(subscribed.TrySetResult()), ct))
            heard.Enqueue(notice);
    }
}
