using System.Collections.Concurrent;
using System.Net.Sockets;
using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Relays;

/// <summary>
/// A node's connection to one relay: registers there, calls, is called, and comes back whenever it is lost. Links that
/// run through the relay have connections of their own. A visitor only calls, under a key that means nothing.
/// </summary>
internal sealed class RelayLine : IAsyncDisposable
{
    /// <summary>More streams than peers call at once; a relay that invents callers gets no further.</summary>
    private const int MostArriving = 64;

    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan PongWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Another process with this key has taken the place; it may be gone by then.</summary>
    private static readonly TimeSpan ReplacedWait = TimeSpan.FromSeconds(30);

    /// <summary>How long a call waits for the line to be there.</summary>
    private static readonly TimeSpan CallWait = TimeSpan.FromSeconds(2);

    private readonly PeerAddress relay;
    private readonly RelayHome home;
    private readonly NodeIdentity? visitor;
    private readonly RateAllowance arrivals;
    private readonly RunningTasks arriving = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Hash>> calls = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private volatile TaskCompletionSource<RelayChannel> registered = NewSource<RelayChannel>();
    private long lastCall;
    private long heardMs;
    private long calledMs;
    private int arrivingCount;

    /// <param name="relay">Where it is.</param>
    /// <param name="home">Its node.</param>
    /// <param name="visitor">The key of a visitor, disposed with the line; null to register as the node itself.</param>
    public RelayLine(PeerAddress relay, RelayHome home, NodeIdentity? visitor = null)
    {
        (this.relay, this.home, this.visitor) = (relay, home, visitor);
        calledMs = Clock.NowMs(home.Time);
        arrivals = new RateAllowance(perSecond: 20, atOnce: 200, Clock.NowMs(home.Time));
        running = Task.Run(StayAsync);
    }

    /// <summary>Whether this node can be called there now.</summary>
    public bool IsRegistered => registered.Task.IsCompletedSuccessfully;

    /// <summary>When it was used last.</summary>
    public long CalledMs => Interlocked.Read(ref calledMs);

