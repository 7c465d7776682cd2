namespace Tallystick.Node.Peers;

/// <summary>Why the peer book did not do what the person asked.</summary>
/// <param name="Name">Lower case with dashes.</param>
/// <param name="Text">One sentence for people.</param>
internal sealed record BookRefusal(string Name, string Text);

/// <summary>A peer that the book added, changed or removed, or why it did not.</summary>
internal readonly record struct BookAnswer(Storage.StoredPeer? Peer, BookRefusal? Refusal)
{
    public static implicit operator BookAnswer(Storage.StoredPeer peer) => new(peer, null);

    public static BookAnswer Refuse(string name, string text) => new(null, new BookRefusal(name, text));
}
