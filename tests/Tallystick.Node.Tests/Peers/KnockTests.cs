using System.Collections.Concurrent;
using System.Diagnostics;
using Tallystick.Client;
using Tallystick.Node.Tests.Api;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Peers;

/// <summary>Anybody can knock with as many keys as he likes; the person is not told of each.</summary>
public sealed class KnockTests : IDisposable
{
    private const int Strangers = 30;
    private const int MostTold = 10;
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Thirty_strangers_are_listed_and_some_of_them_told()
    {
        await using var bob = await RunningTestNode.StartAsync(folder, "bob");
        using var over = new CancellationTokenSource();
        var told = new ConcurrentQueue<Notice>();
        var subscribed = new TaskCompletionSource();
        var hearing = HearAsync(bob.Client, told, subscribed, over.Token);
        await subscribed.Task;
        var whole = Stopwatch.StartNew();
        var strangers = Enumerable.Range(0, Strangers).Select(_ => new LinkedNode()).ToList();
        foreach (var stranger in strangers)
            stranger.Dial(bob.Address, key: null);

        await Eventually.IsTrueAsync(
            async () => (await bob.Client.GetPeersAsync()).Strangers.Count == Strangers, "all of them have knocked");
        // A notice comes 1.5 s after its knock.
        var watch = Stopwatch.StartNew();
        await Eventually.Holds(() => watch.Elapsed > TimeSpan.FromSeconds(3), "all who are told of are told of");
        foreach (var stranger in strangers)
            await stranger.DisposeAsync();
        await over.CancelAsync();
        await hearing;
        // And one more for every 10 s that it took.
        Assert.InRange(told.Count, MostTold, MostTold + 1 + (int)whole.Elapsed.TotalSeconds / 10);
    }

    private static async Task HearAsync(
        TallystickClient client, ConcurrentQueue<Notice> told, TaskCompletionSource subscribed, CancellationToken over)
    {
        try
        {
            var notices = client.NoticesAsync(() => Task.FromResult(subscribed.TrySetResult()), over);
            await foreach (var notice in notices)
            {
                if (notice.Kind == NoticeKinds.Knock)
                    told.Enqueue(notice);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was heard.
        }
    }
}
