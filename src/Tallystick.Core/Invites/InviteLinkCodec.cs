using System.Buffers.Binary;
using System.Buffers.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Sync;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Invites;

/// <summary>An invitation as text.</summary>
/// <remarks>
/// <code>
/// tallystick://join/ and then in base64url, without padding:
/// key         33 bytes, the inviter's
/// name        text, 1 to 64 bytes
/// asset       text, 1 to 12 bytes
/// scale       integer, 0 to 9
/// limit       integer: 0 for none, else the units plus one
/// expires     integer, Unix seconds
/// secret      16 bytes
/// addresses   count of 1 to 8, then each a text of 1 to 262 bytes
/// check       the first 4 bytes of SHA-256("tab-invite/1" and all bytes before)
/// </code>
/// The check finds slips of copying. What keeps a changed link from being worth anything is the token: the hash of
/// "tab-redeem/1" and all bytes but the check.
/// </remarks>
internal static class InviteLinkCodec
{
    private const string Start = InviteLink.Scheme + "join/";
    private const int SecretBytes = 16;
    private const int CheckBytes = 4;

    // Eight of the longest addresses and everything else, with room.
    private const int MaxBytes = 3 * 1_024;

    private const string NoLink = "This is no invitation: it begins with tallystick://join/.";
    private const string Damaged =
        "This invitation is damaged: copy the whole link, from tallystick:// to its last letter.";

    private static ReadOnlySpan<byte> CheckTag => "tab-invite/1"u8;

    private static ReadOnlySpan<byte> TokenTag => "tab-redeem/1"u8;

    public static string Write(InviteLink link)
    {
        var content = Encode(link);
        return Start + Base64Url.EncodeToString([.. content, .. CheckOf(content)]);
    }

    /// <summary>The link, or null and one sentence.</summary>
    public static InviteLink? Read(string text, out string? problem)
    {
        problem = NoLink;
        if (!text.StartsWith(Start, StringComparison.Ordinal))
            return null;
        problem = Damaged;
        var letters = text.AsSpan(Start.Length);
        if (letters.Length > MaxBytes * 4 / 3 || !Base64Url.IsValid(letters, out var length) || length <= CheckBytes)
            return null;
        var bytes = Base64Url.DecodeFromChars(letters);
        var content = bytes.AsSpan(..^CheckBytes);
        if (!CheckOf(content).SequenceEqual(bytes.AsSpan(^CheckBytes..)) || Decode(content) is not { } link)
            return null;
        // One link has one text: neither spaces nor loose bits in its last letter.
        if (Write(link) != text)
            return null;
        problem = null;
        return link;
    }

    public static Hash HashOf(InviteLink link) => Hash.Of([.. TokenTag, .. Encode(link)]);

    private static byte[] Encode(InviteLink link)
    {
        var writer = new CanonicalWriter(256);
        writer.Key(link.Inviter);
        writer.Text(link.Name);
        writer.Text(link.Asset.Code);
        writer.Integer(link.Asset.Scale);
        writer.Integer(link.Limit.IsNone ? 0 : link.Limit.Units + 1);
        writer.Integer(link.ExpiresSeconds);
        Span<byte> secret = stackalloc byte[SecretBytes];
        BinaryPrimitives.WriteUInt128BigEndian(secret, link.Secret);
        writer.Raw(secret);
        AddressText.WriteList(writer, link.Addresses);
        return writer.Finish();
    }

    private static InviteLink? Decode(ReadOnlySpan<byte> content)
    {
        var reader = new CanonicalReader(content);
        var (key, name) = (reader.Key(), reader.Text(1, GreetingCodec.MaxNameBytes));
        if (!Asset.TryCreate(reader.Text(1, Asset.MaxCodeLength), reader.SmallInteger(), out var asset))
            reader.Fail("it counts no asset");
        var limit = CreditLimit.None;
        var number = reader.Integer();
        if (number > 0 && !CreditLimit.TryCreate(number - 1, out limit))
            reader.Fail("its limit is too large");
        var expires = reader.Integer();
        var secret = reader.Raw(SecretBytes);
        var addresses = AddressText.ReadList(ref reader, atLeast: 1);
        return reader.Finish("invitation") is null
            ? new InviteLink(
                key, name, asset!, limit, expires, BinaryPrimitives.ReadUInt128BigEndian(secret), addresses)
            : null;
    }

    private static byte[] CheckOf(ReadOnlySpan<byte> content) =>
        Hash.Of([.. CheckTag, .. content]).ToArray()[..CheckBytes];
}
