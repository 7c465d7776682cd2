using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Relays;

/// <summary>What a node signs to register at a relay.</summary>
/// <remarks>
/// <code>
/// "tab-relay/1"         11 bytes
/// nonce                 hash, of the relay's challenge
/// key                   33 bytes
/// relay's certificate   hash (SHA-256 of its DER form)
/// node's certificate    hash
/// </code>
/// The certificates bind it to one TLS connection: whoever passes it on to another relay has proven nothing there.
/// </remarks>
public static class RelayProof
{
    /// <summary>The version of the relay protocol that is spoken here.</summary>
    public const int Version = 1;

    private static ReadOnlySpan<byte> Tag => "tab-relay/1"u8;

    private static ReadOnlySpan<byte> WordTag => "tab-meet/1"u8;

    /// <summary>The hash that the node signs.</summary>
    public static Hash HashToSign(Hash nonce, PublicKey key, Hash relayCertificate, Hash nodeCertificate)
    {
        var writer = new CanonicalWriter(256);
        writer.Raw(Tag);
        writer.Hash(nonce);
        writer.Key(key);
        writer.Hash(relayCertificate);
        writer.Hash(nodeCertificate);
        return Hash.Of(writer.Finish());
    }

    /// <summary>What stands for a word on the wire: the SHA-256 of "tab-meet/1" and its UTF-8.</summary>
    public static Hash HashOfWord(string word) => Hash.Of([.. WordTag, .. Encoding.UTF8.GetBytes(word)]);
}
