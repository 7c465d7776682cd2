using System.Text.Json;
using Tallystick.Cli.Commands;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Commands;

public sealed class OneShotTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_is_one_document_with_the_contracts_record()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var (exit, output, error) = await RunAsync(
            node.ConnectOnce(), "pay bob 10 for lunch", new OutputOptions(Json: true));
        var payment = JsonSerializer.Deserialize(output, ContractJson.Default.Payment)!;
        Assert.Equal((0, "10.00", "lunch", "sent"), (exit, payment.Amount, payment.Memo, payment.State));
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("pay nobody 10", 1, "unknown-peer")]
    [InlineData("pay bob 10abc", 1, "bad-amount")]
    [InlineData("exit", 2, "usage")]
    public async Task A_problem_in_json_names_the_refusal(string line, int code, string refusal)
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var (exit, output, _) = await RunAsync(node.ConnectOnce(), line, new OutputOptions(Json: true));
        Assert.Equal(
            (code, refusal), (exit, JsonSerializer.Deserialize(output, ContractJson.Default.Problem)!.Refusal));
    }

    [Fact]
    public async Task Every_command_answers_in_words_and_in_json()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.Knock("carol", "QRST-AAAA");
        string[] lines =
        [
            "pay 1", "balance", "history", "limit bob 5", "peers", "peer add dave 192.0.2.8:5000",
                "accept qrst as carol",
            "peer rename bob robert", "peer remove bob --force", "verify", "whoami", "help",
        ];
        foreach (var line in lines)
        {
            var (exit, output, _) = await RunAsync(node.ConnectOnce(), line, new OutputOptions());
            Assert.True(exit == 0 && output.Trim().Length > 0, line);
            var (_, json, _) = await RunAsync(node.ConnectOnce(), line, new OutputOptions(Json: true));
            using var document = JsonDocument.Parse(json);
        }
    }

    [Fact]
    public async Task Failures_to_reach_the_node_have_their_own_codes()
    {
        var nowhere = new TallystickClient(new Uri("http://127.0.0.1:1"), "token");
        Assert.Equal(3, (await RunAsync(nowhere, "pay bob 10", new OutputOptions())).Exit);
        await using var node = await PracticeNode.StartAsync("bob");
        node.BreaksAfterPaying = 2;
        Assert.Equal(4, (await RunAsync(node.ConnectOnce(), "pay bob 10", new OutputOptions())).Exit);
        Assert.Equal(1, node.Carried);
    }

    [Fact]
    public async Task A_forced_removal_warns_of_the_open_balance()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        await RunAsync(node.ConnectOnce(), "pay bob 10", new OutputOptions());
        Assert.Equal(1, (await RunAsync(node.ConnectOnce(), "peer remove bob", new OutputOptions())).Exit);
        var (exit, output, _) = await RunAsync(node.ConnectOnce(), "peer remove bob --force", new OutputOptions());
        Assert.Equal(0, exit);
        Assert.Contains("Warning", output, StringComparison.Ordinal);
        Assert.Contains("-10.00 credits", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    [InlineData(60)]
    [InlineData(30)]
    public async Task History_fits_the_terminal_and_keeps_what_matters(int? width)
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var time = DateTimeOffset.UnixEpoch;
        node.Remember(new HistoryEntry(
            time, "bob", "pay", true, "10.00", "credits", "lunch at the 界 place, with everybody \e[31m", "sent",
                "1a2b3c4d",
            1, 0, null));
        node.Remember(
            new HistoryEntry(time, "bob", "limit", false, null, "credits", null, "delivered", "5e6f7a8b", 1, 0, null));
        var options = new OutputOptions(Plain: true, Width: width);
        var (_, output, _) = await RunAsync(node.ConnectOnce(), "history", options);
        Assert.Contains("1a2b3c4d", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
        var lines = output.TrimEnd().Split('\n');
        if (width >= 100)
            Assert.All(lines, line => Assert.True(Cli.Shell.Cells.Width(line) < width, line));
        if (width is null)
            Assert.Equal(
                lines[0].IndexOf("sent", StringComparison.Ordinal), lines[1].IndexOf("deli", StringComparison.Ordinal));
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(
        TallystickClient client, string line, OutputOptions options)
    {
        using var owned = client;
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var command = ((Reading.Understood)Grammar.Read(line)).Command;
        return (await OneShot.RunAsync(command, client, options, output, error, Cancel), output.ToString(),
            error.ToString());
    }
}
