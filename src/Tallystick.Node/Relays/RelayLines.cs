using System.Net.Sockets;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>
/// A node's lines: to the relays that it was given, for as long as it runs, and as a visitor to those that peers'
/// addresses name, for as long as it calls there. Thread-safe.
/// </summary>
internal sealed class RelayLines : IAsyncDisposable
{
    // A person's peers use few relays; beyond that, the one that was called longest ago is left.
    private const int MostVisited = 64;

    /// <summary>
    /// A peer who is off is called every few seconds, so that who is not called for so long is linked or not wanted.
    /// </summary>
    private static readonly TimeSpan VisitTime = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Host, int Port), RelayLine> own;
    private readonly Dictionary<PeerAddress, RelayLine> visited = [];
    private readonly RunningTasks leaving = new();
    private readonly RelayHome home;
    private readonly ITimer sweeper;
    private bool isClosed;

    public RelayLines(IReadOnlyList<PeerAddress> relays, RelayHome home)
    {
        (Own, this.home) = (relays, home);
        own = relays.DistinctBy(relay => (relay.Host, relay.Port))
            .ToDictionary(relay => (relay.Host, relay.Port), relay => new RelayLine(relay, home));
        sweeper = home.Time.CreateTimer(_ => LeaveIdle(), null, VisitTime, VisitTime);
    }

    /// <summary>Those that the node was given.</summary>
    public IReadOnlyList<PeerAddress> Own { get; }

    /// <summary>Whether this node can be called at a relay of its own now.</summary>
    public bool IsRegistered(PeerAddress relay) => own[(relay.Host, relay.Port)].IsRegistered;

    /// <summary>Connects a new socket to the node that the address names.</summary>
    /// <exception cref="LinkRefusedException">The relay is off, or declines.</exception>
    public ValueTask ConnectAsync(Socket socket, PeerAddress address, CancellationToken cancellation) =>
        Of(address).ConnectAsync(socket, address.Expected!.Value, cancellation);

    public async ValueTask DisposeAsync()
    {
        await sweeper.DisposeAsync();
        lock (gate)
        {
            isClosed = true;
            foreach (var relay in visited.Keys.ToArray())
                Leave(relay);
        }
        foreach (var line in own.Values)
            await line.DisposeAsync();
        await leaving.EndAsync();
    }

    private RelayLine Of(PeerAddress address)
    {
        if (own.TryGetValue((address.Host, address.Port), out var mine))
            return mine;
        var relay = address.OfRelay();
        lock (gate)
        {
            if (isClosed)
                throw new LinkRefusedException(LinkEnds.Lost);
            if (visited.TryGetValue(relay, out var line))
                return line;
            if (visited.Count >= MostVisited)
                Leave(visited.MinBy(visit => visit.Value.CalledMs).Key);
            return visited[relay] = new RelayLine(relay, home, NodeIdentity.CreateFresh());
        }
    }

    private void LeaveIdle()
    {
        var calledMs = Clock.NowMs(home.Time) - VisitTime.TotalMilliseconds;
        lock (gate)
        {
            foreach (var relay in visited.Where(visit => visit.Value.CalledMs < calledMs).Select(visit => visit.Key))
                Leave(relay);
        }
    }

    private void Leave(PeerAddress relay)
    {
        if (visited.Remove(relay, out var line))
            leaving.Add(Task.Run(async () => await line.DisposeAsync()));
    }
}
