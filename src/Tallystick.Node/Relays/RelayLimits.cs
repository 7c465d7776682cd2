using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>Every limit of a relay, each with its reason. Sizes of messages stand with their codec.</summary>
internal sealed record RelayLimits
{
    /// <summary>
    /// Those of the port, until a key or a ticket is shown: they are a node's, since whoever calls is as much a
    /// stranger there.
    /// </summary>
    public LinkLimits Port { get; init; } = new();

    /// <summary>Nodes registered at a time. An idle one costs some tens of kilobytes.</summary>
    public int Clients { get; init; } = 4_096;

    /// <summary>The same from one address: a large household or a small firm behind one.</summary>
    public int ClientsPerAddress { get; init; } = 256;

    /// <summary>Streams at a time in all; each holds at most two buffers, so that all hold at most 64 MiB.</summary>
    public int Streams { get; init; } = 2_048;

    /// <summary>
    /// Streams that one client calls, open or on the way, and as many that others call and it has joined: a node with
    /// that many peers.
    /// </summary>
    public int StreamsPerClient { get; init; } = 64;

    /// <summary>
    /// Streams from one client to one other: a link, the one that replaces it, and some whose loss is not noticed yet.
    /// </summary>
    public int StreamsPerPair { get; init; } = 8;

    /// <summary>
    /// Calls from one client to one other in a second, and at once: who dials again waits 0.2 s and then longer.
    /// </summary>
    public double CallsPerPairPerSecond { get; init; } = 2;

    /// <inheritdoc cref="CallsPerPairPerSecond"/>
    public double CallsPerPairAtOnce { get; init; } = 16;

    /// <summary>
    /// The same from all clients of one address to one other. A node takes in 20 callers a second of a relay, 200 at
    /// once: one address leaves half of them, and half of the streams, to others.
    /// </summary>
    public int StreamsPerAddressAndCallee { get; init; } = 32;

    /// <inheritdoc cref="StreamsPerAddressAndCallee"/>
    public double CallsPerAddressAndCalleePerSecond { get; init; } = 10;

    /// <inheritdoc cref="StreamsPerAddressAndCallee"/>
    public double CallsPerAddressAndCalleeAtOnce { get; init; } = 100;

    /// <summary>Streams that all clients of one address call: a quarter of all.</summary>
    public int StreamsPerAddress { get; init; } = 512;

    /// <summary>
    /// Calls of one client in a second, and at once: each of two hundred peers who are off is called every few seconds.
    /// </summary>
    public double CallsPerSecond { get; init; } = 50;

    /// <inheritdoc cref="CallsPerSecond"/>
    public double CallsAtOnce { get; init; } = 200;

    /// <summary>
    /// Messages that one client may say to the relay in a second, and at once; beyond it they wait. More than calls
    /// and pings need.
    /// </summary>
    public double MessagesPerSecond { get; init; } = 100;

    /// <inheritdoc cref="MessagesPerSecond"/>
    public double MessagesAtOnce { get; init; } = 1_000;

    /// <summary>
    /// Bytes that one client may send in a second, through all of its streams; beyond it they wait. Some hundred
    /// thousand payments need less.
    /// </summary>
    public double BytesPerSecond { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes that one client may send at once: what a node resends after a while apart.</summary>
    public double BytesAtOnce { get; init; } = 16 * 1024 * 1024;

    /// <summary>How much is read from one end of a stream before it is written to the other.</summary>
    public int BufferBytes { get; init; } = 16 * 1024;

    /// <summary>How long both nodes have to come for a stream after it was called.</summary>
    public TimeSpan JoinTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A stream on which nothing moves is closed after this; linked nodes ping after 30 s.</summary>
    public TimeSpan StreamIdleTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>A client of whom nothing is heard is closed after this; nodes ping each 25 s.</summary>
    public TimeSpan ClientIdleTime { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Messages that wait for a client to read them; one that does not read is closed.</summary>
    public int QueuedMessages { get; init; } = 128;

    /// <summary>Nodes that may name the same word: each of them is told of all others.</summary>
    public int ClientsPerWord { get; init; } = 32;

    /// <summary>How often it is looked after what has become idle.</summary>
    public TimeSpan SweepTime { get; init; } = TimeSpan.FromSeconds(2);
}
