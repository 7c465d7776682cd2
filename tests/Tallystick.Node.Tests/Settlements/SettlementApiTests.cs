using Tallystick.Client;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Settlements;

/// <summary>Settlements between two real nodes, each spoken to over its own API.</summary>
public sealed class SettlementApiTests : TwoNodes
{
    [Fact]
    public async Task Propose_dispute_modify_accept_settles_at_the_amount_that_was_accepted_on_both_sides()
    {
        await Alice.Client.PayAsync(new PayRequest("50", WaitMs: 10_000));
        var request = new SettleRequest("20", Method: "cash", Reference: "R1");
        var proposed = (await Alice.Client.SettleAsync(request)).Settlement;
        Assert.Equal(
            (SettlementStates.Proposed, "20.00", true, true, 1),
            (proposed.State, proposed.Amount, proposed.Mine, proposed.Paying, proposed.Revision));
        Assert.Equal("you pay bob 20.00 credits by cash, ref R1", proposed.Title);
        Assert.Equal([SettlementActions.Modify, SettlementActions.Withdraw], proposed.Actions);

        var atBob = await SeenByBobAsync(proposed.Id, SettlementStates.Proposed);
        Assert.Equal("alice pays you 20.00 credits by cash, ref R1", atBob.Title);
        Assert.Equal([SettlementActions.Accept, SettlementActions.Dispute], atBob.Actions);

        await Bob.Client.DisputeSettlementAsync(proposed.Id, new AnswerRequest(1, "it was 15"));
        await UntilAsync(Alice, proposed.Id, SettlementStates.Disputed);
        var modified = (await Alice.Client.ModifySettlementAsync(proposed.Id, new ModifyRequest("15"))).Settlement;
        Assert.Equal((proposed.Id + ".2", 2, "cash"), (modified.Id, modified.Revision, modified.Method));
        await SeenByBobAsync(modified.Id, SettlementStates.Proposed);
        var settled = (await Bob.Client.AcceptSettlementAsync(modified.Id, new AnswerRequest(2))).Settlement;
        Assert.Equal((SettlementStates.Settled, "15.00"), (settled.State, settled.Amount));
        Assert.Empty(settled.Actions);

        await UntilAsync(Alice, proposed.Id, SettlementStates.Settled);
        await Alice.UntilBalanceAsync("-35.00");
        await Bob.UntilBalanceAsync("35.00");
        foreach (var (node, before, after) in new[] { (Alice, "-50.00", "-35.00"), (Bob, "50.00", "35.00") })
        {
            var detail = await node.Client.GetSettlementAsync(proposed.Id[..4]);
            Assert.Equal((before, after), (detail.BalanceBefore, detail.BalanceAfter));
            Assert.Equal(
                [
                    ("propose", 1, "20.00", "cash R1"), ("dispute", 1, "20.00", "it was 15"),
                    ("modify", 2, "15.00", "cash R1"), ("accept", 2, "15.00", null),
                ],
                detail.Trail.Select(step => (step.Kind, step.Revision, step.Amount!, step.Text)));
            Assert.Equal(
                [node == Alice, node == Bob, node == Alice, node == Bob], detail.Trail.Select(step => step.Mine));
            Assert.All(detail.Trail, step => Assert.Equal((64, 128), (step.Hash.Length, step.Signature.Length)));
            Assert.True((await node.Client.VerifyAsync()).Matches);
        }
    }

