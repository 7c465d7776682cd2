using System.Security.Cryptography;

namespace Tallystick.Node.Identity;

/// <summary>An identity's key as text: PKCS#8 in PEM, plain or encrypted. OpenSSL reads both.</summary>
internal static class KeyText
{
    // What OWASP asks of PBKDF2 with SHA-256; a third of a second at every start.
    private const int Rounds = 600_000;
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    private static readonly PbeParameters Protection = new(
        PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Rounds);

    public static bool IsEncrypted(string text) =>
        PemEncoding.TryFind(text, out var fields) && text.AsSpan()[fields.Label] is EncryptedLabel;

    /// <exception cref="CryptographicException">It is not such a key, or the passphrase is another.</exception>
    public static ECParameters Read(string text, Passphrase? passphrase)
    {
        using var key = ECDsa.Create();
        if (passphrase is null)
            key.ImportFromPem(text);
        else
            key.ImportFromEncryptedPem(text, passphrase.Text);
        return key.ExportParameters(includePrivateParameters: true);
    }

    public static string Write(ECParameters parameters, Passphrase? passphrase)
    {
        using var key = ECDsa.Create(parameters);
        var text = passphrase is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(passphrase.Text, Protection);
        return text + "\n";
    }
}
