namespace Tallystick.Node.Peers;

/// <summary>Why the peer book did not do what the person asked.</summary>
/// <param name="Name">Lower case with dashes.</param>
/// <param name="Text">One sentence for people.</param>
internal sealed record BookRefusal(string Name, string Text)
{
    /// <summary>The refusal of a name that nobody has: the nearest of <paramref name="names"/>, else all.</summary>
    public static BookRefusal UnknownPeer(string name, IReadOnlyCollection<string> names)
    {
        var nobody = $"There is no peer called {PeerNames.Printable(name)}";
        if (names.Count == 0)
            return new("unknown-peer", $"{nobody}: add one with peer add NAME HOST:PORT.");
        return new("unknown-peer", Nearest.To(name, names) is { } near
            ? $"{nobody}; did you mean {near}?"
            : $"{nobody}; your peers are {string.Join(", ", names)}.");
    }
}

/// <summary>A peer that the book added, changed or removed, or why it did not.</summary>
internal readonly record struct BookAnswer(Storage.StoredPeer? Peer, BookRefusal? Refusal)
{
    public static implicit operator BookAnswer(Storage.StoredPeer peer) => new(peer, null);

    public static BookAnswer Refuse(string name, string text) => new(null, new BookRefusal(name, text));
}
