namespace Tallystick.Node.Links;

/// <summary>Every limit of the peer port, each with its reason. Sizes of frames stand with the frame codec.</summary>
internal sealed record LinkLimits
{
    /// <summary>
    /// From accept or connect to the end of the proof. TLS and two exchanges take well under a second on a bad line;
    /// whoever dribbles bytes is cut off after this.
    /// </summary>
    public TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Connections that all strangers together may make in a second, and at once. Taking one in costs as much as a
    /// payment or two, turning one away a tenth of that.
    /// As many again may come from addresses that call seldom.
    /// </summary>
    public double ArrivalsPerSecond { get; init; } = 250;

    /// <inheritdoc cref="ArrivalsPerSecond"/>
    public double ArrivalsAtOnce { get; init; } = 1_000;

    /// <summary>
    /// The same from one address, peers' addresses too: a household of nodes that all dial again every 5 seconds comes
    /// nowhere near it.
    /// </summary>
    public double ArrivalsPerAddressPerSecond { get; init; } = 20;

    /// <inheritdoc cref="ArrivalsPerAddressPerSecond"/>
    public double ArrivalsPerAddressAtOnce { get; init; } = 200;

    /// <summary>
    /// TLS handshakes of strangers that begin in a second, and as many again of addresses where peers were met. One
    /// costs about 2 ms, so that each of the two takes a tenth of a processor at the most. Five hundred addresses may
    /// call at once, as long as they like, and one more still gets its turn within the time for a handshake.
    /// </summary>
    public double HandshakesPerSecond { get; init; } = 50;

    /// <summary>As many begin without waiting: all peers of a node that was started again.</summary>
    public double HandshakesAtOnce { get; init; } = 100;

    /// <summary>
    /// Connections that have proven nothing, in all. A silent one costs a socket and some kilobytes, one in the middle
    /// of TLS some fifty, so the worst case is about 25 MB. When full, the oldest of the
    /// address that has the most goes. As many again may come from addresses where peers were met.
    /// </summary>
    public int UnprovenConnections { get; init; } = 512;

    /// <summary>
    /// The same from one address. Several honest nodes may share an address (one machine, one household), and each
    /// needs a slot only for some milliseconds. When full, the oldest of that address goes, so nobody is locked out.
    /// </summary>
    public int UnprovenConnectionsPerAddress { get; init; } = 128;

    /// <summary>
    /// Bytes queued for one peer: all 64 pages that may be unseen, at their largest, and as much again for what the
    /// peer lacks of its own. A peer that stops reading is cut off here instead of filling the memory.
    /// </summary>
    public int QueuedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes queued at which a sender that can wait does wait: some round trips of a fast line.</summary>
    public int QueuedBytesBeforeWaiting { get; init; } = 1024 * 1024;

    /// <summary>Frames are gathered up to this many bytes for one write: four full TLS records.</summary>
    public int WriteBytes { get; init; } = 64 * 1024;

    /// <summary>How much is read at once; a frame may span many reads.</summary>
    public int ReadBytes { get; init; } = 16 * 1024;

    /// <summary>How long a close on purpose may take to deliver its reason before the socket is dropped.</summary>
    public TimeSpan FarewellTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections that the system holds until they are accepted: a burst of peers after a cut.</summary>
    public int AcceptBacklog { get; init; } = 512;

    /// <summary>The first wait before dialling again; doubled up to the longest, with jitter.</summary>
    public TimeSpan FirstDialWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait before dialling again, and the wait of a stranger who knocked.</summary>
    public TimeSpan LongestDialWait { get; init; } = TimeSpan.FromSeconds(5);
}
