using System.Security.Cryptography;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Links;

/// <summary>32 random bytes, for nonces and run ids.</summary>
internal static class RandomHash
{
    public static Hash Next()
    {
        Span<byte> bytes = stackalloc byte[Hash.Size];
        RandomNumberGenerator.Fill(bytes);
        return new Hash(bytes);
    }
}
