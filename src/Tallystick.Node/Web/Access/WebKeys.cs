using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tallystick.Node.Web.Access;

/// <summary>
/// The secrets of the pages. All follow from the token of the data folder, so that they outlive a restart and end with
/// that file; none of them lets anybody find the token or another of them.
/// </summary>
internal sealed class WebKeys(string token)
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(token);

    /// <summary>What the printed link carries.</summary>
    public string SignInCode => Derive("sign-in");

    /// <summary>What the cookie of whoever signed in carries.</summary>
    public string Session => Derive("session");

    /// <summary>What the forms of one browser carry, so that no other page can post them.</summary>
    /// <param name="subject">The cookie by which that browser is known.</param>
    public string FormToken(string subject) => Derive("form/" + subject);

    /// <summary>Compares in a time that tells nothing.</summary>
    public static bool Same(string? shown, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(shown ?? string.Empty), Encoding.UTF8.GetBytes(expected));

    private string Derive(string purpose) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("tallystick/web/" + purpose)));
}
