using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Commands;

/// <summary>What was typed wrongly costs one sentence and nothing else.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("up --listen 99999")]
    [InlineData("99999")]
    [InlineData("5000 0")]
    [InlineData("5000 5001 localhost more")]
    [InlineData("up --name ../x")]
    [InlineData("up --asset EUR/20 --name alice")]
    [InlineData("up --peer nowhere:99999 --name alice")]
    [InlineData("up --nmae alice")]
    [InlineData("up sideways")]
    [InlineData("demo carol")]
    [InlineData("balanse")]
    [InlineData("pay")]
    [InlineData("exit")]
    [InlineData("pay bob 10 --node ftp://here")]
    public async Task Ends_with_2_and_one_sentence(string arguments)
    {
        var ending = await Tally.RunAsync(arguments, scratch);
        Assert.Equal((2, string.Empty), (ending.Code, ending.Output));
        Assert.Single(ending.Errors.Trim().Split('\n'));
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.Path));
    }

    [Fact]
    public async Task Without_a_node_a_command_ends_with_3()
    {
        var ending = await Tally.RunAsync("balance", scratch);
        Assert.Equal((3, string.Empty), (ending.Code, ending.Output));
        Assert.StartsWith("No node is running", ending.Errors);
    }

    [Theory]
    [InlineData("help", "tallystick demo")]
    [InlineData("--help", "Exit codes")]
    [InlineData("?", "Exit codes")]
    [InlineData("help pay", "Exit codes")]
    [InlineData("help --json", "\"Tallystick: ")]
    [InlineData("--version", "tallystick 0.")]
    public async Task Asking_about_the_program_ends_with_0(string arguments, string said)
    {
        var ending = await Tally.RunAsync(arguments, scratch);
        Assert.Equal((0, string.Empty), (ending.Code, ending.Errors));
        Assert.Contains(said, ending.Output);
    }
}
