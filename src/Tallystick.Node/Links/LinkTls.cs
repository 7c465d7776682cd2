using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tallystick.Core.Identity;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Links;

/// <summary>TLS 1.3 with a certificate on both sides. Any will do: the proof after it binds its hash.</summary>
internal sealed class LinkTls : IDisposable
{
    private readonly X509Certificate2 certificate;
    private readonly SslStreamCertificateContext context;

    public LinkTls(TimeProvider time)
    {
        certificate = LinkCertificate.Create(time);
        context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        CertificateHash = HashOf(certificate);
    }

    /// <summary>The SHA-256 of the own certificate.</summary>
    public Hash CertificateHash { get; }

    /// <summary>Runs the TLS handshake; returns the stream and the hash of the other side's certificate.</summary>
    public async Task<(SslStream Stream, Hash OtherCertificate)> AuthenticateAsync(
        Stream connection, bool iDial, CancellationToken cancellation)
    {
        var stream = new SslStream(connection);
        try
        {
            if (iDial)
                await stream.AuthenticateAsClientAsync(ClientOptions(), cancellation);
            else
                await stream.AuthenticateAsServerAsync(ServerOptions(), cancellation);
            var other = stream.RemoteCertificate ?? throw new AuthenticationException("There is no certificate.");
            return (stream, HashOf(other));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => certificate.Dispose();

    private static Hash HashOf(X509Certificate certificate) => new(certificate.GetCertHash(HashAlgorithmName.SHA256));

    private SslClientAuthenticationOptions ClientOptions() => new()
    {
        TargetHost = "tallystick",
        ClientCertificateContext = context,
        EnabledSslProtocols = SslProtocols.Tls13,
        // A resumed session would not show the certificate again, whose hash the proof needs.
        AllowTlsResume = false,
        CertificateChainPolicy = NoLookups(),
        RemoteCertificateValidationCallback = AcceptAny,
    };

    private SslServerAuthenticationOptions ServerOptions() => new()
    {
        ServerCertificateContext = context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateChainPolicy = NoLookups(),
        RemoteCertificateValidationCallback = AcceptAny,
    };

    private static bool AcceptAny(
        object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
            certificate is not null;

    /// <summary>A stranger's certificate must not make this node fetch anything from anywhere.</summary>
    private static X509ChainPolicy NoLookups() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };
}
