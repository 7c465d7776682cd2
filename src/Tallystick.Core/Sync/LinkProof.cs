using Tallystick.Core.Identity;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Sync;

/// <summary>Which end of a link a node is.</summary>
public enum LinkRole : byte
{
    /// <summary>It opened the connection.</summary>
    Dialler = 0,

    /// <summary>It accepted the connection.</summary>
    Listener = 1,
}

/// <summary>What each end signs to prove its identity on one link.</summary>
/// <remarks>
/// <code>
/// "tab-link/1"            10 bytes
/// dialler's Greeting      bytes
/// listener's Greeting     bytes
/// role of the signer      0 dialler, 1 listener, one byte
/// dialler's certificate   hash (SHA-256 of its DER form)
/// listener's certificate  hash
/// </code>
/// The role stops a reflected proof, the certificates one that is relayed between two TLS connections.
/// </remarks>
public static class LinkProof
{
    private static ReadOnlySpan<byte> Tag => "tab-link/1"u8;

    /// <summary>The hash that the end with <paramref name="signer"/>'s role signs.</summary>
    public static Hash HashToSign(
        Greeting dialler, Greeting listener, LinkRole signer, Hash diallerCertificate, Hash listenerCertificate)
    {
        var writer = new CanonicalWriter(512);
        writer.Raw(Tag);
        writer.Bytes(GreetingCodec.Encode(dialler));
        writer.Bytes(GreetingCodec.Encode(listener));
        writer.Byte((byte)signer);
        writer.Hash(diallerCertificate);
        writer.Hash(listenerCertificate);
        return Hash.Of(writer.Finish());
    }

    /// <summary>What every Hello of this link names, so that it is worth nothing on another.</summary>
    public static LinkBinding Bind(
        Greeting dialler, Greeting listener, Hash diallerCertificate, Hash listenerCertificate) =>
        new(dialler.Nonce, listener.Nonce, diallerCertificate, listenerCertificate);
}