    /// <summary>Connects a new socket to another node that is registered there.</summary>
    /// <exception cref="LinkRefusedException">The relay is off, or declines.</exception>
    public async ValueTask ConnectAsync(Socket socket, Fingerprint callee, CancellationToken cancellation)
    {
        Interlocked.Exchange(ref calledMs, Clock.NowMs(home.Time));
        var ticket = await CallAsync(callee, cancellation);
        await JoinAsync(socket, ticket, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await arriving.EndAsync();
        stopping.Dispose();
        visitor?.Dispose();
    }

    private async Task<Hash> CallAsync(Fingerprint callee, CancellationToken cancellation)
    {
        RelayChannel channel;
        try
        {
            channel = await registered.Task.WaitAsync(CallWait, home.Time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new LinkRefusedException("the relay is not connected");
        }
        var number = Interlocked.Increment(ref lastCall);
        var answer = calls[number] = NewSource<Hash>();
        try
        {
            await channel.SendAsync(new CallMessage(number, callee), cancellation);
            return await answer.Task.WaitAsync(cancellation);
        }
        finally
        {
            calls.TryRemove(number, out _);
        }
    }

    private async Task JoinAsync(Socket socket, Hash ticket, CancellationToken cancellation)
    {
        await ConnectAsync(socket, cancellation);
        await socket.SendAsync(RelayTicket.Encode(ticket), SocketFlags.None, cancellation);
    }

    private async Task ConnectAsync(Socket socket, CancellationToken cancellation) =>
        await socket.ConnectAsync(await HostNames.ResolveAsync(relay, cancellation), relay.Port, cancellation);

    private async Task StayAsync()
    {
        var wait = FirstWait;
        while (!stopping.IsCancellationRequested)
        {
            var (why, held) = await RunOnceAsync();
            if (stopping.IsCancellationRequested)
                return;
            Tell(why);
            // Who registers and is refused right after it is no better than who never registers.
            wait = held >= LongestWait ? FirstWait : wait;
            var next = why == RelayReasons.Replaced ? ReplacedWait : Jittered(wait);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            await Task.Delay(next, home.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What a visitor finds is told with the calls that it makes.
    private void Tell(string? why)
    {
        if (visitor is null)
            home.Changed(relay, why);
    }

    /// <summary>One connection from its first byte to its last: why it ended, and how long it was registered.</summary>
    private async Task<(string Why, TimeSpan Held)> RunOnceAsync()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        using var deadline = new CancellationTokenSource(home.Limits.HandshakeTime, home.Time);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        long? registeredMs = null;
        var pinging = Task.CompletedTask;
        try
        {
            using var joined = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, deadline.Token);
            await ConnectAsync(socket, joined.Token);
            var (stream, certificate) = await home.Self.Tls.AuthenticateAsync(
                new NetworkStream(socket, ownsSocket: false), iDial: true, joined.Token);
            await using var encrypted = stream;
            using var channel = new RelayChannel(stream);
            await RegisterAsync(channel, certificate, joined.Token);
            registeredMs = Clock.NowMs(home.Time);
            registered.TrySetResult(channel);
            Tell(null);
            pinging = PingAsync(channel, socket, ending.Token);
            try
            {
                while (true)
                    Handle(await channel.ReadAsync(ending.Token));
            }
            finally
            {
                registered = NewSource<RelayChannel>();
                await ending.CancelAsync();
                await pinging;
            }
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            var heldMs = registeredMs is { } since ? Clock.NowMs(home.Time) - since : 0;
            return (
                WordsFor(e, deadline.IsCancellationRequested && registeredMs is null),
                TimeSpan.FromMilliseconds(heldMs));
        }
        finally
        {
            foreach (var call in calls.Values)
                call.TrySetException(new LinkRefusedException("the relay is gone"));
        }
    }

    private async Task RegisterAsync(RelayChannel channel, Hash certificate, CancellationToken cancellation)
    {
        var challenge = await channel.ExpectAsync<ChallengeMessage>(cancellation);
        if (challenge.Version != RelayProof.Version)
            throw new LinkRefusedException("it speaks another version of the protocol");
        var identity = visitor ?? home.Self.Identity;
        var signature = identity.Sign(RelayProof.HashToSign(
            challenge.Nonce, identity.Key, certificate, home.Self.Tls.CertificateHash));
        await channel.SendAsync(new RegisterMessage(identity.Key, signature), cancellation);
        await channel.ExpectAsync<RegisteredMessage>(cancellation);
        if (visitor is null && home.Word is { } word)
            await channel.SendAsync(new MeetMessage(RelayProof.HashOfWord(word)), cancellation);
    }

    private void Handle(RelayMessage message)
    {
        Interlocked.Exchange(ref heardMs, Clock.NowMs(home.Time));
        switch (message)
        {
            case PlacedMessage placed:
                Answer(placed.Number)?.TrySetResult(placed.Ticket);
                break;
            case DeclinedMessage declined:
                Answer(declined.Number)?.TrySetException(new LinkRefusedException(Words(declined.Reason)));
                break;
            case IncomingMessage incoming when visitor is null && arrivals.TryTake(Clock.NowMs(home.Time)):
                arriving.Add(ArriveAsync(incoming.Ticket));
                break;
            case IncomingMessage or RelayPongMessage:
                break;
            case MetMessage met when visitor is null && home.Word is not null:
                home.Met(PeerAddress.Through(relay, met.Other));
                break;
            default:
                throw new LinkRefusedException(RelayReasons.BadEncoding);
        }
    }

    private TaskCompletionSource<Hash>? Answer(long number) => calls.GetValueOrDefault(number);

    private async Task ArriveAsync(Hash ticket)
    {
        await Task.Yield();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = new CancellationTokenSource(home.Limits.HandshakeTime, home.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping.Token);
        try
        {
            if (Interlocked.Increment(ref arrivingCount) > MostArriving)
                throw new LinkRefusedException(RelayReasons.TooMany);
            await JoinAsync(socket, ticket, ending.Token);
            home.Arrived(socket);
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            socket.Dispose();
        }
        finally
        {
            Interlocked.Decrement(ref arrivingCount);
        }
    }

    /// <summary>A relay that died without a word is noticed, and a living one keeps this node registered.</summary>
    private async Task PingAsync(RelayChannel channel, Socket socket, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(PingAfter, home.Time, cancellation);
                var askedMs = Clock.NowMs(home.Time);
                await channel.SendAsync(new RelayPingMessage(), cancellation);
                await Task.Delay(PongWithin, home.Time, cancellation);
                if (Interlocked.Read(ref heardMs) < askedMs)
                {
                    socket.Dispose();
                    return;
                }
            }
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            // The connection has ended; whoever reads from it knows why.
        }
    }

    private static string WordsFor(Exception e, bool isLate) => e switch
    {
        _ when isLate => "no answer in time",
        LinkRefusedException refused => Words(refused.Reason),
        System.Security.Authentication.AuthenticationException => "what answers there is no relay",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nobody listens there",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => "there is no such host",
        _ => "the connection broke",
    };

    private static string Words(string reason) => reason switch
    {
        RelayReasons.NotThere => "the relay does not know them now",
        RelayReasons.TooMany => "the relay is full",
        RelayReasons.Leaving => "the relay has stopped",
        RelayReasons.BadEncoding => "what answers there is no relay",
        LinkEnds.Lost => "the connection broke",
        _ => reason,
    };

    private static TimeSpan Jittered(TimeSpan wait) => wait / 2 + wait / 2 * Random.Shared.NextDouble();

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
