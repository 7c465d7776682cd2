using System.Text.Json;
using Tallystick.Cli.Commands;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Commands;

public sealed class ResetTests
{
    private static readonly string Hash = new('a', 64);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_yes_it_shows_what_it_would_do_and_signs_nothing()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.Frozen = true;
        var (exit, output, error) = await RunAsync(node, "reset bob", new OutputOptions());
        Assert.Equal(
            """
            bob asks to reset the frozen tab with you, and has signed this:
              You go on at -5.00 credits (you owe bob).
              bob may owe you any number of credits; you may owe bob at most 100.00 credits.
              2 open holds go on as before.
              1 open settlement ends.
              1 page of yours becomes void, because bob never took it. What stood there ends refused:
                1a2b3c4d  pay 7.00 credits for lunch
            Nothing was signed. If that is what you want, say so: reset NAME --yes

            """.ReplaceLineEndings("\n"),
            error.ReplaceLineEndings("\n"));
        Assert.Equal((ExitCodes.Refused, string.Empty), (exit, output));
        Assert.Empty(node.Confirmed);
    }

    [Fact]
    public async Task With_a_yes_it_signs_exactly_what_it_shows()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.Frozen = true;
        var (exit, output, error) = await RunAsync(node, "reset --yes", new OutputOptions());
        Assert.Equal((ExitCodes.Ok, string.Empty), (exit, error));
        Assert.Contains("You go on at -5.00 credits", output, StringComparison.Ordinal);
        Assert.EndsWith(
            "Signed and sent. The tab goes on once bob has said yes too.\n",
            output.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        Assert.Equal([Hash], node.Confirmed);
    }

    [Fact]
    public async Task In_json_it_is_one_document_before_and_after_the_yes()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.Frozen = true;
        var (exit, shown, _) = await RunAsync(node, "reset bob", new OutputOptions(Json: true));
        var preview = JsonSerializer.Deserialize(shown, ContractJson.Default.ResetPreview)!;
        Assert.Equal((ExitCodes.Refused, Hash), (exit, preview.Hash));
        (exit, var done, _) = await RunAsync(node, "reset bob --yes", new OutputOptions(Json: true));
        var result = JsonSerializer.Deserialize(done, ContractJson.Default.ResetResult)!;
        Assert.Equal((ExitCodes.Ok, ResetStates.Asked), (exit, result.State));
    }

    [Fact]
    public async Task A_tab_that_is_not_frozen_is_a_refusal_in_one_sentence()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var (exit, _, error) = await RunAsync(node, "reset bob --yes", new OutputOptions());
        Assert.Equal((ExitCodes.Refused, "It is not frozen."), (exit, error.Trim()));
        Assert.Empty(node.Confirmed);
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(
        PracticeNode node, string line, OutputOptions options)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var reading = Assert.IsType<Reading.Understood>(Grammar.Read(line));
        using var client = node.ConnectOnce();
        var exit = await OneShot.RunAsync(reading.Command, client, options, output, error, Cancel);
        return (exit, output.ToString(), error.ToString());
    }
}
