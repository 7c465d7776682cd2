using System.Text.Json;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Commands;

/// <summary>Alice and Bob, connected, for all tests of a class.</summary>
public sealed class LinkedPair : IAsyncLifetime
{
    internal ScratchFolder Scratch { get; } = new();

    internal NodeProcess Alice { get; private set; } = null!;

    internal NodeProcess Bob { get; private set; } = null!;

    public async ValueTask InitializeAsync() => (Alice, Bob) = await NodeProcess.PairAsync(Scratch);

    public async ValueTask DisposeAsync()
    {
        await Alice.DisposeAsync();
        await Bob.DisposeAsync();
        Scratch.Dispose();
    }
}

/// <summary>Single commands against nodes that run.</summary>
public sealed class OneShotTests(LinkedPair pair) : IClassFixture<LinkedPair>
{
    [Fact]
    public async Task A_payment_in_plain_words_is_sent_and_ends_with_0()
    {
        var ending = await AsAlice("pay bob 10 for lunch");
        Assert.Equal((0, string.Empty), (ending.Code, ending.Errors));
        Assert.StartsWith("Sent 10.00 credits to bob", ending.Output);
        await Until.TrueAsync("bob has it", async () =>
            (await pair.Bob.Client.GetHistoryAsync()).Entries.Any(
                e => e is { Amount: "10.00", Text: "lunch", Mine: false }));
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_delivered_and_json_says_so()
    {
        var ending = await AsAlice("pay bob 10 for the sake of it --json --wait");
        Assert.Equal((0, string.Empty), (ending.Code, ending.Errors));
        using var answer = JsonDocument.Parse(ending.Output);
        var payment = answer.RootElement;
        Assert.Equal("delivered", payment.GetProperty("state").GetString());
        Assert.Equal("10.00", payment.GetProperty("amount").GetString());
        Assert.Equal("bob", payment.GetProperty("peer").GetString());
        Assert.Equal("the sake of it", payment.GetProperty("memo").GetString());
        Assert.True(Guid.TryParse(payment.GetProperty("requestId").GetString(), out _));
    }

    [Theory]
    [InlineData("pay bob 0")]
    [InlineData("pay bob -5")]
    [InlineData("pay bob 10.005")]
    [InlineData("pay bob 1e309")]
    [InlineData("pay carol 10")]
    [InlineData("pay alice 10")]
    public async Task What_the_node_refuses_ends_with_1_and_one_sentence(string command)
    {
        var before = await PaymentsAsync();
        var ending = await AsAlice(command);
        Assert.Equal((1, string.Empty), (ending.Code, ending.Output));
        Assert.Single(ending.Errors.Trim().Split('\n'));
        Assert.Equal(before, await PaymentsAsync());
    }

    [Fact]
    public async Task A_refusal_in_json_names_the_broken_rule()
    {
        var ending = await AsAlice("pay carol 10 --json");
        Assert.Equal(1, ending.Code);
        using var answer = JsonDocument.Parse(ending.Output);
        Assert.Equal("unknown-peer", answer.RootElement.GetProperty("refusal").GetString());
    }

    [Fact]
    public async Task Several_running_nodes_are_listed_when_none_is_named()
    {
        var ending = await Tally.RunAsync(["balance", "--data", pair.Scratch.Path]);
        Assert.Equal((2, string.Empty), (ending.Code, ending.Output));
        Assert.Equal("Several nodes are running; say which with --name: alice, bob\n", ending.Errors);
    }

    [Fact]
    public async Task Environment_variables_speak_like_flags()
    {
        var environment = new Dictionary<string, string?>
        {
            ["TALLYSTICK_DATA"] = pair.Scratch.Path,
            ["TALLYSTICK_NAME"] = "bob",
            ["TALLYSTICK_JSON"] = "1",
        };
        var ending = await Tally.RunAsync(["whoami"], null, environment);
        using var answer = JsonDocument.Parse(ending.Output);
        Assert.Equal("bob", answer.RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_node_is_reached_by_the_url_of_its_api()
    {
        var url = (await pair.Alice.Client.GetNodeAsync()).Web!;
        var ending = await Tally.RunAsync(["whoami", "--node", url, "--data", pair.Scratch.Path]);
        Assert.Equal(0, ending.Code);
        Assert.StartsWith("You are alice", ending.Output);
    }

    [Fact]
    public async Task Verify_prints_the_proof_in_one_line_and_ends_with_0()
    {
        await AsAlice("pay bob 10 --wait");
        var ending = await AsAlice("verify");
        Assert.Equal(0, ending.Code);
        Assert.Single(ending.Output.Trim().Split('\n'));
    }

    private Task<Ending> AsAlice(string command) =>
        Tally.RunAsync([.. command.Split(' '), "--name", "alice", "--data", pair.Scratch.Path]);

    // What did not leave a payment behind in any state did nothing.
    private async Task<int> PaymentsAsync() =>
        (await pair.Alice.Client.GetHistoryAsync(most: 1000)).Entries.Count(e => e is { Kind: "pay", Mine: true });
}
