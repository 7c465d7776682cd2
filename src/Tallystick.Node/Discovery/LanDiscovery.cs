using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Tallystick.Core.Discovery;
using Tallystick.Core.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Discovery;

/// <summary>
/// Hears which nodes are on the local network, and says that this one is. What it hears is a claim and makes nobody a
/// peer. Thread-safe.
/// </summary>
internal sealed class LanDiscovery : IAsyncDisposable
{
    /// <summary>Packets that are worked on: a busy network has some; a flood is left where it is.</summary>
    private const double PacketsPerSecond = 100;
    private const double PacketsAtOnce = 500;

    /// <summary>The same is said at most once in this time on a network, as RFC 6762 has it.</summary>
    private static readonly TimeSpan AnswerPause = TimeSpan.FromSeconds(1);

    /// <summary>Networks come and go, and announcements expire after two minutes.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(50);

    private readonly Lock gate = new();
    private readonly NearbyTable table = new();
    private readonly NearbyNode self;
    private readonly IPEndPoint? listen;
    private readonly NetworkPicture<IReadOnlyList<LanNetwork>> picture;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private readonly RateAllowance packets;
    private readonly Task running;
    private List<Listening> networks = [];

    private LanDiscovery(
        NearbyNode self, IPEndPoint? listen, Func<IReadOnlyList<LanNetwork>> look, TimeProvider time, ILogger log,
        Task ready)
    {
        (this.self, this.listen, this.time, this.log) = (self, listen, time, log);
        picture = new NetworkPicture<IReadOnlyList<LanNetwork>>(look, []);
        packets = new RateAllowance(PacketsPerSecond, PacketsAtOnce, Clock.NowMs(time));
        running = Task.Run(() => RunAsync(ready));
    }

    /// <summary>Begins to listen, and to announce.</summary>
    /// <param name="name">What this node is called.</param>
    /// <param name="mine">Its fingerprint.</param>
    /// <param name="listen">Where it hears peers, or null; it announces itself on no other network.</param>
    /// <param name="look">Asks the system which networks there are; it may throw.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it is told that a round has failed.</param>
    /// <param name="ready">Nothing is said or heard before this has completed.</param>
    public static LanDiscovery Start(
        string name, Fingerprint mine, IPEndPoint? listen, Func<IReadOnlyList<LanNetwork>> look, TimeProvider time,
        ILogger log, Task ready) =>
        new(new NearbyNode(name, mine, IPAddress.Any, listen?.Port ?? 0), listen, look, time, log, ready);

    /// <summary>Who was heard and is not this node.</summary>
    public IReadOnlyList<NearbyNode> Nodes
    {
        get
        {
            lock (gate)
                return [.. table.Nodes(Clock.NowMs(time)).Where(node => node.Fingerprint != self.Fingerprint)];
        }
    }

    /// <summary>Asks who is there; the answers come within a second.</summary>
    public async Task AskAsync()
    {
        foreach (var network in Networks)
            await network.Socket.SendAsync(NearbyService.Query);
    }

    /// <summary>Takes its announcement back.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await SayAsync(isLeaving: true);
        foreach (var network in Networks)
            await network.EndAsync();
        stopping.Dispose();
    }

    private List<Listening> Networks
    {
        get
        {
            lock (gate)
                return networks;
        }
    }

    private async Task RunAsync(Task ready)
    {
        await ready.WaitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await LookForNetworksAsync();
                await AnnounceAsync();
                await AskAsync();
                // Said twice: the first may be lost, or come while the others pause.
                await WaitAsync(AnswerPause);
                await AnnounceAsync();
                await AskAsync();
            }
            catch (Exception e)
            {
                // The next round may find the networks in order again.
                log.LogError(e, "A round on the local networks failed");
            }
            await WaitAsync(Round);
        }
    }

    private Task AnnounceAsync() => stopping.IsCancellationRequested ? Task.CompletedTask : SayAsync(isLeaving: false);

    private async Task SayAsync(bool isLeaving)
    {
        foreach (var network in Networks.Where(each => each.Socket.Network.Reaches(listen)))
            await network.Socket.SendAsync(NearbyService.Announce(Here(network.Socket), isLeaving));
    }

    private async Task LookForNetworksAsync()
    {
        var now = LanSocket.OpenAll(picture.Look());
        var kept = new List<Listening>();
        foreach (var network in Networks)
        {
            if (network.IsRunning && now.Any(socket => socket.Network == network.Socket.Network))
                kept.Add(network);
            else
                await network.EndAsync();
        }
        foreach (var socket in now)
        {
            if (kept.Exists(network => network.Socket.Network == socket.Network))
                socket.Dispose();
            else
                kept.Add(new Listening(socket, ListenAsync(socket)));
        }
        lock (gate)
            networks = kept;
    }

    private async Task ListenAsync(LanSocket network)
    {
        await Task.Yield();
        var answeredMs = long.MinValue / 2;
        try
        {
            while (true)
            {
                var (packet, from) = await network.ReceiveAsync(MayWork, stopping.Token);
                IReadOnlyList<DnsName> incomplete;
                lock (gate)
                    incomplete = table.Hear(packet, from, Clock.NowMs(time));
                foreach (var instance in incomplete)
                    await network.SendAsync(NearbyService.QueryFor(instance));
                if (!network.Network.Reaches(listen) || !NearbyService.Asks(packet, self)
                    || Clock.NowMs(time) - answeredMs < AnswerPause.TotalMilliseconds)
                    continue;
                answeredMs = Clock.NowMs(time);
                await network.SendAsync(NearbyService.Announce(Here(network)));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The network is gone, or the node stops.
        }
    }

    private bool MayWork()
    {
        lock (gate)
            return packets.TryTake(Clock.NowMs(time));
    }

    private NearbyNode Here(LanSocket network) => self with { Address = network.Network.Address };

    private async Task WaitAsync(TimeSpan wait) => await Task.Delay(wait, time, stopping.Token)
        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private sealed record Listening(LanSocket Socket, Task Task)
    {
        public bool IsRunning => !Task.IsCompleted;

        public async Task EndAsync()
        {
            Socket.Dispose();
            await Task;
        }
    }
}
