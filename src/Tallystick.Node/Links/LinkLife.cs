using System.Net;
using System.Net.Sockets;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Core.Sync;

namespace Tallystick.Node.Links;

/// <summary>What the life of a link needs of its hub.</summary>
/// <param name="Post">Runs something in the hub's loop, when it is its turn.</param>
/// <param name="Met">Told where a peer has proven itself.</param>
/// <param name="Stopping">The node leaves: handshakes end.</param>
internal sealed record LinkHome(
    LinkSelf Self,
    LinkTable Table,
    LinkCallbacks Callbacks,
    LinkLimits Limits,
    TimeProvider Time,
    Func<Action, ValueTask> Post,
    Action<IPAddress> Met,
    CancellationToken Stopping);

/// <summary>One connection from its first byte to its last: handshake, trust, frames, end.</summary>
internal sealed class LinkLife(LinkHome home, LinkAttempt attempt, Caller? caller)
{
    /// <summary>Lives it. Whatever the other side does ends here and not in an exception.</summary>
    /// <param name="connect">Accepts or makes the connection.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask<Socket>> connect)
    {
        Socket? socket = null;
        LinkHandshake? handshake = null;
        var (reason, byOther) = (LinkEnds.Lost, false);
        using var deadline = new CancellationTokenSource(home.Limits.HandshakeTime, home.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token, attempt.Stop.Token, home.Stopping);
        try
        {
            socket = await connect(stop.Token);
            var connection = caller is null
                ? new NetworkStream(socket, ownsSocket: true)
                : await caller.BeginAsync(stop.Token);
            handshake = await LinkHandshake.BeginAsync(
                home.Self, home.Limits, connection, attempt.IDialled, stop.Token);
            var link = await ProveAsync(handshake, socket, stop.Token);
            // A link may live for months, and what bounds a handshake need not live with it.
            stop.Dispose();
            deadline.Dispose();
            (reason, byOther) = await RunAsync(link);
        }
        catch (LinkRefusedException refused)
        {
            (reason, byOther) = (refused.Reason, refused.ByOther);
        }
        catch (Exception e) when (LinkEnds.IsExpected(e))
        {
            reason = deadline.IsCancellationRequested ? "no answer in time" : WordsFor(e);
        }
        finally
        {
            // Of a connection that proved nothing the table never heard.
            if (attempt.IDialled || attempt.Found is not null)
                await home.Post(() => home.Table.Ended(attempt, reason, byOther));
            if (socket is null || handshake is null)
                socket?.Dispose();
            else
                await LinkEnds.CloseAsync(handshake.Stream, socket, home.Limits, home.Time);
            caller?.Dispose();
        }
    }

    private async Task<PeerLink> ProveAsync(
        LinkHandshake handshake, Socket socket, CancellationToken stop)
    {
        Greeting other;
        LinkBinding binding;
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        try
        {
            (other, binding) = await handshake.ProveAsync(attempt.IDialled, attempt.Invitation, stop);
            if (handshake.Shown is { } token && await RedeemAsync(other, token, remote.Address) is { } refusal)
                throw new LinkRefusedException(refusal);
            if (await TrustAsync(other, remote) != TrustDecision.Trusted)
                throw new LinkRefusedException(ByeReasons.NotYetAccepted);
            await handshake.AcceptAsync(stop);
        }
        catch (LinkRefusedException refused) when (!refused.ByOther)
        {
            await handshake.RefuseAsync(refused.Reason, stop);
            throw;
        }

        caller?.Accept();
        if (!attempt.IsRelayed)
            home.Met(remote.Address);
        return new PeerLink(handshake.Stream, handshake.Reader, home.Limits, home.Time)
        {
            Number = attempt.Number,
            Binding = binding,
            PeerGreeting = other,
            IDialled = attempt.IDialled,
            Remote = remote,
            IsRelayed = attempt.IsRelayed,
        };
    }

    private async Task<(string Reason, bool ByOther)> RunAsync(PeerLink link)
    {
        // From here on it runs where every peer's link does.
        await Task.Yield();
        await home.Post(() => home.Table.Proven(attempt, link));
        return await link.RunAsync(
            HandleAsync,
            onChosen: () => home.Post(() => home.Table.Chosen(link)),
            onPong: token => home.Post(() => home.Table.Pong(link, token)));
    }

    /// <summary>An error of this node's own is told apart from what the line may throw.</summary>
    private async ValueTask HandleAsync(PeerLink link, Frame frame)
    {
        try
        {
            await home.Callbacks.OnFrame(link, frame);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            link.Close(ByeReasons.Failed);
            home.Callbacks.OnError(e);
        }
    }

    private async Task<string?> RedeemAsync(Greeting other, InviteToken token, IPAddress from)
    {
        try
        {
            return await home.Callbacks.Redeem(other, token, from);
        }
        catch (Exception e)
        {
            home.Callbacks.OnError(e);
            return ByeReasons.Failed;
        }
    }

    private async Task<TrustDecision> TrustAsync(Greeting other, IPEndPoint remote)
    {
        var answer = new TaskCompletionSource<TrustDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        await home.Post(() =>
        {
            attempt.Found = other.Key;
            try
            {
                answer.SetResult(home.Table.Trust(attempt, other, remote));
            }
            catch (Exception e)
            {
                home.Callbacks.OnError(e);
                answer.SetResult(TrustDecision.NotYetAccepted);
            }
        });
        return await answer.Task;
    }

    private static string WordsFor(Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nobody listens there",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => "there is no such host",
        SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable } =>
            "there is no way to that host",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "no answer in time",
        System.Security.Authentication.AuthenticationException => "what answers there is no Tallystick node",
        _ => "the connection broke",
    };
}
