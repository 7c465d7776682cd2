using Tallystick.Client;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Invites;

/// <summary>Two programs become peers, as people do it, and whoever is killed in between comes back to it.</summary>
public sealed class InviteProcessTests : IAsyncDisposable
{
    private readonly ScratchFolder scratch = new();
    private readonly NodeProcess alice;
    private readonly NodeProcess bob;

    public InviteProcessTests() =>
        (alice, bob) = (new NodeProcess("alice", scratch.Of("alice")), new NodeProcess("bob", scratch.Of("bob")));

    public async ValueTask DisposeAsync()
    {
        await alice.DisposeAsync();
        await bob.DisposeAsync();
        scratch.Dispose();
    }

    [Fact]
    public async Task One_invites_and_waits_and_the_other_runs_the_line_that_was_printed()
    {
        await StartBothAsync();
        await using var inviting = As("alice", "invite", "--limit", "100");
        await inviting.HearAsync("On the other computer run:");
        await inviting.HearAsync("You may owe them at most 100.00 credits, and they may owe you at most as much.");
        var link = LinkIn(inviting.Output);

        var joined = await RunAsync("bob", "join", link);
        Assert.Equal((0, string.Empty), (joined.Code, joined.Errors));
        Assert.Contains("You joined alice (", joined.Output);
        Assert.Contains("You may owe alice at most 100.00 credits", joined.Output);
        await inviting.HearAsync("Try: pay bob 10");
        Assert.Equal(0, await inviting.EndAsync());
        Assert.Matches(@"bob joined \([a-z]{5} [a-z]{5} [a-z]{5} [a-z]{5}\)\. Try: pay bob 10", inviting.Output);

        var paid = await RunAsync("alice", "pay", "bob", "10", "--wait");
        Assert.Equal(0, paid.Code);
        Assert.Contains("used by bob", (await RunAsync("alice", "invites")).Output);
    }

    [Fact]
    public async Task A_link_that_lives_only_while_its_maker_waits_is_taken_back_with_Ctrl_C()
    {
        await StartBothAsync();
        await using var inviting = As("alice", "invite", "--once");
        await inviting.HearAsync("Ctrl-C takes the link back.");
        await inviting.SignalAsync("TERM");
        await inviting.HearAsync("Taken back: nobody can use the invitation");
        Assert.Equal(0, await inviting.EndAsync());
        var late = await RunAsync("bob", "join", LinkIn(inviting.Output));
        Assert.Equal((1, string.Empty), (late.Code, late.Output));
        Assert.Contains("was taken back", late.Errors);
    }

    [Fact]
    public async Task What_is_no_link_ends_with_1_and_one_sentence()
    {
        await StartBothAsync();
        var ending = await RunAsync("bob", "join", "tallystick://join/nonsense");
        Assert.Equal((1, string.Empty), (ending.Code, ending.Output));
        Assert.EndsWith("to its last letter.", ending.Errors.TrimEnd());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(200)]
    public async Task A_joiner_who_is_killed_at_any_moment_is_a_peer_after_he_is_back(int afterMs)
    {
        await StartBothAsync();
        var made = await alice.Client.InviteAsync(new InviteRequest("50"));
        await bob.Client.JoinAsync(new JoinRequest(made.Link));
        await Task.Delay(afterMs);
        await bob.KillAsync();
        await bob.StartAsync();
        await ArePeersAsync();
        Assert.Equal(InviteStates.Used, (await alice.Client.GetInviteAsync(made.Invitation.Id)).State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(200)]
    public async Task An_inviter_who_is_killed_at_any_moment_has_the_peer_after_she_is_back(int afterMs)
    {
        await StartBothAsync();
        var made = await alice.Client.InviteAsync(new InviteRequest("50"));
        await bob.Client.JoinAsync(new JoinRequest(made.Link));
        await Task.Delay(afterMs);
        await alice.KillAsync();
        await alice.StartAsync();
        await ArePeersAsync();
        Assert.Single((await alice.Client.GetPeersAsync()).Known);
        Assert.Single((await bob.Client.GetPeersAsync()).Known);
    }

    private async Task StartBothAsync()
    {
        await alice.StartAsync();
        await bob.StartAsync();
    }

    /// <summary>Both are connected, and the limit of the link holds on both sides.</summary>
    private async Task ArePeersAsync()
    {
        await Until.TrueAsync("alice and bob are connected", async () => await alice.SeesAsync(bob)
            && await bob.SeesAsync(alice));
        foreach (var (node, other) in ((NodeProcess, NodeProcess)[])[(alice, bob), (bob, alice)])
        {
            await Until.TrueAsync("both limits are there", async () =>
                (await node.Client.GetBalancesAsync(other.Name)).Tabs is [{ MyLimit: "50.00", PeerLimit: "50.00" }]);
        }
    }

    private ProgramProcess As(string name, params string[] words) =>
        Tally.Start([.. words, "--data", scratch.Of(name)]);

    private async Task<Ending> RunAsync(string name, params string[] words) =>
        await Tally.RunAsync([.. words, "--data", scratch.Of(name)]);

    private static string LinkIn(string output) => output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .First(word => word.StartsWith("tallystick://", StringComparison.Ordinal));
}
