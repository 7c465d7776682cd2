using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Tallystick.Core.Identity;
using Tallystick.Core.Links;
using Tallystick.Node.Relays;

namespace Tallystick.Node.Links;

/// <summary>
/// All links of one node: it listens, dials, proves, and keeps at most one current link with each peer. Every decision
/// is made in one loop; each connection has a task of its own that posts to it.
/// </summary>
internal sealed class LinkHub : IAsyncDisposable
{
    // What is due is looked at after so many at the latest, however many more there are.
    private const int MostActsAtOnce = 64;

    private readonly LinkCallbacks callbacks;
    private readonly LinkLimits limits;
    private readonly TimeProvider time;
    private readonly bool dials;
    private readonly PeerPort? port;
    private readonly LinkSelf self;
    private readonly LinkTable table;
    private readonly Reception reception;
    private readonly Lock admission = new();
    private readonly RelayLines relays;
    private readonly ConcurrentDictionary<long, Task> connections = new();
    private readonly CancellationTokenSource stopping = new();

    // Connections wait for room, so that none can fill the memory through the loop.
    private readonly Channel<Action> inbox = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(1_024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ITimer alarm;
    private Func<IReadOnlyCollection<DialTarget>>? wantedTargets;
    private long highestNumber;
    private Task loop = Task.CompletedTask;
    private Task accepting = Task.CompletedTask;

    private LinkHub(LinkHubOptions options, LinkCallbacks callbacks)
    {
        (this.callbacks, limits, time, dials) = (callbacks, options.Limits, options.Time, options.Dials);
        port = options.Listen is { } where ? PeerPort.Open(where, limits) : null;
        self = new LinkSelf(
            options.Identity, options.Name, options.RunId, port?.EndPoint.Port ?? 0, new LinkTls(time));
        table = new LinkTable(options.Identity.Key, callbacks, limits, time, () => HighestLinkNumber);
        reception = new Reception(limits, time);
        alarm = time.CreateTimer(_ => Nudge(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        relays = new RelayLines(options.Relays, new RelayHome
        {
            Self = self,
            Limits = limits,
            Time = time,
            Arrived = socket => Receive(socket, isRelayed: true),
            Word = options.Word,
            Met = address => Nudge(() => callbacks.OnMet(address)),
            Changed = (relay, why) => Nudge(() => callbacks.OnRelay(relay, why)),
        });
    }

    /// <summary>The highest number given to a link so far.</summary>
    public long HighestLinkNumber => Interlocked.Read(ref highestNumber);

    /// <summary>Random for every hub, that is for every start of the process.</summary>
    public Hash RunId => self.RunId;

    /// <summary>Where peers are heard, or null.</summary>
    public IPEndPoint? ListenEndPoint => port?.EndPoint;

    /// <summary>Where this node registers, and whether it can be called there now.</summary>
    public IEnumerable<(PeerAddress Relay, bool IsRegistered)> Relays =>
        relays.Own.Select(relay => (relay, relays.IsRegistered(relay)));

    /// <summary>How many connections have proven nothing yet.</summary>
    public int UnprovenCount => reception.UnprovenCount;

    /// <summary>Opens the port and begins.</summary>
    /// <exception cref="Hosting.CannotStartException">The port cannot be opened.</exception>
    public static LinkHub Start(LinkHubOptions options, LinkCallbacks callbacks)
    {
        var hub = new LinkHub(options, callbacks);
        hub.loop = Task.Run(hub.RunLoopAsync);
        hub.accepting = Task.Run(hub.AcceptAllAsync);
        return hub;
    }

    /// <summary>Says whom to dial from now on, in place of what was said before. Links that stand remain.</summary>
    public void SetPeers(IReadOnlyCollection<DialTarget> targets) => SetPeers(() => targets);

    /// <inheritdoc cref="SetPeers(IReadOnlyCollection{DialTarget})"/>
    /// <param name="targets">
    /// Asked in the hub's loop, once for whatever comes together: to look at everybody is too much for each who comes.
    /// </param>
    public void SetPeers(Func<IReadOnlyCollection<DialTarget>> targets)
    {
        if (!dials)
            return;
        Volatile.Write(ref wantedTargets, targets);
        Nudge();
    }

    /// <summary>The peer's current link, or null.</summary>
    public PeerLink? CurrentOf(PublicKey peer) => table.CurrentOf(peer);

    /// <summary>Closes every link to a peer, for one that was removed.</summary>
    public async Task CloseAsync(PublicKey peer, string reason) =>
        await PostAsync(() => table.Close(peer, reason));

    /// <summary>Says goodbye on every link and closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        port?.Dispose();
        await accepting;
        await relays.DisposeAsync();
        await inbox.Writer.WriteAsync(() => table.Close(peer: null, ByeReasons.Leaving));
        while (connections.Values.FirstOrDefault(t => !t.IsCompleted) is { } connection)
            await connection.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        inbox.Writer.TryComplete();
        await loop;
        await alarm.DisposeAsync();
        reception.Dispose();
        self.Tls.Dispose();
    }

    private async Task RunLoopAsync()
    {
        while (await inbox.Reader.WaitToReadAsync())
        {
            for (var acts = 0; acts < MostActsAtOnce && inbox.Reader.TryRead(out var act); acts++)
                Guarded(act);
            Guarded(Tend);
        }
    }

    /// <summary>What may be due after anything happened.</summary>
    private void Tend()
    {
        if (Interlocked.Exchange(ref wantedTargets, null) is { } wanted)
        {
            var targets = wanted();
            reception.SetDialled(targets);
            table.SetTargets(targets);
        }
        if (stopping.IsCancellationRequested)
            return;
        table.LetTimePass();
        while (table.NextDial() is { } plan)
            Dial(plan);
        if (table.DueMs() is { } due)
            alarm.Change(TimeSpan.FromMilliseconds(Math.Max(1, due - Clock.NowMs(time))), Timeout.InfiniteTimeSpan);
    }

    private void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e)
        {
            callbacks.OnError(e);
        }
    }

