using Tallystick.Client;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Invites;

/// <summary>Peers whose addresses change find each other again by what they said of themselves.</summary>
public sealed class MovedPeerTests : InvitedNodes
{
    [Fact]
    public async Task Who_dialled_in_is_dialled_where_it_says_that_it_listens()
    {
        await JoinAsync(Bob, (await InviteAsync(Alice)).Link);
        await UntilKnownAtAsync(Alice, "bob", Bob.Address);
        await UntilKnownAtAsync(Bob, "alice", Alice.Address);
    }

    [Fact]
    public async Task A_peer_that_moved_is_found_at_its_new_address_after_both_were_off()
    {
        await JoinAsync(Bob, (await InviteAsync(Alice)).Link);
        await UntilKnownAtAsync(Alice, "bob", Bob.Address);
        var (old, away) = (Bob.Address, Bob.Options);
        await Bob.DisposeAsync();

        // Bob comes back elsewhere and dials; Alice learns where from his word, not from the port he comes from.
        Bob = await RunningTestNode.StartAsync(away with { ListenPort = 0 });
        Assert.NotEqual(old, Bob.Address);
        await UntilKnownAtAsync(Alice, "bob", Bob.Address);

        // Alice comes back elsewhere, too, and Bob knows nothing of it: it is she who dials now.
        var before = Alice.Options;
        await Alice.DisposeAsync();
        Alice = await RunningTestNode.StartAsync(before with { ListenPort = 0 });
        await Alice.UntilReadyAsync("bob");
        await UntilKnownAtAsync(Bob, "alice", Alice.Address);
        await Alice.Client.PayAsync(new PayRequest("1", "bob", WaitMs: 10_000));
        await Bob.UntilBalanceAsync("1.00");
        await Bob.DisposeAsync();
        await Alice.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_says_it_is_where_another_is_does_not_keep_that_one_from_being_dialled()
    {
        var mallory = await StartAsync("mallory");
        await JoinAsync(mallory, (await InviteAsync(Alice)).Link);
        var away = mallory.Options with { Reach = [Bob.Address] };
        await mallory.DisposeAsync();
        await using (mallory = await RunningTestNode.StartAsync(away))
            await UntilKnownAtAsync(Alice, "mallory", Bob.Address);

        await Alice.Client.AddPeerAsync(new AddPeerRequest("bob", Bob.Address));
        await Eventually.IsTrueAsync(
            async () => (await Alice.Client.GetPeersAsync()).Known.Any(
                known => known.Name == "bob" && known.Fingerprint == Bob.Host.Fingerprint),
            "bob is pinned");
    }

    private static Task UntilKnownAtAsync(RunningTestNode node, string peer, string address) =>
        Eventually.IsTrueAsync(
            async () => (await node.Client.GetPeersAsync()).Known.Any(
                known => known.Name == peer && known.Address == address),
            $"{node.Options.Name} knows {peer} at {address}");
}
