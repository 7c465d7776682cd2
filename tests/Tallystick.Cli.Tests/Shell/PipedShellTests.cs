using Tallystick.Cli.Shell;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Shell;

public sealed class PipedShellTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_pays_and_asks_in_both_vocabularies()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var (exit, output, error) = await RunAsync(
            node, "pay 10\nsend 10 credits to BOB\ncheck balance\nlimit bob 50\nverify\nfarewell\n");
        Assert.Equal(0, exit);
        Assert.Empty(error);
        Assert.Contains("Welcome to your peering relationship!", output, StringComparison.Ordinal);
        Assert.Contains("Sent 10.00 credits to bob.\n", output, StringComparison.Ordinal);
        Assert.Contains("-20.00 credits with bob (you owe bob)\n", output, StringComparison.Ordinal);
        Assert.Contains("You may still pay 90.00, bob any amount.", output, StringComparison.Ordinal);
        Assert.Contains("bob may owe you at most 50 credits.", output, StringComparison.Ordinal);
        Assert.Contains("bob: both halves match.\n", output, StringComparison.Ordinal);
        Assert.Contains("Farewell", output, StringComparison.Ordinal);
        Assert.Equal(2, node.Carried);
    }

    [Fact]
    public async Task Piped_output_has_no_prompt_no_escape_and_no_emoji()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var (_, output, error) = await RunAsync(node, "help\npay 10\nfoo\nexit\n");
        Assert.DoesNotContain(output + error, c => c > '\u007F' || c == '\e');
        Assert.DoesNotContain(output.Split('\n'), line => line.StartsWith('>'));
    }

    [Fact]
    public async Task A_pipe_cannot_be_asked_so_a_reset_needs_its_yes_beforehand()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.Frozen = true;
        var (exit, _, error) = await RunAsync(node, "reset bob\nyes\n");
        Assert.Equal(1, exit);
        Assert.Contains("Nothing was signed.", error, StringComparison.Ordinal);
        Assert.Empty(node.Confirmed);
        (exit, _, error) = await RunAsync(node, "reset bob --yes\n");
        Assert.Equal((0, string.Empty), (exit, error));
        Assert.Single(node.Confirmed);
    }

    [Theory]
    [InlineData("exit", 0)]
    [InlineData("foo\nexit", 0)]
    [InlineData("", 0)]
    [InlineData("balance\n\n   \n", 0)]
    [InlineData("foo", 1)]
    [InlineData("pay nobody 10\nbalance", 1)]
    [InlineData("pay 10abc", 1)]
    public async Task The_exit_code_tells_whether_any_line_failed(string script, int expected)
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var (exit, _, error) = await RunAsync(node, script);
        Assert.Equal(expected, exit);
        Assert.Equal(script.Contains("foo", StringComparison.Ordinal) || expected == 1, error.Length > 0);
    }

    [Fact]
    public async Task With_several_peers_a_script_gets_an_error_that_lists_them_and_a_total_line()
    {
        await using var node = await PracticeNode.StartAsync("bob", "carol");
        var (exit, output, error) = await RunAsync(node, "pay 10\npay carol 5\nlimit 10\nbalance\n");
        Assert.Equal(1, exit);
        Assert.Equal("Which peer: bob, carol?\nWhich peer: bob, carol?\n", error);
        Assert.Contains("-5.00 credits in total\n", output, StringComparison.Ordinal);
        Assert.Equal(1, node.Carried);
    }

    [Fact]
    public async Task A_payment_to_a_peer_who_is_off_says_so_and_how_to_take_it_back()
    {
        await using var node = await PracticeNode.StartAsync();
        node.SetPeer("bob", online: false);
        var (_, output, _) = await RunAsync(node, "pay bob 10\nexit\n");
        Assert.Contains("Queued 10.00 credits for bob, who is off.\n", output, StringComparison.Ordinal);
        Assert.Contains("cancel ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_pays_while_owing_gets_the_hint_once()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var (_, output, _) = await RunAsync(node, "pay 1\npay 1\npay 1\nexit\n");
        Assert.Equal(2, output.Split("paying adds to the debt").Length);
    }

    [Fact]
    public async Task A_word_after_the_amount_may_be_an_asset_or_a_peer()
    {
        await using var node = await PracticeNode.StartAsync("bob", "carol");
        var (_, output, _) = await RunAsync(node, "pay bob 10 EUR\npay 10 carol\nexit\n");
        Assert.Contains("Sent 10.00 EUR to bob.\n", output, StringComparison.Ordinal);
        Assert.Contains("Sent 10.00 credits to carol.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_once_is_asked_again_and_pays_once()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.BreaksAfterPaying = 1;
        var (exit, output, _) = await RunAsync(node, "pay 10\nexit\n");
        Assert.Equal(0, exit);
        Assert.Contains("Sent 10.00 credits to bob.", output, StringComparison.Ordinal);
        Assert.Equal(1, node.Carried);
    }

    [Fact]
    public async Task Without_a_node_it_says_so_in_one_line()
    {
        using var client = new TallystickClient(new Uri("http://127.0.0.1:1"), "token");
        var error = new StringWriter { NewLine = "\n" };
        var exit = await ShellSession.RunAsync(
            client, new ShellOptions { Plain = true }, TextReader.Null, TextWriter.Null, error, Cancel);
        Assert.Equal(3, exit);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Peers_who_are_there_already_are_told_once()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        using var client = node.Connect();
        var input = new SlowReader();
        var output = new StringWriter { NewLine = "\n" };
        var running = ShellSession.RunAsync(
            client, new ShellOptions { Plain = true }, input, TextWriter.Synchronized(output), TextWriter.Null, Cancel);
        await Eventually.HoldsAsync(() => Text(output).Contains("bob is connected.", StringComparison.Ordinal));
        node.Tell(new Notice(NoticeKinds.Connected, "bob", null, null, null, null));
        node.Tell(new Notice(NoticeKinds.Paid, "bob", "10.00", "credits", null, null));
        await Eventually.HoldsAsync(
            () => Text(output).Contains("You were paid 10.00 by bob!", StringComparison.Ordinal));
        input.Send("exit");
        Assert.Equal(0, await running);
        Assert.Equal(2, Text(output).Split("bob is connected.").Length);
    }

    private static string Text(StringWriter writer)
    {
        lock (writer)
            return writer.ToString();
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(PracticeNode node, string script)
    {
        using var client = node.Connect();
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var exit = await ShellSession.RunAsync(
            client, new ShellOptions { Plain = true }, new StringReader(script), output, error, Cancel);
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>Input whose next line comes when the test says so.</summary>
    private sealed class SlowReader : TextReader
    {
        private readonly TaskCompletionSource<string?> line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Send(string text) => line.SetResult(text);

        public override async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
            await line.Task.WaitAsync(cancellationToken);
    }
}
