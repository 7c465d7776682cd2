using System.Diagnostics;
using Tallystick.Client;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Hosting;

public sealed class ShutdownTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-tests-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_with_a_peer_listeners_and_payers_stops_soon_and_forgets_nothing()
    {
        await using var bob = await RunningTestNode.StartAsync(folder, "bob");
        var alice = await RunningTestNode.StartAsync(folder, "alice", ("bob", bob.Address));
        await bob.Client.AddPeerAsync(new AddPeerRequest("alice", alice.Address), Ct);
        await alice.UntilReadyAsync("bob");
        await bob.UntilReadyAsync("alice");
        using var mute = new CancellationTokenSource();
        var listening = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ListenAsync(alice.Client, mute.Token)));
        var sent = new List<string>();
        var paying = Parallel.ForAsync(0, 8, async (_, _) =>
        {
            while (await TryPayAsync(alice.Client) is { } id)
            {
                lock (sent)
                    sent.Add(id);
            }
        });
        await Eventually.Holds(() => Count(sent) > 200, "payments are under way");

        var watch = Stopwatch.StartNew();
        await alice.Host.DisposeAsync();
        watch.Stop();
        await mute.CancelAsync();
        await listening.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await paying.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        alice.Client.Dispose();

        await using var again = await RunningTestNode.StartAsync(alice.Options);
        foreach (var id in sent)
            Assert.NotEqual(PaymentStates.Refused, (await again.Client.GetPaymentAsync(id, Ct)).State);
        TestContext.Current.TestOutputHelper!.WriteLine($"It took {watch.Elapsed.TotalMilliseconds:0} ms.");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"it took {watch.Elapsed}");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static int Count(List<string> sent)
    {
        lock (sent)
            return sent.Count;
    }

    private static async Task ListenAsync(TallystickClient client, CancellationToken mute)
    {
        try
        {
            await foreach (var notice in client.NoticesAsync(mute))
                Assert.NotNull(notice.Kind);
        }
        catch (Exception gone) when (gone is NodeUnreachableException or OperationCanceledException)
        {
            // The node stopped.
        }
    }

    private static async Task<string?> TryPayAsync(TallystickClient client)
    {
        try
        {
            return (await client.PayAsync(new PayRequest("0.01", "bob"))).RequestId;
        }
        catch (Exception lost) when (lost is NodeUnreachableException or OutcomeUnknownException)
        {
            return null;
        }
    }
}
