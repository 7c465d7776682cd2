using Tallystick.Core.Identity;

namespace Tallystick.Core.Relays;

/// <summary>The first bytes of a connection that carries a stream.</summary>
/// <remarks>
/// <code>
/// "tab-join/1"   10 bytes
/// ticket         hash, as the relay gave it
/// </code>
/// What follows belongs to the two nodes. TLS begins with byte 22, so the first byte tells the two apart.
/// </remarks>
public static class RelayTicket
{
    /// <summary>The first byte of such a connection.</summary>
    public const byte FirstByte = (byte)'t';

    private static ReadOnlySpan<byte> Tag => "tab-join/1"u8;

    /// <summary>How many bytes they are.</summary>
    public static int Size => Tag.Length + Hash.Size;

    /// <summary>The bytes.</summary>
    public static byte[] Encode(Hash ticket)
    {
        var bytes = new byte[Size];
        Tag.CopyTo(bytes);
        ticket.CopyTo(bytes.AsSpan(Tag.Length));
        return bytes;
    }

    /// <summary>The ticket, or null when these are other bytes.</summary>
    public static Hash? Decode(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size && bytes.StartsWith(Tag) ? new Hash(bytes[Tag.Length..]) : null;
}
