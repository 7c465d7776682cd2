using System.Net.Sockets;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>What a line to a relay needs of its node.</summary>
internal sealed record RelayHome
{
    public required LinkSelf Self { get; init; }

    public required LinkLimits Limits { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Takes the callee's end of a stream; what is said on it proves nothing yet.</summary>
    public required Action<Socket> Arrived { get; init; }

    /// <summary>Everybody who names this word to the same relay is told of, or null.</summary>
    public string? Word { get; init; }

    /// <summary>Told of somebody who named the word: where, and who it is said to be.</summary>
    public Action<PeerAddress> Met { get; init; } = _ => { };

    /// <summary>Told when a relay is there (null), or why it is not.</summary>
    public Action<PeerAddress, string?> Changed { get; init; } = (_, _) => { };
}
