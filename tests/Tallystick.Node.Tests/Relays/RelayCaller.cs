using System.Net;
using System.Net.Sockets;
using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;

namespace Tallystick.Node.Tests.Relays;

/// <summary>One who speaks to a relay by hand, and says what it likes.</summary>
internal sealed class RelayCaller : IAsyncDisposable
{
    private readonly LinkTls tls = new(TimeProvider.System);
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint relay;
    private Stream stream = Stream.Null;

    private RelayCaller(IPEndPoint relay) => this.relay = relay;

    public NodeIdentity Identity { get; private init; } = NodeIdentity.CreateFresh();

    public Fingerprint Fingerprint => Fingerprint.Of(Identity.Key);

    public RelayChannel Channel { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Registers as people do.</summary>
    public static async Task<RelayCaller> RegisterAsync(IPEndPoint relay, NodeIdentity? identity = null)
    {
        var caller = new RelayCaller(relay) { Identity = identity ?? NodeIdentity.CreateFresh() };
        var (nonce, certificate) = await caller.BeginAsync();
        await caller.ShowAsync(caller.Identity, RelayProof.HashToSign(
            nonce, caller.Identity.Key, certificate, caller.tls.CertificateHash));
        await caller.Channel.ExpectAsync<RegisteredMessage>(Cancellation);
        return caller;
    }

    /// <summary>Encrypts the connection, and leaves the proof to the caller.</summary>
    public static async Task<(RelayCaller Caller, Hash Nonce, Hash RelayCertificate)> ConnectAsync(IPEndPoint relay)
    {
        var caller = new RelayCaller(relay);
        var (nonce, certificate) = await caller.BeginAsync();
        return (caller, nonce, certificate);
    }

    public Hash Certificate => tls.CertificateHash;

    /// <summary>Shows a key with a signature over anything.</summary>
    public async Task ShowAsync(NodeIdentity identity, Hash signed, PublicKey? key = null) => await Channel.SendAsync(
        new RegisterMessage(key ?? identity.Key, identity.Sign(signed)), Cancellation);

    public async Task SayRawAsync(byte[] bytes) => await stream.WriteAsync(bytes, Cancellation);

    public Task SayAsync(RelayMessage message) => Channel.SendAsync(message, Cancellation);

    public Task<T> HearAsync<T>()
        where T : RelayMessage => Channel.ExpectAsync<T>(Cancellation);

    /// <summary>Why the relay ended the connection.</summary>
    public async Task<string> HearTheEndAsync()
    {
        try
        {
            while (true)
                await Channel.ReadAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        }
        catch (LinkRefusedException refused)
        {
            return refused.Reason;
        }
        catch (IOException)
        {
            return LinkEnds.Lost;
        }
    }

    /// <summary>Opens an end of a stream.</summary>
    public async Task<Socket> JoinAsync(Hash ticket)
    {
        var end = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await end.ConnectAsync(relay, Cancellation);
        await end.SendAsync(RelayTicket.Encode(ticket), SocketFlags.None, Cancellation);
        return end;
    }

    /// <summary>Both ends of a stream to another.</summary>
    public async Task<(Socket Mine, Socket Theirs)> StreamToAsync(RelayCaller other)
    {
        await SayAsync(new CallMessage(1, other.Fingerprint));
        var mine = await JoinAsync((await HearAsync<PlacedMessage>()).Ticket);
        return (mine, await other.JoinAsync((await other.HearAsync<IncomingMessage>()).Ticket));
    }

    public ValueTask DisposeAsync()
    {
        Channel.Dispose();
        socket.Dispose();
        tls.Dispose();
        Identity.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(Hash Nonce, Hash RelayCertificate)> BeginAsync()
    {
        await socket.ConnectAsync(relay, Cancellation);
        var (encrypted, certificate) = await tls.AuthenticateAsync(
            new NetworkStream(socket, ownsSocket: true), iDial: true, Cancellation);
        stream = encrypted;
        Channel = new RelayChannel(stream);
        return ((await Channel.ExpectAsync<ChallengeMessage>(Cancellation)).Nonce, certificate);
    }
}
