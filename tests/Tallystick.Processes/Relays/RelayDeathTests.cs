using Tallystick.Client;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Relays;

/// <summary>Nothing that was accepted is lost, nothing is done twice, whatever becomes of the relay.</summary>
public sealed class RelayDeathTests : IDisposable
{
    private const int PaymentsEachWay = 600;
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Kills_of_the_relay_and_of_a_node_lose_and_repeat_nothing()
    {
        await using var relay = new RelayProcess();
        await relay.StartAsync();
        await using var alice = new NodeProcess("alice", scratch.Of("alice")) { Relay = relay.Address };
        await using var bob = new NodeProcess("bob", scratch.Of("bob")) { Relay = relay.Address };
        await Task.WhenAll(alice.StartAsync(), bob.StartAsync());
        await alice.Client.AddPeerAsync(new AddPeerRequest("bob", await ReachAsync(bob)));
        await bob.Client.AddPeerAsync(new AddPeerRequest("alice", await ReachAsync(alice)));
        await AreConnectedAsync(alice, bob);

        var hers = Enumerable.Range(0, PaymentsEachWay).Select(_ => alice.Client.NewRequestId()).ToList();
        var his = Enumerable.Range(0, PaymentsEachWay).Select(_ => bob.Client.NewRequestId()).ToList();
        var sent = 0;
        var paying = Task.WhenAll(
            ManyPayments.PayAsync(alice, bob, "0.01", hers, Count),
            ManyPayments.PayAsync(bob, alice, "0.03", his, Count));
        await AtAsync(PaymentsEachWay / 3);
        await relay.KillAsync();
        await relay.StartAsync();
        await AtAsync(PaymentsEachWay);
        await bob.KillAsync();
        await bob.StartAsync();
        await relay.KillAsync();
        await relay.StartAsync();
        await paying;

        await ManyPayments.AreDeliveredAsync(alice, hers);
        await ManyPayments.AreDeliveredAsync(bob, his);
        await Until.TrueAsync("both books say the same", async () =>
            (await alice.BalanceWithAsync(bob)).TrimStart('+') == "12.00"
                && await bob.BalanceWithAsync(alice) == "-12.00");
        foreach (var node in (NodeProcess[])[alice, bob])
        {
            var proof = Assert.Single((await node.Client.VerifyAsync()).Tabs);
            Assert.True(proof.Matches, proof.Line);
        }

        void Count() => Interlocked.Increment(ref sent);

        Task AtAsync(int payments) => Until.TrueAsync(
            $"{payments} payments were accepted", () => Volatile.Read(ref sent) >= payments || paying.IsCompleted);
    }

    [Fact]
    public async Task A_payment_that_was_queued_while_the_relay_was_dead_is_delivered_once()
    {
        await using var relay = new RelayProcess();
        await relay.StartAsync();
        await using var alice = new NodeProcess("alice", scratch.Of("alice")) { Relay = relay.Address };
        await using var bob = new NodeProcess("bob", scratch.Of("bob"));
        await bob.StartAsync();
        await alice.StartAsync(bob);
        await Until.TrueAsync("alice knocks", async () => (await bob.Client.GetPeersAsync()).Strangers.Count > 0);
        await bob.Client.AcceptPeerAsync(new AcceptPeerRequest((await alice.Client.GetNodeAsync()).Fingerprint));
        await AreConnectedAsync(alice, bob);
        await relay.KillAsync();

        // The direct link stands, whatever the relay does.
        var direct = await alice.Client.PayAsync(new PayRequest("1", "bob", WaitMs: 30_000));
        Assert.Equal(PaymentStates.Delivered, direct.State);
        await bob.StopAsync();
        var queued = await alice.Client.PayAsync(new PayRequest("7", "bob"));
        await relay.StartAsync();
        await bob.StartAsync();
        await Until.TrueAsync("the payment is delivered", async () =>
            await alice.StateAsync(queued.RequestId) == PaymentStates.Delivered);
        Assert.Equal("-8.00", await alice.BalanceWithAsync(bob));
    }

    private static async Task<string> ReachAsync(NodeProcess node) =>
        Assert.Single((await node.Client.GetNodeAsync()).Relays!).Reach;

    private static Task AreConnectedAsync(NodeProcess one, NodeProcess other) => Until.TrueAsync(
        "both are connected", async () => await one.SeesAsync(other) && await other.SeesAsync(one));
}
