using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Tallystick.Node.Rooms;

/// <summary>
/// Names a room: 16 letters and digits in four groups, 80 random bits, so that nobody finds one by trying.
/// </summary>
internal readonly record struct RoomId
{
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int Length = 16;
    private const int Group = 4;
    private readonly string? text;

    private RoomId(string text) => this.text = text;

    public static RoomId Next() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Reads an id, with or without separators, alone or at the end of a room's address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? typed, out RoomId id)
    {
        id = default;
        var path = (typed ?? string.Empty).Trim().Split('?', '#')[0];
        var at = path.IndexOf("/rooms/", StringComparison.OrdinalIgnoreCase);
        var word = at < 0 ? path : path[(at + "/rooms/".Length)..].Split('/')[0];
        var letters = string.Concat(word.Where(c => c is not ('-' or ' '))).ToLowerInvariant();
        if (letters.Length != Length || !letters.All(Alphabet.Contains))
            return false;
        id = new RoomId(letters);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join('-', (text ?? string.Empty).Chunk(Group).Select(group => new string(group)));
}
