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
    private readonly Task<(SslStreamCertificateContext Context, Hash Hash)> making;

    /// <summary>
    /// Begins to make the certificate. That is a fifth of a node's start, and the rest of it need not wait.
    /// </summary>
    public LinkTls(TimeProvider time) => making = Task.Run(() => Make(time));

    /// <summary>The SHA-256 of the own certificate; waits until there is one.</summary>
    public Hash CertificateHash => making.GetAwaiter().GetResult().Hash;

    /// <summary>Runs the TLS handshake; returns the stream and the hash of the other side's certificate.</summary>
    public async Task<(SslStream Stream, Hash OtherCertificate)> AuthenticateAsync(
        Stream connection, bool iDial, CancellationToken cancellation)
    {
        var stream = new SslStream(connection);
        try
        {
            var own = (await making.WaitAsync(cancellation)).Context;
            if (iDial)
                await stream.AuthenticateAsClientAsync(ClientOptions(own), cancellation);
            else
                await stream.AuthenticateAsServerAsync(ServerOptions(own), cancellation);
            var other = stream.RemoteCertificate ?? throw new AuthenticationException("There is no certificate.");
            return (stream, HashOf(other));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => making.GetAwaiter().GetResult().Context.TargetCertificate.Dispose();

    private static (SslStreamCertificateContext Context, Hash Hash) Make(TimeProvider time)
    {
        var certificate = LinkCertificate.Create(time);
        TlsBuffers.Release();
        var context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        return (context, HashOf(certificate));
    }

    private static Hash HashOf(X509Certificate certificate) => new(certificate.GetCertHash(HashAlgorithmName.SHA256));

    private static SslClientAuthenticationOptions ClientOptions(SslStreamCertificateContext own) => new()
    {
        TargetHost = "tallystick",
        ClientCertificateContext = own,
        EnabledSslProtocols = SslProtocols.Tls13,
        // A resumed session would not show the certificate again, whose hash the proof needs.
        AllowTlsResume = false,
        CertificateChainPolicy = NoLookups(),
        RemoteCertificateValidationCallback = AcceptAny,
    };

    private static SslServerAuthenticationOptions ServerOptions(SslStreamCertificateContext own) => new()
    {
        ServerCertificateContext = own,
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
