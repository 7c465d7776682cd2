using System.Net.Sockets;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>
/// A node's lines: to the relays that it was given, and to those that peers' addresses name. Thread-safe.
/// </summary>
internal sealed class RelayLines : IAsyncDisposable
{
    // A person's peers use few relays; what is beyond cannot be dialled.
    private const int Most = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Host, int Port), RelayLine> lines = [];
    private readonly RelayHome home;

    public RelayLines(IReadOnlyList<PeerAddress> relays, RelayHome home)
    {
        (Own, this.home) = (relays, home);
        foreach (var relay in relays)
            Of(relay);
    }

    /// <summary>Those that the node was given.</summary>
    public IReadOnlyList<PeerAddress> Own { get; }

    /// <summary>Whether this node can be called at a relay of its own now.</summary>
    public bool IsRegistered(PeerAddress relay) => Of(relay).IsRegistered;

    /// <summary>Connects a new socket to the node that the address names.</summary>
    /// <exception cref="LinkRefusedException">The relay is off, or declines.</exception>
    public ValueTask ConnectAsync(Socket socket, PeerAddress address, CancellationToken cancellation) =>
        Of(address).ConnectAsync(socket, address.Expected!.Value, cancellation);

    public async ValueTask DisposeAsync()
    {
        RelayLine[] all;
        lock (gate)
            all = [.. lines.Values];
        foreach (var line in all)
            await line.DisposeAsync();
    }

    private RelayLine Of(PeerAddress address)
    {
        lock (gate)
        {
            if (lines.TryGetValue((address.Host, address.Port), out var line))
                return line;
            return lines.Count < Most
                ? lines[(address.Host, address.Port)] = new RelayLine(address.OfRelay(), home)
                : throw new LinkRefusedException("your peers use too many relays");
        }
    }
}
