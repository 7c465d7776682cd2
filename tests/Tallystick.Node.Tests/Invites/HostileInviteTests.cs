using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Core.Money;
using Tallystick.Core.Sync;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Tests.Api;
using Tallystick.Node.Tests.Hosting;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Invites;

/// <summary>Links that were changed, stolen, guessed or are late, and those who stand in between.</summary>
public sealed class HostileInviteTests : InvitedNodes
{
    [Fact]
    public async Task A_link_of_which_anything_was_changed_makes_nobody_a_peer()
    {
        var made = await InviteAsync(Alice, "1");
        Func<InviteLink, InviteLink>[] changes =
        [
            link => link with { Limit = CreditLimit.None },
            link => link with { Name = "alicia" },
            link => link with { ExpiresSeconds = link.ExpiresSeconds + 1_000_000 },
            link => link with { Secret = link.Secret ^ 1 },
            link => link with { Addresses = link.Addresses.Add("127.0.0.1:1") },
        ];
        foreach (var change in changes)
        {
            var refused = await RefusedAsync(() => JoinAsync(Bob, Changed(made.Link, change)));
            Assert.Equal("invite-unknown", refused.Refusal);
            await KnowsNobodyAsync(Bob);
        }
        await KnowsNobodyAsync(Alice);
        Assert.Equal(JoinStates.Joined, (await JoinAsync(Bob, made.Link)).State);
    }

    [Fact]
    public async Task Of_two_who_race_for_a_link_one_becomes_a_peer()
    {
        var carol = await StartAsync("carol");
        for (var round = 0; round < 5; round++)
        {
            var made = await InviteAsync(Alice);
            RunningTestNode[] racers = [Bob, carol];
            var ends = await Task.WhenAll(racers.Select(racer => EndAsync(racer, made.Link)));
            Assert.Equal(["invite-used", JoinStates.Joined], ends.Order(StringComparer.Ordinal));
            var won = racers[Array.IndexOf(ends, JoinStates.Joined)].Options.Name;
            Assert.Equal([won], (await Alice.Client.GetPeersAsync()).Known.Select(peer => peer.Name));

            await Alice.Client.RemovePeerAsync(won);
            await racers[Array.IndexOf(ends, JoinStates.Joined)].Client.RemovePeerAsync("alice");
        }
    }

    [Fact]
    public async Task A_link_ends_by_the_inviters_clock()
    {
        var clock = new JumpingTime(factor: 1);
        var late = await StartAsync("late", clock);
        var made = await late.Client.InviteAsync(new InviteRequest(Expires: "1h"));
        clock.Jump(TimeSpan.FromMinutes(59));
        Assert.Equal(InviteStates.Open, (await late.Client.GetInviteAsync(made.Invitation.Id)).State);
        clock.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal(InviteStates.Expired, (await late.Client.GetInviteAsync(made.Invitation.Id)).State);
        var refused = await RefusedAsync(() => JoinAsync(Bob, made.Link));
        Assert.Equal("invite-expired", refused.Refusal);
        await KnowsNobodyAsync(late);
        await KnowsNobodyAsync(Bob);
    }

    [Fact]
    public async Task The_secret_is_told_to_no_other_key_than_the_links()
    {
        var shown = 0;
        await using var mallory = new LinkedNode(redeem: (_, _, _) =>
        {
            Interlocked.Increment(ref shown);
            return Task.FromResult<string?>(null);
        });
        var made = await InviteAsync(Alice);
        var link = Changed(made.Link, link => link with { Addresses = [mallory.Address] });
        var waiting = await JoinAsync(Bob, link, waitMs: 2_000);
        Assert.Equal(JoinStates.Waiting, waiting.State);
        await Eventually.Holds(() => !mallory.Knocked.IsEmpty, "mallory was dialled");
        Assert.Equal(0, shown);
        Assert.Empty(mallory.Currents);
        Assert.Equal(InviteStates.Open, (await Alice.Client.GetInviteAsync(made.Invitation.Id)).State);
    }

    [Fact]
    public async Task The_key_of_the_link_is_found_behind_an_address_where_somebody_else_answers()
    {
        await using var mallory = new LinkedNode();
        var made = await InviteAsync(Alice);
        var link = Parsed(made.Link);
        using var bob = NodeIdentity.CreateFresh();
        await using var dialler = new LinkedNode(bob, onFrame: Ignore);
        dialler.Hub.SetPeers(
        [
            new DialTarget(mallory.Address, link.Inviter) { Others = link.Addresses, Token = link.Token },
        ]);
        await Eventually.Holds(() => dialler.Hub.CurrentOf(link.Inviter) is not null, "alice is found");
    }

