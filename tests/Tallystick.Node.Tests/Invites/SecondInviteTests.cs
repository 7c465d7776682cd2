using Tallystick.Client;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Core.Money;
using Tallystick.Node.Tests.Api;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Invites;

/// <summary>More than one link between the same two.</summary>
public sealed class SecondInviteTests : InvitedNodes
{
    [Fact]
    public async Task A_link_that_replaces_one_without_an_answer_brings_its_own_limit()
    {
        var unreachable = Changed(
            (await InviteAsync(Alice)).Link, link => link with { Addresses = ["127.0.0.1:1"] });
        Assert.Equal(JoinStates.Waiting, (await JoinAsync(Bob, unreachable, waitMs: 0)).State);
        var joined = await JoinAsync(Bob, (await InviteAsync(Alice, "7")).Link);
        Assert.Equal((JoinStates.Joined, "7.00"), (joined.State, joined.Limit));
        await BothHaveTheLimitAsync("7.00");
    }

    [Fact]
    public async Task A_link_without_a_limit_takes_the_limit_of_the_one_that_it_replaces_away()
    {
        var unreachable = Changed(
            (await InviteAsync(Alice, "7")).Link, link => link with { Addresses = ["127.0.0.1:1"] });
        Assert.Equal("7.00", (await JoinAsync(Bob, unreachable, waitMs: 0)).Limit);
        Assert.Null((await JoinAsync(Bob, (await InviteAsync(Alice)).Link)).Limit);
        await BothHaveTheLimitAsync(null);
    }

    [Fact]
    public async Task Who_was_let_go_and_comes_back_by_another_link_has_its_limit_on_both_sides()
    {
        await JoinAsync(Bob, (await InviteAsync(Alice)).Link);
        await BothHaveTheLimitAsync(null);
        await Alice.Client.RemovePeerAsync("bob");
        await Eventually.IsTrueAsync(
            async () => !(await Bob.Client.GetPeersAsync()).Known.Single().Online, "bob has no link");
        Assert.Equal("7.00", (await JoinAsync(Bob, (await InviteAsync(Alice, "7")).Link)).Limit);
        await BothHaveTheLimitAsync("7.00");
    }

    [Fact]
    public async Task Two_who_are_linked_hear_that_another_link_was_not_used_and_keep_their_limit()
    {
        await JoinAsync(Bob, (await InviteAsync(Alice, "3")).Link);
        await BothHaveTheLimitAsync("3.00");
        var made = await InviteAsync(Alice, "7");
        var again = await JoinAsync(Bob, made.Link);
        Assert.Equal((JoinStates.Joined, "3.00"), (again.State, again.Limit));
        Assert.Contains("was not used", again.Reason, StringComparison.Ordinal);
        Assert.Equal(InviteStates.Open, (await Alice.Client.GetInviteAsync(made.Invitation.Id)).State);
        await BothHaveTheLimitAsync("3.00");
    }

    [Fact]
    public async Task The_late_refusal_of_one_link_does_not_end_another()
    {
        var isShown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayAnswerNext = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = new InviteToken();
        await using var inviter = new LinkedNode(redeem: async (_, token, _) =>
        {
            if (token != first)
            {
                await mayAnswerNext.Task;
                return ByeReasons.InviteRevoked;
            }
            isShown.SetResult();
            await mayAnswer.Task;
            return ByeReasons.InviteExpired;
        });
        var (one, two) = (LinkOf(inviter, secret: 1), LinkOf(inviter, secret: 2));
        first = one.Token;
        var waiting = JoinAsync(Bob, one.ToString());
        await isShown.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(JoinStates.Waiting, (await JoinAsync(Bob, two.ToString(), waitMs: 0)).State);
        mayAnswer.SetResult();
        Assert.Equal(ByeReasons.InviteExpired, (await RefusedAsync(() => waiting)).Refusal);
        Assert.Single((await Bob.Client.GetPeersAsync()).Known);
        var next = JoinAsync(Bob, two.ToString());
        mayAnswerNext.SetResult();
        Assert.Equal(ByeReasons.InviteRevoked, (await RefusedAsync(() => next)).Refusal);
        await KnowsNobodyAsync(Bob);
    }

    private static InviteLink LinkOf(LinkedNode inviter, int secret) => new(
        inviter.Key, "carol", Asset.Credits, CreditLimit.None, 2_000_000_000, (UInt128)secret, [inviter.Address]);

    private async Task BothHaveTheLimitAsync(string? limit)
    {
        await Alice.UntilReadyAsync("bob");
        await Bob.UntilReadyAsync("alice");
        foreach (var node in (RunningTestNode[])[Alice, Bob])
        {
            await Eventually.IsTrueAsync(
                async () => Assert.Single((await node.Client.GetBalancesAsync()).Tabs) is var tab
                    && (tab.MyLimit, tab.PeerLimit) == (limit, limit),
                $"both limits of {node.Options.Name} are {limit ?? "none"}");
        }
    }
}
