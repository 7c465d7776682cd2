using Tallystick.Core.Identity;
using Tallystick.Core.Pages;

namespace Tallystick.Simulation.Worlds;

/// <summary>
/// Signatures that cost nothing: the key and the hash in clear. Nobody here signs for another, which is all that a
/// signature promises.
/// </summary>
internal static class Signatures
{
    public static ReadOnlyMemory<byte> Sign(PublicKey key, Hash hash)
    {
        var bytes = new byte[SignedPage.SignatureSize];
        hash.CopyTo(bytes);
        Span<byte> whole = stackalloc byte[PublicKey.Size];
        key.CopyTo(whole);
        whole[1..].CopyTo(bytes.AsSpan(Hash.Size));
        return bytes;
    }

    public static bool Verify(PublicKey key, Hash hash, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignedPage.SignatureSize)
            return false;
        Span<byte> expected = stackalloc byte[Hash.Size];
        hash.CopyTo(expected);
        if (!signature[..Hash.Size].SequenceEqual(expected))
            return false;
        Span<byte> whole = stackalloc byte[PublicKey.Size];
        key.CopyTo(whole);
        return signature[Hash.Size..].SequenceEqual(whole[1..]);
    }
}
