using System.Text.Json;
using Tallystick.Cli.Commands;
using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Commands;

public sealed class SettleTests
{
    private static readonly SettlementInfo Theirs = PracticeNode.Sample(new SettleRequest("20.00", "bob")) with
    {
        Id = "3f2a81c0.2",
        Mine = false,
        Title = "bob pays you 20.00 credits by cash",
        Actions = [SettlementActions.Accept, SettlementActions.Dispute],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("settle accept 3f2a81c0.2", "accept", 2)]
    [InlineData("settle accept 3f", "accept", 1)]
    [InlineData("settle received 3f2a81c0.31", "received", 31)]
    [InlineData("settle dispute 3f2a81c0.2 because no", "dispute", 2)]
    public async Task An_answer_names_the_revision_that_the_id_carried(string typed, string answer, int revision)
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.Settlement = Theirs;
        Assert.Equal(ExitCodes.Ok, (await RunAsync(node, typed)).Exit);
        var answered = Assert.Single(node.Answered);
        Assert.Equal((answer, revision), (answered.Answer, answered.Request!.Revision));
        Assert.NotNull(answered.Request.RequestId);
    }

    [Theory]
    [InlineData("settle 20 from me", null, "me")]
    [InlineData("settle bob 20 from me", "bob", "me")]
    [InlineData("settle bob 20 from BOB", "bob", "peer")]
    [InlineData("settle 20 from bob", "bob", "peer")]
    [InlineData("settle bob 20 from alice", "bob", "me")]
    public async Task Who_pays_is_said_as_me_or_by_name(string typed, string? peer, string payer)
    {
        await using var node = await PracticeNode.StartAsync("bob");
        Assert.Equal(ExitCodes.Ok, (await RunAsync(node, typed)).Exit);
        var proposed = Assert.Single(node.Proposed);
        Assert.Equal((peer, payer), (proposed.Peer, proposed.Payer));
    }

    [Fact]
    public async Task Somebody_else_cannot_have_paid()
    {
        await using var node = await PracticeNode.StartAsync("bob", "carol");
        var (exit, _, error) = await RunAsync(node, "settle bob 20 from carol");
        Assert.Equal((ExitCodes.Usage, "From whom: from me, or from bob? Those are the two who can have paid.\n"),
            (exit, error));
        Assert.Empty(node.Proposed);
    }

    [Fact]
    public async Task An_ask_is_what_one_laid_out_for_the_other()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        await RunAsync(node, "ask bob 12.50 for pizza");
        var asked = Assert.Single(node.Proposed);
        Assert.Equal(
            ("12.50", "bob", "me", "ask", "pizza"),
            (asked.Amount, asked.Peer, asked.Payer, asked.Method, asked.Reference));
    }

    [Theory]
    [InlineData("60", "20.00", "0.00")]
    [InlineData("10", "3.33", "0.01")]
    [InlineData("0.05", "0.01", "0.02")]
    public async Task A_split_asks_each_for_an_equal_share_and_says_what_is_left(
        string whole, string share, string left)
    {
        await using var node = await PracticeNode.StartAsync("bob", "carol");
        var (exit, output, _) = await RunAsync(node, $"split {whole} with bob and carol for dinner", json: true);
        Assert.Equal(ExitCodes.Ok, exit);
        var split = JsonSerializer.Deserialize(output, ContractJson.Default.SplitResult)!;
        Assert.Equal((share, left), (split.Share, split.Left));
        Assert.Equal(
            [("bob", share, "dinner"), ("carol", share, "dinner")],
            node.Proposed.Select(ask => (ask.Peer, ask.Amount, ask.Reference)));
        var said = SettlementSentences.Split(split);
        Assert.Equal(left != "0.00", said[^1] == $"{left} cannot be divided and stays with you.");
    }

    [Theory]
    [InlineData("split 60 with bob dora", "no peer called dora")]
    [InlineData("split 60 with bob BOB", "once")]
    [InlineData("split 0.02 with bob carol", "too little")]
    [InlineData("split 1e9 with bob", "not an amount")]
    [InlineData("split 60 XYZ with bob", "no such asset")]
    public async Task A_split_that_cannot_be_asks_nobody(string typed, string why)
    {
        await using var node = await PracticeNode.StartAsync("bob", "carol");
        var (exit, _, error) = await RunAsync(node, typed);
        Assert.Equal(ExitCodes.Refused, exit);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Empty(node.Proposed);
    }

    [Theory]
    [InlineData(NoticeKinds.Proposed, "bob proposes: bob pays you 20.00 credits by cash. "
        + "Say settle accept 3f2a81c0.2, or settle dispute 3f2a81c0.2 because ...")]
    [InlineData(NoticeKinds.Withdrawn, "bob took back 3f2a81c0.2: bob pays you 20.00 credits by cash.")]
    [InlineData(NoticeKinds.Seen, "bob has seen that you agreed: bob pays you 20.00 credits by cash. "
        + "It is safe to pay now.")]
    [InlineData(NoticeKinds.Settled, "Settled: bob pays you 20.00 credits by cash.")]
    public void What_happens_to_a_settlement_is_told_with_what_to_say(string kind, string expected)
    {
        var notice = new Notice(kind, "bob", "20.00", "credits", null, Theirs.Id, Theirs);
        Assert.Equal(expected, NoticeSentences.Of(notice, "credits"));
    }

    [Fact]
    public async Task A_file_that_is_none_is_refused_without_asking_a_node()
    {
        var folder = Directory.CreateTempSubdirectory("tallystick-");
        try
        {
            var file = Path.Combine(folder.FullName, "x.tally");
            await File.WriteAllTextAsync(file, "hello", Cancel);
            Assert.True(FileCommands.IsFile(file));
            Assert.False(FileCommands.IsFile("bob"));
            var answer = FileCommands.Verify(file);
            Assert.Equal((ExitCodes.Refused, "This is no file of a settlement."), (answer.ExitCode, answer.Lines[0]));
            Assert.Equal(ExitCodes.Refused, FileCommands.Verify(file + ".missing").ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(
        PracticeNode node, string typed, bool json = false)
    {
        using var client = node.ConnectOnce();
        var command = Assert.IsType<Reading.Understood>(Grammar.Read(typed)).Command;
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exit = await OneShot.RunAsync(command, client, new OutputOptions(json), output, error, Cancel);
        return (exit, output.ToString(), error.ToString().ReplaceLineEndings("\n"));
    }
}
