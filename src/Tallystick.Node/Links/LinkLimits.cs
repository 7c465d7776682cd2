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
    /// Connections that have proven nothing, in all. A silent one costs a socket and some kilobytes, one in the middle
    /// of TLS some fifty, so the worst case is about 25 MB. When full, the oldest goes.
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
