using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Node.Hosting;
using Tallystick.Node.Tests.Api;
using Tallystick.Node.Tests.Relays;

namespace Tallystick.Node.Tests.Invites;

/// <summary>Invitations of nodes that nobody can dial.</summary>
public sealed class RelayedInviteTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Two_people_whom_nobody_can_dial_become_peers_by_one_link_over_a_relay()
    {
        await using var relay = new StartedRelay();
        await using var alice = await StartAsync("alice", relay.Address.ToString());
        await using var bob = await StartAsync("bob");
        var invitation = await alice.Client.InviteAsync(new InviteRequest("100"));
        Assert.Equal($"relay:{relay.Address}/{alice.Host.Fingerprint}", Assert.Single(invitation.Addresses));
        await bob.Client.JoinAsync(new JoinRequest(invitation.Link, WaitMs: 20_000));
        await bob.UntilReadyAsync("alice");
        await bob.Client.PayAsync(new PayRequest("7", "alice", WaitMs: 10_000));
        await alice.UntilBalanceAsync("7.00");
    }

    private Task<RunningTestNode> StartAsync(string name, params string[] relays) =>
        RunningTestNode.StartAsync(new NodeOptions
        {
            Name = name,
            DataFolder = Path.Combine(folder, name),
            ListenPort = null,
            Relays = relays,
            Assets = [Asset.Credits],
        });
}
