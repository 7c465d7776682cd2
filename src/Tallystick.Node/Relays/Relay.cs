using System.Net;
using System.Net.Sockets;
using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>
/// Joins the streams of nodes that cannot be dialled. It has no key and no file: who talks to whom is all that it
/// learns, and what they say is encrypted between the two. docs/RELAY.md has the protocol.
/// </summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly RelayLimits limits;
    private readonly TimeProvider time;
    private readonly PeerPort port;
    private readonly Reception reception;
    private readonly RelayTable table;
    private readonly LinkTls tls;
    private readonly ITimer sweeper;
    private readonly CancellationTokenSource stopping = new();
    private readonly RunningTasks connections = new();
    private Task accepting = Task.CompletedTask;

    private Relay(IPEndPoint where, RelayLimits limits, TimeProvider time)
    {
        (this.limits, this.time) = (limits, time);
        port = PeerPort.Open(where, limits.Port);
        reception = new Reception(limits.Port, time);
        table = new RelayTable(limits, time);
        tls = new LinkTls(time);
        sweeper = time.CreateTimer(_ => table.Sweep(), null, limits.SweepTime, limits.SweepTime);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint ListenEndPoint => port.EndPoint;

    /// <summary>How many nodes are registered.</summary>
    public int ClientCount => table.ClientCount;

    /// <summary>How many streams are open.</summary>
    public int StreamCount => table.StreamCount;

    /// <summary>How many connections have shown neither key nor ticket.</summary>
    internal int UnprovenCount => reception.UnprovenCount;

    /// <summary>Opens the port and begins.</summary>
    /// <param name="where">The address and the port; port 0 is any free one.</param>
    /// <exception cref="CannotStartException">The port cannot be opened.</exception>
    public static Relay Start(IPEndPoint where) => Start(where, new RelayLimits(), TimeProvider.System);

    internal static Relay Start(IPEndPoint where, RelayLimits limits, TimeProvider time)
    {
        var relay = new Relay(where, limits, time);
        relay.accepting = Task.Run(relay.AcceptAllAsync);
        return relay;
    }

    /// <summary>Says goodbye to everybody, ends all streams and closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        port.Dispose();
        await accepting;
        await sweeper.DisposeAsync();
        table.Clear();
        await connections.EndAsync();
        reception.Dispose();
        tls.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        while (await port.AcceptAsync(stopping.Token) is { } socket)
        {
            var stop = new CancellationTokenSource();
            if (reception.Admit(socket, isRelayed: false, stop) is { } caller)
                connections.Add(Task.Run(() => ServeAsync(socket, caller, stop)));
        }
    }

    /// <summary>Whatever the other side does ends here and not in an exception.</summary>
    private async Task ServeAsync(Socket socket, Caller caller, CancellationTokenSource stop)
    {
        using var deadline = new CancellationTokenSource(limits.Port.HandshakeTime, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token, stop.Token, stopping.Token);
        var isTaken = false;
        try
        {
            if (await FirstByteAsync(socket, ending.Token) == RelayTicket.FirstByte)
                isTaken = await JoinAsync(socket, caller, ending.Token);
            else
                await RegisterAsync(socket, caller, ending.Token);
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            // A stranger who broke off, said something else, or was too slow.
        }
        finally
        {
            caller.Dispose();
            if (!isTaken)
                socket.Dispose();
        }
    }

    private static async Task<byte?> FirstByteAsync(Socket socket, CancellationToken cancellation)
    {
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
        var first = new byte[1];
        return await socket.ReceiveAsync(first, SocketFlags.Peek, cancellation) == 1 ? first[0] : null;
    }

    /// <summary>True when the socket belongs to a stream from now on.</summary>
    private async Task<bool> JoinAsync(Socket socket, Caller caller, CancellationToken cancellation)
    {
        var bytes = new byte[RelayTicket.Size];
        for (var read = 0; read < bytes.Length;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(read), SocketFlags.None, cancellation);
            if (count == 0)
                return false;
            read += count;
        }
        if (RelayTicket.Decode(bytes) is not { } ticket || table.Use(ticket) is not var (stream, isCaller)
            || !stream.TryJoin(socket, isCaller, out var isWhole))
            return false;
        caller.Dispose();
        if (isWhole)
        {
            if (table.TryOpen(stream))
                await stream.RunAsync();
            table.End(stream);
        }
        return true;
    }

    private async Task RegisterAsync(Socket socket, Caller caller, CancellationToken cancellation)
    {
        var connection = await caller.BeginAsync(cancellation);
        var (stream, certificate) = await tls.AuthenticateAsync(connection, iDial: false, cancellation);
        using var channel = new RelayChannel(stream);
        try
        {
            await ServeGuestAsync(socket, caller, channel, certificate, cancellation);
        }
        finally
        {
            await LinkEnds.CloseAsync(stream, socket, limits.Port, time);
        }
    }

    private async Task ServeGuestAsync(
        Socket socket, Caller caller, RelayChannel channel, Hash certificate, CancellationToken cancellation)
    {
        var nonce = RandomHash.Next();
        await channel.SendAsync(new ChallengeMessage(RelayProof.Version, nonce), cancellation);
        var register = await channel.ExpectAsync<RegisterMessage>(cancellation);
        if (!IsProven(register, nonce, certificate))
        {
            await channel.SendAsync(new RelayByeMessage(RelayReasons.BadSignature), cancellation);
            return;
        }
        var address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        var guest = new RelayGuest(
            Fingerprint.Of(register.Key), CallerAddress.Of(address), channel, limits, time);
        caller.Accept();
        reception.Met(address);
        // From here on it runs where every other guest does, not where strangers are worked on.
        await Task.Yield();
        if (table.TryEnter(guest))
            await guest.RunAsync(table);
        else
            await channel.SendAsync(new RelayByeMessage(RelayReasons.TooMany), cancellation);
    }

    private bool IsProven(RegisterMessage register, Hash nonce, Hash certificate)
    {
        using var verifier = PeerVerifier.Create(register.Key);
        return verifier is not null && verifier.Verify(
            RelayProof.HashToSign(nonce, register.Key, tls.CertificateHash, certificate), register.Signature.Span);
    }
}
