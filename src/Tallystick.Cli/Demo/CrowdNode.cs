using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Demo;

/// <summary>One of many nodes in this process, each with its own key, book, port and API.</summary>
internal sealed class CrowdNode(NodeHost host) : IAsyncDisposable
{
    private int paid;

    public string Name => host.Name;

    public TallystickClient Client { get; } = TallystickClient.OverUnixSocket(host.SocketPath, host.Token);

    /// <summary>How many of its payments the other side has confirmed.</summary>
    public int Paid => Volatile.Read(ref paid);

    /// <summary>Invites the other, who joins; true when both are peers then.</summary>
    public async Task<bool> MeetAsync(CrowdNode other, int waitMs, CancellationToken stop)
    {
        var made = await Client.InviteAsync(new InviteRequest(), stop);
        var joined = await other.Client.JoinAsync(new JoinRequest(made.Link, WaitMs: waitMs), stop);
        return joined.State == JoinStates.Joined;
    }

    /// <summary>Pays, and waits until the other has it; false when it did not come to that.</summary>
    public async Task<bool> PayAsync(CrowdNode other, string amount, int waitMs, CancellationToken stop)
    {
        var payment = await Client.PayAsync(new PayRequest(amount, other.Name, WaitMs: waitMs), stop);
        if (payment.State != PaymentStates.Delivered)
            return false;
        Interlocked.Increment(ref paid);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
    }
}
