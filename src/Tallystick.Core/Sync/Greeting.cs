using Tallystick.Core.Identity;

namespace Tallystick.Core.Sync;

/// <summary>The first words on a link, before anything is proven.</summary>
/// <param name="Key">The identity that the sender is about to prove.</param>
/// <param name="Name">What the sender calls itself: UTF-8, 1 to 64 bytes. A claim, never a proof.</param>
/// <param name="Nonce">32 random bytes.</param>
/// <param name="RunId">32 random bytes, one value per process start.</param>
/// <param name="ListenPort">The TCP port on which the sender listens, 0 for none.</param>
/// <param name="MinVersion">The oldest link protocol that the sender speaks.</param>
/// <param name="MaxVersion">The newest link protocol that the sender speaks.</param>
public sealed record Greeting(
    PublicKey Key, string Name, Hash Nonce, Hash RunId, int ListenPort, int MinVersion, int MaxVersion);
