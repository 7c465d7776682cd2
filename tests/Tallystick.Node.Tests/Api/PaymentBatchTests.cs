using Tallystick.Client;

namespace Tallystick.Node.Tests.Api;

/// <summary>Many payments in one call, over the API of a real node.</summary>
public sealed class PaymentBatchTests : TwoNodes
{
    [Fact]
    public async Task Every_payment_of_a_batch_is_made_once_however_often_the_batch_is_sent()
    {
        PayRequest[] batch = [.. Enumerable.Range(0, 1_000).Select(_ => Pay("0.01"))];
        for (var times = 0; times < 3; times++)
        {
            var results = await Alice.Client.PayManyAsync(batch);
            Assert.Equal(batch.Select(payment => payment.RequestId), results.Select(result => result.RequestId));
            Assert.All(results, result => Assert.Null(result.Refusal));
        }

        await Alice.UntilBalanceAsync("-10.00");
        await Bob.UntilBalanceAsync("10.00");
        Assert.True((await Alice.Client.VerifyAsync()).Matches);
    }

    [Fact]
    public async Task Each_payment_of_a_batch_stands_alone()
    {
        await Bob.Client.SetLimitAsync("alice", new LimitRequest("5"));
        await Eventually.IsTrueAsync(
            async () => (await Alice.Client.GetBalancesAsync()).Tabs.Single().PeerLimit == "5.00",
            "alice knows the limit");

        var results = await Alice.Client.PayManyAsync(
            [Pay("2"), Pay("4"), Pay("zero"), Pay("1", "nobody"), Pay("3", waitMs: 10_000)]);

        Assert.Equal(
            [null, "over-limit", "bad-amount", "unknown-peer", null], results.Select(result => result.Refusal));
        Assert.Equal(PaymentStates.Refused, results[1].State);
        Assert.EndsWith(".", results[1].Reason, StringComparison.Ordinal);
        Assert.Equal(PaymentStates.Delivered, results[4].State);
        await Bob.UntilBalanceAsync("5.00");
    }

    [Fact]
    public async Task A_batch_that_is_empty_too_long_or_without_ids_is_refused_whole()
    {
        foreach (var batch in (PayRequest[][])[
            [], [.. Enumerable.Range(0, 1_001).Select(_ => Pay("0.01"))], [Pay("1"), new PayRequest("1", "bob")],
            [Pay("1"), null!]])
        {
            var refused = await Assert.ThrowsAsync<TallystickException>(() => Alice.Client.PayManyAsync(batch));
            Assert.Equal(400, refused.Problem.Status);
        }
        Assert.Equal("0.00", (await Alice.Client.GetBalancesAsync()).Tabs.Single().Balance);
    }

    private PayRequest Pay(string amount, string peer = "bob", int waitMs = 0) =>
        new(amount, peer, RequestId: Alice.Client.NewRequestId(), WaitMs: waitMs);
}