    [Fact]
    public async Task A_payers_acceptance_only_agrees_and_the_receivers_received_settles()
    {
        var bobsNotices = new NoticeLog(Bob.Client);
        await bobsNotices.Subscribed;
        var asked = (await Alice.Client.SettleAsync(new SettleRequest("30", Payer: "peer", Method: "bank"))).Settlement;
        await SeenByBobAsync(asked.Id, SettlementStates.Proposed);
        var agreed = await Bob.Client.AcceptSettlementAsync(asked.Id, new AnswerRequest(1));
        Assert.Equal((SettlementStates.Agreed, true), (agreed.Settlement.State, agreed.Settlement.Paying));
        await Eventually.IsTrueAsync(
            async () => (await Bob.Client.GetSettlementAsync(asked.Id)).Settlement.SafeToTransfer,
            "bob hears that his acceptance was seen");
        var seen = await bobsNotices.FirstAsync(notice => notice.Kind == NoticeKinds.Seen);
        Assert.Equal((asked.Id, "30.00", true), (seen.Id, seen.Amount, seen.Settlement!.SafeToTransfer));
        Assert.Equal("0.00", (await Alice.Client.GetBalancesAsync()).Tabs[0].Balance);

        // Modified after the agreement, it asks the payer anew.
        await UntilAsync(Alice, asked.Id, SettlementStates.Agreed);
        await Alice.Client.ModifySettlementAsync(asked.Id, new ModifyRequest("31"));
        var anew = await SeenByBobAsync(asked.Id, SettlementStates.Proposed);
        Assert.Contains("30.00 credits was accepted", anew.Standing, StringComparison.Ordinal);
        Assert.False(anew.SafeToTransfer);
        await Bob.Client.AcceptSettlementAsync(asked.Id, new AnswerRequest(2));
        await UntilAsync(Alice, asked.Id, SettlementStates.Agreed);
        var settled = await Alice.Client.ReceivedSettlementAsync(asked.Id, new AnswerRequest(2));
        Assert.Equal((SettlementStates.Settled, "31.00"), (settled.Settlement.State, settled.Settlement.Amount));
        await Bob.UntilBalanceAsync("31.00");
    }

