using System.IO.Pipelines;
using System.Net.Security;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Links;

/// <summary>What this node says of itself on every link.</summary>
internal sealed record LinkSelf(NodeIdentity Identity, string Name, Hash RunId, int ListenPort, LinkTls Tls);

/// <summary>
/// From a socket to two proven keys: TLS, greetings, proofs; then each side says by a first ping that it accepts the
/// other, or by a Bye that it does not.
/// </summary>
internal sealed class LinkHandshake(LinkSelf self, LinkLimits limits, SslStream stream, Hash otherCertificate)
{
    // Version 2 has invitations and addresses.
    private const int OldestVersion = 1;
    private const int NewestVersion = 2;
    private static readonly byte[] Acceptance = FrameCodec.Write(new PingFrame(0));

    /// <summary>The frames of the link, from the first one on. An idle link holds no buffer to read into.</summary>
    public FrameReader Reader { get; } = new(PipeReader.Create(
        stream, new StreamPipeReaderOptions(bufferSize: limits.ReadBytes, leaveOpen: true, useZeroByteReads: true)));

    /// <summary>Runs TLS.</summary>
    public static async Task<LinkHandshake> BeginAsync(
        LinkSelf self, LinkLimits limits, Stream connection, bool iDial, CancellationToken cancellation)
    {
        var (stream, otherCertificate) = await self.Tls.AuthenticateAsync(connection, iDial, cancellation);
        return new LinkHandshake(self, limits, stream, otherCertificate);
    }

    /// <summary>The encrypted stream.</summary>
    public SslStream Stream => stream;

    /// <summary>What the other side showed before its proof, which this node accepted as a listener; or null.</summary>
    public InviteToken? Shown { get; private set; }

    /// <summary>Exchanges greetings and proofs.</summary>
    /// <param name="iDial">Whether this node dialled.</param>
    /// <param name="invitation">
    /// What a dialler shows, and the only key that may see it; null for a link without an invitation. Then it is the
    /// listener who proves its key first: its proof also rules out that TLS ends anywhere else.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<(Greeting Other, LinkBinding Binding)> ProveAsync(
        bool iDial, (InviteToken Token, PublicKey Inviter)? invitation, CancellationToken cancellation)
    {
        var mine = new Greeting(
            self.Identity.Key, self.Name, RandomHash.Next(), self.RunId, self.ListenPort,
            MinVersion: OldestVersion, MaxVersion: NewestVersion);
        await SendAsync(new GreetingFrame(mine), cancellation);
        var other = (await ExpectAsync<GreetingFrame>(cancellation)).Greeting;
        if (other.MinVersion > NewestVersion || other.MaxVersion < OldestVersion
            || (invitation is not null && IsOld(other)))
            throw new LinkRefusedException(Rejections.UpgradeNeeded.Name);
        if (other.Key == self.Identity.Key)
            throw new LinkRefusedException(Rejections.SameKey.Name);

        var (dialler, listener) = iDial ? (mine, other) : (other, mine);
        var (diallerCertificate, listenerCertificate) = iDial
            ? (self.Tls.CertificateHash, otherCertificate)
            : (otherCertificate, self.Tls.CertificateHash);
        Hash Proof(LinkRole signer) =>
            LinkProof.HashToSign(dialler, listener, signer, diallerCertificate, listenerCertificate);

        var (mineRole, otherRole) = iDial
            ? (LinkRole.Dialler, LinkRole.Listener)
            : (LinkRole.Listener, LinkRole.Dialler);
        var myProof = new ProofFrame(self.Identity.Sign(Proof(mineRole)));
        if (invitation is null)
            await SendAsync(myProof, cancellation);
        var proof = await ExpectProofAsync(mayShow: !iDial, cancellation);
        using var verifier = PeerVerifier.Create(other.Key);
        if (verifier is null || !verifier.Verify(Proof(otherRole), proof.Signature.Span))
            throw new LinkRefusedException(Rejections.BadSignature.Name);
        if (invitation is { } shown)
        {
            if (other.Key == shown.Inviter)
                await SendAsync(new RedeemFrame(shown.Token), cancellation);
            await SendAsync(myProof, cancellation);
        }
        return (other, LinkProof.Bind(dialler, listener, diallerCertificate, listenerCertificate));
    }

    /// <summary>Whether the other knows neither invitations nor addresses.</summary>
    public static bool IsOld(Greeting other) => other.MaxVersion < NewestVersion;

    /// <summary>Says that the other is accepted, and waits for the same.</summary>
    public async Task AcceptAsync(CancellationToken cancellation)
    {
        await stream.WriteAsync(Acceptance, cancellation);
        await ExpectAsync<PingFrame>(cancellation);
    }

    /// <summary>Says why the link ends. Whoever does not listen is not waited for.</summary>
    public async Task RefuseAsync(string reason, CancellationToken cancellation) =>
        await SendAsync(new ByeFrame(reason), cancellation);

    private ValueTask SendAsync(Frame frame, CancellationToken cancellation) =>
        stream.WriteAsync(FrameCodec.Write(frame), cancellation);

    private async Task<ProofFrame> ExpectProofAsync(bool mayShow, CancellationToken cancellation)
    {
        switch (await ExpectAsync<Frame>(cancellation))
        {
            case ProofFrame proof:
                return proof;
            case RedeemFrame redeem when mayShow:
                Shown = redeem.Token;
                return await ExpectAsync<ProofFrame>(cancellation);
            default:
                throw new LinkRefusedException(Rejections.BadEncoding.Name);
        }
    }

    private async Task<T> ExpectAsync<T>(CancellationToken cancellation)
        where T : Frame
    {
        return await Reader.ReadAsync(FrameCodec.MaxUnprovenFrameBytes, cancellation) switch
        {
            ByeFrame bye => throw new LinkRefusedException(bye.Reason, byOther: true),
            T expected => expected,
            null => throw new LinkRefusedException(LinkEnds.Lost, byOther: true),
            _ => throw new LinkRefusedException(Rejections.BadEncoding.Name),
        };
    }
}
