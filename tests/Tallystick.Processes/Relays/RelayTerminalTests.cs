using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Relays;

/// <summary>A relay and people who talk through it, each in a terminal of their own.</summary>
public sealed class RelayTerminalTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Three_terminals_do_without_a_question_and_exit_in_one_disconnects_only_that_one()
    {
        await using var hub = new RelayProcess();
        await hub.StartAsync("hub");
        await using var alice = Demo("alice", hub);
        await using var bob = Demo("bob", hub);
        await Task.WhenAll(alice.HearAsync("bob is connected."), bob.HearAsync("alice is connected."));
        await alice.TypeAsync("pay 10");
        await bob.HearAsync("You were paid 10.00 by alice!");

        await using var carol = Demo("carol", hub);
        await Task.WhenAll(alice.HearAsync("carol is connected."), bob.HearAsync("carol is connected."));
        // Whom carol has not met yet, she does not see leaving.
        await carol.HearAsync("alice is connected.");
        await alice.TypeAsync("exit");
        Assert.Equal(0, await alice.EndAsync());
        await Task.WhenAll(bob.HearAsync("alice has left."), carol.HearAsync("alice has left."));
        await hub.Process.TypeAsync("status");
        await hub.Process.HearAsync("Nodes here: 2; streams between them: 1.");
        await bob.TypeAsync("pay carol 2");
        await carol.HearAsync("You were paid 2.00 by bob!");

        await using var again = Demo("alice", hub);
        await bob.HearAsync("alice is connected.");
        await bob.TypeAsync("balance alice");
        await bob.HearAsync("+10.00 credits with alice");

        await hub.Process.TypeAsync("exit");
        Assert.Equal(0, await hub.Process.EndAsync());
        await bob.HearAsync($"The relay {hub.Address} cannot be used");
        await bob.TypeAsync("farewell");
        Assert.Equal(0, await bob.EndAsync());
        Assert.Equal((string.Empty, string.Empty), (hub.Process.Errors, bob.Errors));
    }

    [Fact]
    public async Task A_demo_without_its_relay_says_what_is_missing()
    {
        await using var hub = new RelayProcess();
        await using var alice = Demo("alice", hub);
        await alice.HearAsync($"The relay {hub.Address} cannot be used: nobody listens there.");
        await hub.StartAsync();
        await Until.TrueAsync("alice is registered once there is one", async () =>
        {
            await hub.Process.TypeAsync("status");
            return hub.Process.Output.Contains("Nodes here: 1;", StringComparison.Ordinal);
        });
        await alice.TypeAsync("whoami");
        await alice.HearAsync($"reach you at relay:{hub.Address}/");
    }

    [Theory]
    [InlineData("relay --listen off", "A relay has to listen")]
    [InlineData("relay --listen 70000", "--listen")]
    [InlineData("relay now", "takes flags only")]
    [InlineData("up --temp --name a --relay relay.example:0", "is not a port")]
    [InlineData("up --temp --name a --peer bob=relay:relay.example", "fingerprint")]
    [InlineData("demo a/b --relay localhost", "cannot be a name")]
    public async Task What_makes_no_sense_is_refused_in_one_sentence(string arguments, string part)
    {
        var ending = await Tally.RunAsync(arguments, scratch);
        Assert.Equal((2, string.Empty), (ending.Code, ending.Output));
        Assert.Contains(part, Assert.Single(ending.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private ProgramProcess Demo(string name, RelayProcess relay) =>
        Tally.Start(["demo", name, "--relay", relay.Address, "--data", scratch.Path, "--plain"]);
}
