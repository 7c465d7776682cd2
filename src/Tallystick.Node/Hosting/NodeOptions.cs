using Tallystick.Core.Money;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Hosting;

/// <summary>How a node is to run. Everything that a flag or an environment variable can say.</summary>
public sealed record NodeOptions
{
    /// <summary>What the node calls itself: 1 to 64 bytes of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>The folder with key and book; made when missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Delete the data folder on exit.</summary>
    public bool Temporary { get; init; }

    /// <summary>The address to hear peers on, an IP address or null for all.</summary>
    public string? ListenAddress { get; init; }

    /// <summary>The TCP port to hear peers on; 0 for a free one, null for none.</summary>
    public int? ListenPort { get; init; }

    /// <summary>Where else peers reach this node, HOST:PORT each: a name, or a router that forwards the port.</summary>
    public IReadOnlyList<string> Reach { get; init; } = [];

    /// <summary>Peers to dial: an optional name and HOST:PORT.</summary>
    public IReadOnlyList<(string? Name, string Address)> Peers { get; init; } = [];

    /// <summary>Relays at which others can call this node: HOST or HOST:PORT, see <see cref="PeerAddress"/>.</summary>
    public IReadOnlyList<string> Relays { get; init; } = [];

    /// <summary>
    /// Call nobody and be called by nobody, whatever the other options say: the book can be looked at and put in order.
    /// </summary>
    public bool Offline { get; init; }

    /// <summary>Look for nodes on the local network, and be seen there if peers are heard on it.</summary>
    public bool Nearby { get; init; }

    /// <summary>
    /// For demos: whoever names the same word at the same relay becomes a peer without a question. Null for real life.
    /// </summary>
    public string? MeetingWord { get; init; }

    /// <summary>The TCP port of pages and API; 0 for off, null for a free one that is remembered.</summary>
    public int? WebPort { get; init; }

    /// <summary>The IP address on which the pages are served; null for loopback.</summary>
    public string? WebAddress { get; init; }

    /// <summary>Serve rooms to people without a node, who need no sign-in.</summary>
    public bool Rooms { get; init; }

    /// <summary>The address under which a proxy serves the pages to others, or null.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The assets in which tabs are opened with every peer; the first is the default.</summary>
    public IReadOnlyList<Asset> Assets { get; init; } = [Asset.Credits];

    /// <summary>The passphrase of the key file, given beforehand. A key that is made now gets it.</summary>
    public Passphrase? Passphrase { get; init; }

    /// <summary>Asks for the passphrase when the key file has one; null when there is nobody to ask.</summary>
    public Func<CancellationToken, Passphrase?>? AskPassphrase { get; init; }

    /// <summary>Log details to standard error.</summary>
    public bool Debug { get; init; }
}

/// <summary>
/// The node cannot start, for a reason that its user can mend. The message is one sentence that says how.
/// </summary>
public sealed class CannotStartException : Exception
{
    public CannotStartException()
    {
    }

    public CannotStartException(string message)
        : base(message)
    {
    }

    public CannotStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
