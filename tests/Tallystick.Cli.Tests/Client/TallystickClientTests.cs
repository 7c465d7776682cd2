using Tallystick.Client;

namespace Tallystick.Cli.Tests.Client;

public sealed class TallystickClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_always_carries_a_time_ordered_request_id()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        using var client = node.Connect();
        var payment = await client.PayAsync(new PayRequest("10", "bob"), Cancel);
        Assert.Equal(7, Guid.Parse(payment.RequestId).Version);
        Assert.Equal(payment, await client.GetPaymentAsync(payment.Id, Cancel));
    }

    [Fact]
    public async Task A_refusal_carries_the_problem()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        using var client = node.Connect();
        var refused = await Assert.ThrowsAsync<TallystickException>(
            () => client.PayAsync(new PayRequest("10", "carol"), Cancel));
        Assert.Equal(("unknown-peer", 404), (refused.Problem.Refusal, refused.Problem.Status));
    }

    [Fact]
    public async Task A_wrong_token_is_told_as_such()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        using var client = node.Connect("wrong");
        var refused = await Assert.ThrowsAsync<TallystickException>(() => client.GetNodeAsync(Cancel));
        Assert.Equal(401, refused.Problem.Status);
        await Assert.ThrowsAsync<TallystickException>(async () =>
        {
            await foreach (var notice in client.NoticesAsync(Cancel))
                Assert.Fail(notice.Kind);
        });
    }

    [Fact]
    public async Task Without_a_node_nothing_was_sent()
    {
        using var client = new TallystickClient(new Uri("http://127.0.0.1:1"), "token");
        await Assert.ThrowsAsync<NodeUnreachableException>(() => client.PayAsync(new PayRequest("10"), Cancel));
        using var local = TallystickClient.OverUnixSocket(Path.Combine(Path.GetTempPath(), "no-such-socket"), "token");
        await Assert.ThrowsAsync<NodeUnreachableException>(() => local.PayAsync(new PayRequest("10"), Cancel));
    }

    [Fact]
    public async Task A_connection_that_breaks_after_paying_leaves_the_outcome_unknown_and_the_same_id_pays_once()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.BreaksAfterPaying = 1;
        using var client = node.Connect();
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => client.PayAsync(new PayRequest("10", "bob"), Cancel));
        var payment = await client.PayAsync(new PayRequest("10", "bob", RequestId: unknown.RequestId), Cancel);
        Assert.Equal(unknown.RequestId, payment.RequestId);
        Assert.Equal(1, node.Carried);
    }

    [Fact]
    public async Task A_node_that_stops_in_the_middle_has_not_refused_and_the_same_id_pays_once()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.StopsAfterPaying = 1;
        using var client = node.Connect();
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => client.PayAsync(new PayRequest("10", "bob"), Cancel));
        var payment = await client.PayAsync(new PayRequest("10", "bob", RequestId: unknown.RequestId), Cancel);
        Assert.Equal(unknown.RequestId, payment.RequestId);
        Assert.Equal(1, node.Carried);
    }

    [Fact]
    public async Task Notices_come_as_they_are_told_and_end_when_cancelled()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        using var client = node.Connect();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var told = new List<Notice>();
        var first = new Notice(NoticeKinds.Paid, "bob", "10.00", "credits", "for lunch \u202E🫡", "1a2b3c4d");
        var second = new Notice(NoticeKinds.Disconnected, "bob", null, null, null, null);
        var reading = Task.Run(
            async () =>
            {
                await foreach (var notice in client.NoticesAsync(over.Token))
                {
                    told.Add(notice);
                    if (told.Count == 2)
                        await over.CancelAsync();
                }
            },
            Cancel);
        await Eventually.HoldsAsync(() => node.Listeners == 1);
        node.Tell(first);
        node.Tell(second);
        await reading;
        Assert.Equal([first, second], told);
    }
}
