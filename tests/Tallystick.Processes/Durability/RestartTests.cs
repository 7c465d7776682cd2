using Tallystick.Client;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Durability;

/// <summary>Nothing that was accepted is lost, nothing is done twice, whoever dies whenever.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private const int PaymentsEachWay = 1000;
    private readonly ScratchFolder scratch = new();
    private readonly List<NodeProcess> nodes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        scratch.Dispose();
    }

    [Fact]
    public async Task A_queued_payment_survives_a_kill_and_is_delivered_once()
    {
        var (alice, bob) = await PairAsync();
        Assert.Equal(0, await bob.StopAsync());
        await Until.TrueAsync("alice sees that bob is off", async () => !await alice.SeesAsync(bob));
        var queued = await alice.Client.PayAsync(new PayRequest("7", "bob"));
        Assert.Equal(PaymentStates.Queued, queued.State);

        await alice.KillAsync();
        await alice.StartAsync();
        Assert.Equal(PaymentStates.Queued, await alice.StateAsync(queued.RequestId));

        await bob.StartAsync();
        await Until.TrueAsync("the payment is delivered", async () =>
            await alice.StateAsync(queued.RequestId) == PaymentStates.Delivered);
        Assert.Equal(
            ("-7.00", "7.00"), (await alice.BalanceWithAsync(bob), (await bob.BalanceWithAsync(alice)).TrimStart('+')));
        Assert.Single((await bob.Client.GetHistoryAsync("alice")).Entries, e => e.Kind == "pay");
    }

    [Fact]
    public async Task A_queued_payment_that_was_taken_back_is_never_paid()
    {
        var (alice, bob) = await PairAsync();
        await bob.StopAsync();
        await Until.TrueAsync("alice sees that bob is off", async () => !await alice.SeesAsync(bob));
        var taken = await alice.Client.PayAsync(new PayRequest("7", "bob"));
        var kept = await alice.Client.PayAsync(new PayRequest("1", "bob"));
        Assert.Equal(PaymentStates.Cancelled, (await alice.Client.CancelAsync(taken.Id)).State);

        await alice.KillAsync();
        await alice.StartAsync();
        await bob.StartAsync();
        await Until.TrueAsync("the other payment is delivered", async () =>
            await alice.StateAsync(kept.RequestId) == PaymentStates.Delivered);
        Assert.Equal(PaymentStates.Cancelled, await alice.StateAsync(taken.RequestId));
        Assert.Equal("-1.00", await alice.BalanceWithAsync(bob));
    }

    [Fact]
    public async Task Kills_in_the_middle_of_a_thousand_payments_each_way_lose_and_repeat_nothing()
    {
        var (alice, bob) = await PairAsync();
        var hers = Enumerable.Range(0, PaymentsEachWay).Select(_ => alice.Client.NewRequestId()).ToList();
        var his = Enumerable.Range(0, PaymentsEachWay).Select(_ => bob.Client.NewRequestId()).ToList();

        var sent = 0;
        var paying = Task.WhenAll(
            ManyPayments.PayAsync(alice, bob, "0.01", hers, Count),
            ManyPayments.PayAsync(bob, alice, "0.03", his, Count));
        await KillAfterAsync(bob, PaymentsEachWay / 3);
        await KillAfterAsync(alice, PaymentsEachWay);
        await KillAfterAsync(bob, PaymentsEachWay * 5 / 3);
        await paying;

        await ManyPayments.AreDeliveredAsync(alice, hers);
        await ManyPayments.AreDeliveredAsync(bob, his);
        await Until.TrueAsync("both books say the same", async () =>
            (await alice.BalanceWithAsync(bob)).TrimStart('+') == "20.00"
                && await bob.BalanceWithAsync(alice) == "-20.00");
        foreach (var (node, other) in ((NodeProcess, NodeProcess)[])[(alice, bob), (bob, alice)])
        {
            var proof = Assert.Single((await node.Client.VerifyAsync()).Tabs);
            Assert.True(proof.Matches, proof.Line);
            Assert.Equal(await node.BalanceWithAsync(other), proof.Balance);
        }

        void Count() => Interlocked.Increment(ref sent);

        async Task KillAfterAsync(NodeProcess node, int payments)
        {
            await Until.TrueAsync($"{payments} payments were accepted", () => Volatile.Read(ref sent) >= payments
                || paying.IsCompleted);
            await node.KillAsync();
            await node.StartAsync();
        }
    }

    private async Task<(NodeProcess Alice, NodeProcess Bob)> PairAsync()
    {
        var (alice, bob) = await NodeProcess.PairAsync(scratch);
        nodes.AddRange([alice, bob]);
        return (alice, bob);
    }
}
