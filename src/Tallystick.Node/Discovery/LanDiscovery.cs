using System.Net;
using System.Net.Sockets;
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
    private readonly NearbyNode? self;
    private readonly Fingerprint mine;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly RateAllowance packets;
    private readonly Task running;
    private List<Listening> networks = [];

    private LanDiscovery(NearbyNode? self, Fingerprint mine, TimeProvider time)
    {
        (this.self, this.mine, this.time) = (self, mine, time);
        packets = new RateAllowance(PacketsPerSecond, PacketsAtOnce, Clock.NowMs(time));
        running = Task.Run(RunAsync);
    }

    /// <summary>Begins to listen, and to announce.</summary>
    /// <param name="name">What this node is called.</param>
    /// <param name="mine">Its fingerprint.</param>
    /// <param name="port">Where it hears peers, or null: then it only listens.</param>
    /// <param name="time">The clock.</param>
    public static LanDiscovery Start(string name, Fingerprint mine, int? port, TimeProvider time) =>
        new(port is { } number ? new NearbyNode(name, mine, IPAddress.Any, number) : null, mine, time);

    /// <summary>Who was heard and is not this node.</summary>
    public IReadOnlyList<NearbyNode> Nodes
    {
        get
        {
            lock (gate)
                return [.. table.Nodes(Clock.NowMs(time)).Where(node => node.Fingerprint != mine)];
        }
    }

    /// <summary>Asks who is there; the answers come within a second.</summary>
    public Task AskAsync() => SendAsync(_ => NearbyService.Query);

    /// <summary>Takes its announcement back.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        if (self is not null)
            await SendAsync(network => NearbyService.Announce(Here(network), isLeaving: true));
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

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await LookForNetworksAsync();
            await AnnounceAsync();
            await AskAsync();
            // Said twice: the first may be lost, or come while the others pause.
            await WaitAsync(AnswerPause);
            await AnnounceAsync();
            await AskAsync();
            await WaitAsync(Round);
        }
    }

    private Task AnnounceAsync() => self is null || stopping.IsCancellationRequested
        ? Task.CompletedTask
        : SendAsync(network => NearbyService.Announce(Here(network)));

    private async Task LookForNetworksAsync()
    {
        var now = LanSocket.OpenAll();
        var kept = new List<Listening>();
        foreach (var network in Networks)
        {
            if (network.IsRunning && now.Any(socket => socket.Address.Equals(network.Socket.Address)))
                kept.Add(network);
            else
                await network.EndAsync();
        }
        foreach (var socket in now)
        {
            if (kept.Exists(network => network.Socket.Address.Equals(socket.Address)))
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
                if (self is null || !NearbyService.Asks(packet, self)
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

    private NearbyNode Here(LanSocket network) => self! with { Address = network.Address };

    private async Task SendAsync(Func<LanSocket, DnsPacket> what)
    {
        foreach (var network in Networks)
            await network.Socket.SendAsync(what(network.Socket));
    }

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
