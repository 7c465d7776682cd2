using System.Collections.Concurrent;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Identity;

/// <summary>The verifiers of the keys in use, imported once each. Thread-safe.</summary>
internal sealed class KeyRing
{
    /// <summary>Far more than a person's peers; strangers' keys are verified without being kept here.</summary>
    private const int MaxKeys = 4_096;

    private readonly ConcurrentDictionary<PublicKey, PeerVerifier> verifiers = new();

    /// <summary>Whether <paramref name="key"/> signed <paramref name="hash"/>; false for a key off the curve.</summary>
    public bool Verify(PublicKey key, Hash hash, ReadOnlySpan<byte> signature)
    {
        if (!verifiers.TryGetValue(key, out var verifier))
        {
            verifier = PeerVerifier.Create(key);
            if (verifier is null)
                return false;
            if (verifiers.Count >= MaxKeys)
                verifiers.Clear();
            verifiers.TryAdd(key, verifier);
        }
        return verifier.Verify(hash, signature);
    }

    /// <summary>Drops them all: each is several kilobytes, and is imported again when it is needed.</summary>
    public void Forget()
    {
        foreach (var key in verifiers.Keys)
        {
            // Whoever verifies with it right now goes on.
            if (verifiers.TryRemove(key, out var verifier))
                verifier.Dispose();
        }
    }
}
