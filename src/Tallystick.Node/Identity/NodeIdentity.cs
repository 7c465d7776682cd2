using System.Security.Cryptography;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Identity;

/// <summary>The key that is this node: it signs pages, Hellos, Faults and link proofs. Thread-safe.</summary>
internal sealed class NodeIdentity : IDisposable
{
    private readonly SigningKeys keys;

    internal NodeIdentity(ECParameters parameters)
    {
        if (!CurvePoint.TryCompress(parameters.Q, out var key))
            throw new CryptographicException("The key is not on the curve P-256.");
        Key = key;
        Fingerprint = Fingerprint.Of(key);
        keys = new SigningKeys(parameters);
    }

    /// <summary>The identity.</summary>
    public PublicKey Key { get; }

    /// <summary>What people compare.</summary>
    public Fingerprint Fingerprint { get; }

    /// <summary>A fresh identity that is kept nowhere, for rooms and tests.</summary>
    public static NodeIdentity CreateFresh()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new NodeIdentity(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>The identity in a data folder, made when there is none.</summary>
    /// <exception cref="Hosting.CannotStartException">The file cannot be read, written or understood.</exception>
    public static NodeIdentity LoadOrCreate(
        string dataFolder, KeyAccess? access = null, CancellationToken cancel = default) =>
        KeyFile.LoadOrCreate(dataFolder, access ?? new KeyAccess(), cancel);

    /// <summary>Signs: 64 bytes, r and s.</summary>
    public byte[] Sign(Hash hash) => keys.Use(hash, static (key, hash) =>
    {
        Span<byte> digest = stackalloc byte[Hash.Size];
        hash.CopyTo(digest);
        return key.SignHash(digest.ToArray());
    });

    public void Dispose() => keys.Dispose();
}
