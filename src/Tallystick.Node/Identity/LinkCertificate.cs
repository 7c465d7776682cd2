using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tallystick.Node.Identity;

/// <summary>
/// The self-signed certificate of the links: a key of its own for one run of the process, never the identity key.
/// It proves nothing by itself; the identity key signs its hash on every link.
/// </summary>
internal static class LinkCertificate
{
    public static X509Certificate2 Create(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tallystick", key, HashAlgorithmName.SHA256);
        var now = time.GetUtcNow();
        // Nobody checks the dates, but some libraries refuse a certificate without sensible ones.
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        if (!OperatingSystem.IsWindows())
            return certificate;
        // Windows' TLS cannot use a key that lives in memory only; reloading gives it one that it can.
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
