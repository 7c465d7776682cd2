using Tallystick.Client;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Sessions;

/// <summary>The shell on a real terminal, which script(1) provides.</summary>
public sealed class TerminalTests : IAsyncDisposable
{
    private readonly ScratchFolder scratch = new();

    public ValueTask DisposeAsync()
    {
        scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_notice_stands_above_the_line_being_typed_and_never_breaks_it()
    {
        await using var bob = new NodeProcess("bob", scratch.Of("bob"));
        await bob.StartAsync();
        await using var alice = Terminal.Run("up", "--name", "alice", "--data", scratch.Of("alice"),
            "--listen", "127.0.0.1:0", "--peer", $"bob=127.0.0.1:{bob.Port}");
        await AcceptFirstKnockAsync(bob);
        await alice.HearAsync("bob is connected.");

        await alice.PressAsync("pay bob 1");
        await alice.HearAsync("pay bob 1");
        await bob.Client.PayAsync(new PayRequest("3", "alice"));
        await alice.HearAsync("You were paid 3.00 by bob!");
        await alice.HearAsync("> pay bob 1");
        await alice.PressAsync("2\r");
        await alice.HearAsync("Sent 12.00 credits to bob");

        await alice.PressAsync("exit\r");
        await alice.HearAsync("Goodbye.");
        Assert.Equal(0, await alice.EndAsync());
        Assert.Contains("💸", alice.Output);
    }

    [Fact]
    public async Task Without_colour_there_is_no_emoji()
    {
        await using var alice = Terminal.Run(
            "up", "--name", "alice", "--data", scratch.Of("alice"), "--listen", "off", "--plain");
        await alice.HearAsync("Welcome to your peering relationship!");
        await alice.PressAsync("exit\r");
        Assert.Equal(0, await alice.EndAsync());
        Assert.DoesNotContain(alice.Output, char.IsSurrogate);
    }

    private static async Task AcceptFirstKnockAsync(NodeProcess node)
    {
        await Until.TrueAsync("somebody knocks", async () => (await node.Client.GetPeersAsync()).Strangers.Count > 0);
        var stranger = (await node.Client.GetPeersAsync()).Strangers[0];
        await node.Client.AcceptPeerAsync(new AcceptPeerRequest(stranger.Fingerprint));
    }
}
