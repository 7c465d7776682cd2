using System.Collections.Concurrent;
using System.Diagnostics;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Bench.Live;

/// <summary>
/// A node in this process, and a person who proposes settlements through its API and waits for the answer.
/// </summary>
internal sealed class ProposingNode : IAsyncDisposable
{
    private const int NameDigits = 8;

    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly NodeHost node;
    private readonly Task hearing;

    private ProposingNode(NodeHost node, AnsweringPeer peer)
    {
        (this.node, Peer) = (node, peer);
        Client = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
        hearing = HearAsync();
    }

    /// <summary>Whoever answers.</summary>
    public AnsweringPeer Peer { get; }

    /// <summary>Talks to the proposer's node.</summary>
    public TallystickClient Client { get; }

    /// <summary>Starts both, linked and ready.</summary>
    /// <param name="folder">The proposer's data folder; it stays.</param>
    public static async Task<ProposingNode> StartAsync(string folder)
    {
        var host = await NodeHost.StartAsync(
            new NodeOptions
            {
                Name = "proposer",
                DataFolder = folder,
                ListenAddress = "127.0.0.1",
                ListenPort = 0,
                WebPort = 0,
            },
            CancellationToken.None);
        var peer = await AnsweringPeer.StartAsync($"127.0.0.1:{host.ListenEndPoint!.Port}");
        var proposing = new ProposingNode(host, peer);
        await proposing.Client.AddPeerAsync(new AddPeerRequest("answering", peer.Address));
        while (host.Ledger.Tabs.Count == 0 || !host.Ledger.Tabs.All(Pair.CanPay))
            await Task.Delay(20);
        return proposing;
    }

    /// <summary>From the proposal until this side hears that it is settled, one after another, for a time.</summary>
    /// <param name="atOnce">How many are open at a time.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>Settlements a second, and how long each took.</returns>
    public async Task<(double PerSecond, Latencies Latencies)> SettleAsync(int atOnce, double seconds)
    {
        var (settled, latencies, clock) = (0L, new Latencies(), Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(1, atOnce).Select(async amount =>
        {
            while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
            {
                var request = Client.NewRequestId();
                var answer = waiting[request[^NameDigits..]] = new TaskCompletionSource(
                    TaskCreationOptions.RunContinuationsAsynchronously);
                var asked = Stopwatch.GetTimestamp();
                await Client.SettleAsync(new SettleRequest(
                    $"{amount}", "answering", SettlementPayers.Me, Method: "cash", RequestId: request));
                await answer.Task;
                latencies.Add(Stopwatch.GetTimestamp() - asked);
                Interlocked.Increment(ref settled);
            }
        }));
        return (settled / clock.Elapsed.TotalSeconds, latencies);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await hearing;
        Client.Dispose();
        await Peer.DisposeAsync();
        await node.DisposeAsync();
        stopping.Dispose();
    }

    private async Task HearAsync()
    {
        try
        {
            await foreach (var notice in Client.NoticesAsync(stopping.Token))
            {
                if (notice is { Kind: NoticeKinds.Settled, Id: { } id } && waiting.TryRemove(id, out var answer))
                    answer.SetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }
}
