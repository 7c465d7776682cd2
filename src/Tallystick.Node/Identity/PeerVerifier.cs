using System.Security.Cryptography;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Identity;

/// <summary>Verifies what one key signed. Importing costs more than verifying, so keep it. Thread-safe.</summary>
internal sealed class PeerVerifier : IDisposable
{
    /// <summary>The length of a signature: r and s, 32 bytes each.</summary>
    public const int SignatureSize = 64;

    private readonly SigningKeys keys;

    private PeerVerifier(PublicKey key, SigningKeys keys) => (Key, this.keys) = (key, keys);

    /// <summary>The key.</summary>
    public PublicKey Key { get; }

    /// <summary>Imports a key; null when it is no point of the curve.</summary>
    public static PeerVerifier? Create(PublicKey key)
    {
        if (!CurvePoint.TryDecompress(key, out var point))
            return null;
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point };
        return new PeerVerifier(key, new SigningKeys(parameters));
    }

    /// <summary>Whether the key signed <paramref name="hash"/>. Anything malformed is simply not a signature.</summary>
    public bool Verify(Hash hash, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize
        && keys.Use(new Signed(hash, signature), static (key, signed) =>
        {
            Span<byte> digest = stackalloc byte[Hash.Size];
            signed.Hash.CopyTo(digest);
            return key.VerifyHash(digest, signed.Signature);
        });

    public void Dispose() => keys.Dispose();

    private readonly ref struct Signed(Hash hash, ReadOnlySpan<byte> signature)
    {
        public Hash Hash { get; } = hash;

        public ReadOnlySpan<byte> Signature { get; } = signature;
    }
}