    [Fact]
    public async Task A_stale_answer_is_refused_with_the_new_amount_in_the_message()
    {
        var proposed = (await Alice.Client.SettleAsync(new SettleRequest("20", Payer: "me"))).Settlement;
        await Alice.Client.ModifySettlementAsync(proposed.Id, new ModifyRequest("15"));
        await SeenByBobAsync(proposed.Id + ".2", SettlementStates.Proposed);
        var stale = await RefusedAsync(() => Bob.Client.AcceptSettlementAsync(proposed.Id, new AnswerRequest(1)));
        Assert.Equal((409, "not-newest"), (stale.Status, stale.Refusal));
        Assert.Contains("15.00 credits", stale.Detail, StringComparison.Ordinal);
        Assert.Contains(proposed.Id + ".2", stale.Detail, StringComparison.Ordinal);

        await Bob.Client.AcceptSettlementAsync(proposed.Id, new AnswerRequest(2));
        await UntilAsync(Alice, proposed.Id, SettlementStates.Settled);
        var late = await RefusedAsync(
            () => Alice.Client.ModifySettlementAsync(proposed.Id, new ModifyRequest("12")));
        Assert.Equal("closed", late.Refusal);
        Assert.Contains("bob was first: it is settled at 15.00 credits", late.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_pays_follows_from_who_owes_and_at_zero_it_is_asked()
    {
        var which = await RefusedAsync(() => Alice.Client.SettleAsync(new SettleRequest("5")));
        Assert.Equal((400, "which-payer"), (which.Status, which.Refusal));
        await Alice.Client.PayAsync(new PayRequest("10", WaitMs: 10_000));
        Assert.True((await Alice.Client.SettleAsync(new SettleRequest("5"))).Settlement.Paying);
        Assert.False((await Bob.Client.SettleAsync(new SettleRequest("5"))).Settlement.Paying);
    }

    [Fact]
    public async Task An_ask_is_owed_once_it_is_accepted()
    {
        var asked = await Alice.Client.SettleAsync(
            new SettleRequest("12.50", Method: SettlementMethods.Ask, Reference: "pizza"));
        Assert.True(asked.Settlement.IsAsk);
        var atBob = await SeenByBobAsync(asked.Settlement.Id, SettlementStates.Proposed);
        Assert.Equal("alice asks you for 12.50 credits for pizza", atBob.Title);
        await Bob.Client.AcceptSettlementAsync(atBob.Id, new AnswerRequest(1));
        await Alice.UntilBalanceAsync("12.50");
    }

    [Fact]
    public async Task The_same_request_again_has_no_second_effect_and_gives_the_same_outcome()
    {
        var id = Alice.Client.NewRequestId();
        var request = new SettleRequest("20", Payer: "me", RequestId: id);
        var first = await Alice.Client.SettleAsync(request);
        var again = await Alice.Client.SettleAsync(request);
        Assert.Equal(first.Settlement.Key, again.Settlement.Key);
        var reused = await RefusedAsync(() => Alice.Client.SettleAsync(request with { Amount = "21" }));
        Assert.Equal("request-id-reused", reused.Refusal);
        await SeenByBobAsync(first.Settlement.Id, SettlementStates.Proposed);
        var answer = new AnswerRequest(1, RequestId: Bob.Client.NewRequestId());
        await Bob.Client.AcceptSettlementAsync(first.Settlement.Id, answer);
        var repeated = await Bob.Client.AcceptSettlementAsync(first.Settlement.Id, answer);
        Assert.Equal(SettlementStates.Settled, repeated.Settlement.State);
        await Bob.UntilBalanceAsync("-20.00");
        Assert.Single((await Bob.Client.GetSettlementsAsync()).Settlements);
    }

    [Fact]
    public async Task Two_that_may_be_the_same_money_are_not_both_booked_unasked()
    {
        var mine = (await Alice.Client.SettleAsync(new SettleRequest("20", Payer: "me"))).Settlement;
        var his = (await Bob.Client.SettleAsync(new SettleRequest("20", Payer: "peer"))).Settlement;
        await SeenByBobAsync(mine.Id, SettlementStates.Proposed);
        Assert.Equal([his.Id], (await Bob.Client.GetSettlementAsync(mine.Id)).Twins);
        var twin = await RefusedAsync(() => Bob.Client.AcceptSettlementAsync(mine.Id, new AnswerRequest(1)));
        Assert.Equal("has-twin", twin.Refusal);
        Assert.Contains(his.Id, twin.Detail, StringComparison.Ordinal);

        await Bob.Client.AcceptSettlementAsync(mine.Id, new AnswerRequest(1, Twins: TwinChoices.Close));
        Assert.Equal(
            SettlementStates.Withdrawn, (await Bob.Client.GetSettlementAsync(his.Id)).Settlement.State);
        var pages = (await Bob.Client.GetHistoryAsync()).Entries.Where(entry => entry.Kind is "accept" or "withdraw");
        Assert.Single(pages.Select(entry => entry.Page).Distinct());
        await Bob.UntilBalanceAsync("-20.00");
    }

    [Fact]
    public async Task While_the_peer_is_off_a_proposal_waits_and_can_be_taken_back()
    {
        await Bob.DisposeAsync();
        await Eventually.IsTrueAsync(
            async () => !(await Alice.Client.GetPeersAsync()).Known[0].Online, "alice sees that bob is off");
        var kept = await Alice.Client.SettleAsync(new SettleRequest("20", Payer: "me"));
        var taken = await Alice.Client.SettleAsync(new SettleRequest("7", Payer: "me"));
        Assert.Equal((PaymentStates.Queued, SettlementStates.Queued), (kept.Wish, kept.Settlement.State));
        await Alice.Client.WithdrawSettlementAsync(taken.Settlement.Id);
        var listed = Assert.Single((await Alice.Client.GetSettlementsAsync()).Settlements);
        Assert.Equal(kept.Settlement.Id, listed.Id);
        Bob = await RunningTestNode.StartAsync(Bob.Options with { ListenPort = Bob.Host.ListenEndPoint!.Port });
        Assert.Equal("20.00", (await SeenByBobAsync(kept.Settlement.Id, SettlementStates.Proposed)).Amount);
    }

    [Fact]
    public async Task The_list_can_be_read_in_parts_and_survives_a_restart_and_others_payments()
    {
        var ids = new List<string>();
        for (var i = 1; i <= 5; i++)
        {
            ids.Add((await Alice.Client.SettleAsync(new SettleRequest($"{i}", Payer: "me"))).Settlement.Id);
            await Alice.Client.PayAsync(new PayRequest("1"));
        }
        foreach (var id in ids[..2])
            await Alice.Client.WithdrawSettlementAsync(id);
        await SeenByBobAsync(ids[1], SettlementStates.Withdrawn);
        Bob = await Bob.RestartAsync();
        var found = new List<string>();
        string? before = null;
        do
        {
            var part = await Bob.Client.GetSettlementsAsync(most: 2, before: before);
            found.AddRange(part.Settlements.Select(each => each.Id));
            before = part.Before;
        }
        while (before is not null);
        Assert.Equal(Enumerable.Reverse(ids), found);
        var open = (await Bob.Client.GetSettlementsAsync(onlyOpen: true)).Settlements;
        Assert.Equal(Enumerable.Reverse(ids).Take(3), open.Select(each => each.Id));
    }

    [Fact]
    public async Task The_wrong_side_unknown_ids_and_bad_input_are_refused_in_one_sentence()
    {
        var mine = (await Alice.Client.SettleAsync(new SettleRequest("20", Payer: "me"))).Settlement;
        await SeenByBobAsync(mine.Id, SettlementStates.Proposed);
        (Func<Task> Call, string Refusal)[] wrong =
        [
            (() => Alice.Client.AcceptSettlementAsync(mine.Id, new AnswerRequest(1)), "not-yours"),
            (() => Bob.Client.ModifySettlementAsync(mine.Id, new ModifyRequest("1")), "not-yours"),
            (() => Bob.Client.WithdrawSettlementAsync(mine.Id), "not-yours"),
            (() => Bob.Client.ReceivedSettlementAsync(mine.Id, new AnswerRequest(1)), "not-yours"),
            (() => Alice.Client.ReceivedSettlementAsync(mine.Id, new AnswerRequest(1)), "not-receiver"),
            (() => Bob.Client.AcceptSettlementAsync(mine.Id, new AnswerRequest(2)), "bad-revision"),
            (() => Bob.Client.AcceptSettlementAsync("zz", new AnswerRequest(1)), "unknown-settlement"),
            (() => Bob.Client.GetSettlementAsync("00000000-1-2-3"), "unknown-settlement"),
            (() => Alice.Client.SettleAsync(new SettleRequest("0", Payer: "me")), "bad-amount"),
            (() => Alice.Client.SettleAsync(new SettleRequest("1", Payer: "bob")), "which-payer"),
            (() => Alice.Client.SettleAsync(
                new SettleRequest("1", Payer: "me", Reference: new string('x', 129))), "bad-reference"),
            (() => Bob.Client.DisputeSettlementAsync(
                mine.Id, new AnswerRequest(1, new string('x', 257))), "bad-reason"),
        ];
        foreach (var (call, refusal) in wrong)
        {
            var problem = await RefusedAsync(call);
            Assert.Equal(refusal, problem.Refusal);
            Assert.EndsWith(".", problem.Detail, StringComparison.Ordinal);
        }
        Assert.Equal(
            SettlementStates.Proposed, (await Bob.Client.GetSettlementAsync(mine.Id)).Settlement.State);
    }

    private Task<SettlementInfo> SeenByBobAsync(string id, string state) => UntilAsync(Bob, id, state);

    private static Task<SettlementInfo> UntilAsync(RunningTestNode node, string id, string state) =>
        Eventually.GetAsync(
            async () => (await node.Client.GetSettlementsAsync()).Settlements
                .FirstOrDefault(each => each.Id.Split('.')[0] == id.Split('.')[0] && each.State == state
                    && (!id.Contains('.', StringComparison.Ordinal) || each.Id == id)),
            $"settlement {id} is {state} at {node.Options.Name}");

    private static async Task<Problem> RefusedAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<TallystickException>(call)).Problem;
}
