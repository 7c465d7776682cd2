using System.Net;
using System.Net.Sockets;
using Tallystick.Node.Hosting;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Sessions;

/// <summary>Two people, each typing into a terminal of their own.</summary>
public sealed class TwoTerminalTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Two_people_pay_each_other_look_at_their_balances_and_leave()
    {
        var (here, there) = (FreePort(), FreePort());
        await using var alice = Start("alice", here, $"bob=127.0.0.1:{there}");
        await alice.HearAsync("Welcome to your peering relationship!");
        await using var bob = Start("bob", there, $"alice=127.0.0.1:{here}");
        await Task.WhenAll(alice.HearAsync("bob is connected."), bob.HearAsync("alice is connected."));

        await alice.TypeAsync("pay 10");
        await alice.HearAsync("Sent 10.00 credits to bob");
        await bob.HearAsync("You were paid 10.00 by alice!");
        await bob.TypeAsync("SEND  2.50 credits   to alice");
        await bob.HearAsync("Sent 2.50 credits to alice");
        await alice.HearAsync("You were paid 2.50 by bob!");

        await alice.TypeAsync("balance");
        await alice.HearAsync("-7.50 credits with bob (you owe bob)");
        await bob.TypeAsync("Check Balance");
        await bob.HearAsync("+7.50 credits with alice (alice owes you)");

        await alice.TypeAsync("exit");
        await alice.HearAsync("Goodbye.");
        Assert.Equal(0, await alice.EndAsync());
        await bob.HearAsync("alice has left.");
        await bob.TypeAsync("farewell");
        await bob.HearAsync("Farewell");
        Assert.Equal(0, await bob.EndAsync());
        Assert.Equal((string.Empty, string.Empty), (alice.Errors, bob.Errors));
    }

    [Fact]
    public async Task The_short_form_of_two_ports_and_a_host_connects_them_too()
    {
        var (here, there) = (FreePort(), FreePort());
        var home = Tally.HomeIn(scratch);
        await using var one = Tally.Start([$"{here}", $"{there}", "localhost"], home);
        await using var two = Tally.Start([$"{there}", $"{here}"], home);
        await Task.WhenAll(one.HearAsync($"peer-{there} is connected."), two.HearAsync($"peer-{here} is connected."));
        await one.TypeAsync("pay 10");
        await two.HearAsync($"You were paid 10.00 by peer-{here}!");
        Assert.True(Directory.Exists(scratch.Of("tallystick", $"peer-{here}")));
        Assert.True(Directory.Exists(scratch.Of("tallystick", $"peer-{there}")));
    }

    [Fact]
    public async Task Piped_input_gets_neither_prompt_nor_sequences_nor_emoji()
    {
        var ending = await Alone("balance", "history", "peers", "help", "whoami");
        Assert.Equal((0, string.Empty), (ending.Code, ending.Errors));
        Assert.DoesNotContain('\e', ending.Output);
        Assert.DoesNotContain("> ", ending.Output);
        Assert.DoesNotContain(ending.Output, char.IsSurrogate);
    }

    [Fact]
    public async Task The_end_of_piped_input_is_a_failure_if_any_line_failed()
    {
        var ending = await Alone("pay nobody 10", "balance");
        Assert.Equal(1, ending.Code);
        Assert.NotEmpty(ending.Errors);
        Assert.DoesNotContain("   at ", ending.Errors);
    }

    [Fact]
    public async Task A_typed_exit_is_a_good_end_whatever_failed_before()
    {
        var ending = await Alone("frobnicate", "exit");
        Assert.Equal(0, ending.Code);
        Assert.Contains("frobnicate", ending.Errors);
        Assert.EndsWith("Goodbye.\n", ending.Output);
    }

    [Fact]
    public async Task A_node_that_keeps_nothing_leaves_nothing()
    {
        var ending = await Tally.RunAsync("up --temp --name alice --listen off", scratch, "whoami", "exit");
        Assert.Equal(0, ending.Code);
        Assert.Empty(Directory.EnumerateFiles(scratch.Path, "*", SearchOption.AllDirectories));
        Assert.Empty(RunningNodes.Find(scratch.Of("tallystick", "temporary")));
    }

    private Task<Ending> Alone(params string[] lines) =>
        Tally.RunAsync("up --name alice --listen 127.0.0.1:0 --web off", scratch, lines);

    private ProgramProcess Start(string name, int port, string peer) => Tally.Start(
        ["up", "--name", name, "--data", scratch.Of(name), "--listen", $"127.0.0.1:{port}", "--peer", peer]);

    // Each must know the other's port before it starts, as two people do.
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
