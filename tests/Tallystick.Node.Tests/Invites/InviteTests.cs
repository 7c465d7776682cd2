using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Invites;

/// <summary>Two nodes that never heard of each other become peers by one link.</summary>
public sealed class InviteTests : InvitedNodes
{
    [Fact]
    public async Task A_link_makes_both_peers_with_the_limit_on_both_and_no_further_question()
    {
        var notices = new NoticeLog(Alice.Client);
        await notices.Subscribed;
        var made = await InviteAsync(Alice, "100");
        Assert.Equal((InviteStates.Open, "100.00"), (made.Invitation.State, made.Invitation.Limit));
        Assert.Equal([Alice.Address], made.Addresses);
        Assert.True(made.OnlyHere);

        var joined = await JoinAsync(Bob, made.Link);
        Assert.Equal(("alice", JoinStates.Joined, "100.00"), (joined.Peer, joined.State, joined.Limit));
        Assert.Equal(Alice.Host.Fingerprint, joined.Fingerprint);
        var heard = await notices.FirstAsync(notice => notice.Kind == NoticeKinds.Joined);
        Assert.Equal(("bob", joined.Phrase, made.Invitation.Id), (heard.Peer, heard.Text, heard.Id));
        var used = await Alice.Client.GetInviteAsync(made.Invitation.Id);
        Assert.Equal((InviteStates.Used, "bob", joined.Phrase), (used.State, used.Peer, used.Phrase));

        await Alice.UntilReadyAsync("bob");
        await Bob.UntilReadyAsync("alice");
        foreach (var (node, peer) in ((RunningTestNode, string)[])[(Alice, "bob"), (Bob, "alice")])
        {
            var tab = Assert.Single((await node.Client.GetBalancesAsync(peer)).Tabs);
            Assert.Equal(("100.00", "100.00"), (tab.MyLimit, tab.PeerLimit));
        }
        await Alice.Client.PayAsync(new PayRequest("100", "bob", WaitMs: 10_000));
        var over = await RefusedAsync(() => Alice.Client.PayAsync(new PayRequest("0.01", "bob", WaitMs: 10_000)));
        Assert.Equal("over-limit", over.Refusal);
    }

    [Fact]
    public async Task Without_a_limit_each_may_owe_any_amount_and_that_is_what_both_are_told()
    {
        var made = await InviteAsync(Alice);
        Assert.Null(made.Invitation.Limit);
        Assert.Null((await JoinAsync(Bob, made.Link)).Limit);
        await Bob.UntilReadyAsync("alice");
        Assert.Null(Assert.Single((await Bob.Client.GetBalancesAsync("alice")).Tabs).MyLimit);
    }

    [Fact]
    public async Task A_used_link_is_refused_to_anybody_else_and_leaves_no_trace()
    {
        var made = await InviteAsync(Alice);
        await JoinAsync(Bob, made.Link);
        var carol = await StartAsync("carol");
        var refused = await RefusedAsync(() => JoinAsync(carol, made.Link));
        Assert.Equal((409, "invite-used"), (refused.Status, refused.Refusal));
        await KnowsNobodyAsync(carol);
        Assert.Equal(["bob"], (await Alice.Client.GetPeersAsync()).Known.Select(peer => peer.Name));
    }

    [Fact]
    public async Task Joining_again_with_the_same_link_is_no_error()
    {
        var made = await InviteAsync(Alice);
        await JoinAsync(Bob, made.Link);
        Assert.Equal(JoinStates.Joined, (await JoinAsync(Bob, made.Link)).State);
        Assert.Single((await Bob.Client.GetPeersAsync()).Known);
        Assert.Single((await Alice.Client.GetPeersAsync()).Known);
    }

    [Fact]
    public async Task Somebody_who_was_removed_does_not_come_back_with_the_old_link()
    {
        var made = await InviteAsync(Alice);
        await JoinAsync(Bob, made.Link);
        await Alice.Client.RemovePeerAsync("bob");
        await Bob.Client.RemovePeerAsync("alice");
        var refused = await RefusedAsync(() => JoinAsync(Bob, made.Link));
        Assert.Equal("invite-used", refused.Refusal);

        Assert.Equal(JoinStates.Joined, (await JoinAsync(Bob, (await InviteAsync(Alice)).Link)).State);
    }

    [Fact]
    public async Task A_link_that_was_taken_back_is_refused()
    {
        var made = await InviteAsync(Alice);
        var revoked = await Alice.Client.RevokeInviteAsync(made.Invitation.Id);
        Assert.Equal(InviteStates.Revoked, revoked.State);
        var refused = await RefusedAsync(() => JoinAsync(Bob, made.Link));
        Assert.Equal("invite-revoked", refused.Refusal);
        await KnowsNobodyAsync(Alice);
        await KnowsNobodyAsync(Bob);
    }

    [Fact]
    public async Task Revoking_what_was_used_leaves_it_used()
    {
        var made = await InviteAsync(Alice);
        await JoinAsync(Bob, made.Link);
        Assert.Equal(InviteStates.Used, (await Alice.Client.RevokeInviteAsync(made.Invitation.Id)).State);
        var unknown = await RefusedAsync(() => Alice.Client.RevokeInviteAsync("ffffffff"));
        Assert.Equal((404, "unknown-invite"), (unknown.Status, unknown.Refusal));
    }

    [Fact]
    public async Task A_node_does_not_join_itself()
    {
        var made = await InviteAsync(Alice);
        var refused = await RefusedAsync(() => JoinAsync(Alice, made.Link));
        Assert.Equal("oneself", refused.Refusal);
        Assert.Equal(InviteStates.Open, (await Alice.Client.GetInviteAsync(made.Invitation.Id)).State);
    }

    [Fact]
    public async Task The_inviter_may_be_given_another_name_and_two_of_one_name_are_told_apart()
    {
        var other = await StartAsync("alice-too");
        var first = await Bob.Client.JoinAsync(
            new JoinRequest((await InviteAsync(Alice)).Link, Name: "ally", WaitMs: 20_000));
        Assert.Equal("ally", first.Peer);
        var link = Changed((await InviteAsync(other)).Link, link => link with { Name = "ally" });
        var second = await JoinAsync(Bob, link, waitMs: 0);
        Assert.Equal("ally-2", second.Peer);
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("31d")]
    [InlineData("1")]
    [InlineData("-1d")]
    [InlineData("tomorrow")]
    [InlineData("99999999999d")]
    [InlineData("d")]
    public async Task A_time_that_is_none_is_refused(string expires)
    {
        var refused = await RefusedAsync(() => Alice.Client.InviteAsync(new InviteRequest(Expires: expires)));
        Assert.Equal((400, "bad-time"), (refused.Status, refused.Refusal));
    }

    [Fact]
    public async Task Whoever_waits_for_an_invitation_hears_at_once_what_became_of_it()
    {
        var made = await InviteAsync(Alice);
        var waiting = Alice.Client.GetInviteAsync(made.Invitation.Id, waitMs: 20_000);
        await JoinAsync(Bob, made.Link);
        Assert.Equal(InviteStates.Used, (await waiting).State);
    }

    [Fact]
    public async Task A_node_that_listens_nowhere_cannot_invite()
    {
        var deaf = await RunningTestNode.StartAsync(new()
        {
            Name = "deaf",
            DataFolder = Path.Combine(Folder, "deaf"),
            Assets = [Asset.Credits],
        });
        await using (deaf)
        {
            var refused = await RefusedAsync(() => InviteAsync(deaf));
            Assert.Equal((409, "not-listening"), (refused.Status, refused.Refusal));
        }
    }
}