    private void Nudge() => Nudge(static () => { });

    // What finds no room is lost, and no harm: whatever is in the inbox is followed by a look at what is due.
    private void Nudge(Action act) => inbox.Writer.TryWrite(act);

    private LinkHome Home => new(self, table, callbacks, limits, time, PostAsync, reception.Met, stopping.Token);

    private ValueTask PostAsync(Action act) => inbox.Writer.WriteAsync(act);

    private void Dial(DialPlan plan)
    {
        var attempt = new LinkAttempt(Interlocked.Increment(ref highestNumber), plan);
        table.Started(attempt);
        Track(attempt.Number, DialAsync(attempt, plan.AddressesAt(Clock.NowMs(time)), plan.Told));
    }

    private void Track(long number, Task connection)
    {
        connections[number] = connection;
        _ = connection.ContinueWith(
            done =>
            {
                connections.TryRemove(number, out _);
                if (done.Exception is { } e)
                    callbacks.OnError(e);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task DialAsync(
        LinkAttempt attempt, IReadOnlyList<string> addresses, IReadOnlyCollection<string> told)
    {
        // The loop that starts a dial does not wait for any part of it.
        await Task.Yield();
        await new LinkLife(Home, attempt, caller: null).RunAsync(async cancellation =>
        {
            var (socket, address) = await AddressRace.ConnectAsync(
                addresses, told, relays.ConnectAsync, time, cancellation);
            attempt.Answered = address;
            attempt.IsRelayed = PeerAddress.TryParse(address, out var where, out _) && where.IsRelayed;
            return socket;
        });
    }

    private async Task AcceptAllAsync()
    {
        while (port is not null && await port.AcceptAsync(stopping.Token) is { } socket)
            Receive(socket, isRelayed: false);
    }

    /// <summary>Receives whoever connected to the port or came through a relay.</summary>
    private void Receive(Socket socket, bool isRelayed)
    {
        var number = Interlocked.Increment(ref highestNumber);
        var attempt = new LinkAttempt(number, plan: null) { IsRelayed = isRelayed };
        Caller? caller;
        lock (admission)
            caller = reception.Admit(socket, isRelayed, attempt.Stop);
        if (caller is not null)
            Track(attempt.Number, ServeAsync(attempt, socket, caller));
    }

    private async Task ServeAsync(LinkAttempt attempt, Socket socket, Caller caller)
    {
        await Task.Yield();
        await new LinkLife(Home, attempt, caller).RunAsync(_ => ValueTask.FromResult(socket));
    }
}