    [Fact]
    public async Task A_joiner_who_never_heard_the_yes_gets_it_when_he_comes_again()
    {
        var made = await InviteAsync(Alice, "50");
        var link = Parsed(made.Link);
        using var bob = NodeIdentity.CreateFresh();
        await using (var first = new LinkedNode(bob, onFrame: Ignore))
        {
            // The first time he dies as soon as she has written.
            first.Hub.SetPeers([new DialTarget(Alice.Address, link.Inviter) { Token = link.Token }]);
            var used = await Alice.Client.GetInviteAsync(made.Invitation.Id, waitMs: 20_000);
            Assert.Equal(InviteStates.Used, used.State);
        }
        await using var again = new LinkedNode(bob, onFrame: Ignore);
        again.Hub.SetPeers([new DialTarget(Alice.Address, link.Inviter) { Token = link.Token }]);
        await Eventually.Holds(() => again.Hub.CurrentOf(link.Inviter) is not null, "he is let in");
        Assert.Single((await Alice.Client.GetPeersAsync()).Known);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_keeps_nobody_out_who_has_a_link()
    {
        var made = await InviteAsync(Alice);
        var link = Parsed(made.Link);
        var reasons = new List<string>();
        for (var guess = 0; guess < 12; guess++)
        {
            var token = new InviteToken(Hash.Of(BitConverter.GetBytes(guess)));
            await using var guesser = new LinkedNode();
            guesser.Hub.SetPeers([new DialTarget(Alice.Address, link.Inviter) { Token = token }]);
            await Eventually.Holds(
                () => guesser.Notices.OfType<InviteRefused>().Any() || !guesser.DialFailures.IsEmpty, "an answer");
            reasons.Add(guesser.Notices.OfType<InviteRefused>().FirstOrDefault()?.Reason
                ?? guesser.DialFailures.First());
        }
        Assert.All(reasons.Take(10), reason => Assert.Equal(ByeReasons.InviteUnknown, reason));
        Assert.All(reasons.Skip(10), reason => Assert.Equal(ByeReasons.TooMany, reason));
        Assert.Equal(InviteStates.Open, (await Alice.Client.GetInviteAsync(made.Invitation.Id)).State);
        await KnowsNobodyAsync(Alice);
        // Behind one address, or one relay, are many: somebody with a right link is let in all the same, and at once.
        await using var joiner = new LinkedNode(onFrame: Ignore);
        joiner.Hub.SetPeers([new DialTarget(Alice.Address, link.Inviter) { Token = link.Token }]);
        await Eventually.Holds(() => joiner.Hub.CurrentOf(link.Inviter) is not null, "the joiner is let in");
        Assert.Empty(joiner.DialFailures);
    }

    [Fact]
    public async Task Invitations_and_what_became_of_them_survive_a_restart_of_either_side()
    {
        var (used, open) = (await InviteAsync(Alice), await InviteAsync(Alice, "5"));
        await JoinAsync(Bob, used.Link);
        Alice = await RestartAsync(Alice);
        Assert.Equal(
            [InviteStates.Open, InviteStates.Used],
            (await Alice.Client.GetInvitesAsync()).All.Select(invite => invite.State).Order(StringComparer.Ordinal));
        var carol = await StartAsync("carol");
        Assert.Equal("invite-used", (await RefusedAsync(() => JoinAsync(carol, used.Link))).Refusal);
        Assert.Equal(JoinStates.Joined, (await JoinAsync(carol, open.Link)).State);
    }

    [Fact]
    public async Task A_link_that_was_taken_while_the_inviter_was_off_is_redeemed_when_it_is_back()
    {
        var made = await InviteAsync(Alice, "7");
        var options = Alice.Options with { ListenPort = Alice.Host.ListenEndPoint!.Port };
        await Alice.DisposeAsync();
        var waiting = await JoinAsync(Bob, made.Link, waitMs: 1_000);
        Assert.Equal(JoinStates.Waiting, waiting.State);
        Assert.EndsWith(".", waiting.Reason, StringComparison.Ordinal);
        Bob = await RestartAsync(Bob);

        await using var alice = await RunningTestNode.StartAsync(options);
        await alice.UntilReadyAsync("bob");
        await Bob.UntilReadyAsync("alice");
        Assert.Equal("7.00", Assert.Single((await alice.Client.GetBalancesAsync("bob")).Tabs).MyLimit);
        Assert.Equal("7.00", Assert.Single((await Bob.Client.GetBalancesAsync("alice")).Tabs).MyLimit);
    }

    [Fact]
    public async Task Neither_the_secret_nor_the_token_is_in_the_inviters_book()
    {
        var made = await InviteAsync(Alice);
        var link = Parsed(made.Link);
        await JoinAsync(Bob, made.Link);
        await Alice.DisposeAsync();
        var secret = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(secret, link.Secret);
        foreach (var file in Directory.EnumerateFiles(Alice.Options.DataFolder, "book.db*"))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(secret));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(link.Token.Value.ToArray()));
            Assert.NotEqual(-1, bytes.AsSpan().IndexOf(link.Token.Digest.ToArray()));
        }
    }

    private static ValueTask Ignore(PeerLink link, Frame frame) => ValueTask.CompletedTask;

    private static async Task<string> EndAsync(RunningTestNode node, string link)
    {
        try
        {
            return (await JoinAsync(node, link)).State;
        }
        catch (TallystickException refused)
        {
            return refused.Problem.Refusal;
        }
    }
}
