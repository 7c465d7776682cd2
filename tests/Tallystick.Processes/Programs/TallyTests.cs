namespace Tallystick.Processes.Programs;

/// <summary>Tests of the tests: a name misspelt would try the same build twice, and no other test would tell.</summary>
public sealed class TallyTests(ITestOutputHelper output) : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task The_program_that_runs_is_the_one_under_test()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process runs is read from /proc.");
        await using var node = Tally.Start(
            ["up", "--headless", "--name", "alice", "--data", scratch.Of("alice"), "--listen", "127.0.0.1:0"]);
        await node.HearAsync("alice is up: ");
        var runs = new FileInfo($"/proc/{node.Id}/exe").ResolveLinkTarget(returnFinalTarget: true)!;
        output.WriteLine($"under test: {runs.FullName}");

        var asked = Environment.GetEnvironmentVariable("PROGRAM_UNDER_TEST");
        Assert.Equal(asked is null ? "dotnet" : "tallystick", runs.Name);
        Assert.True(asked is null || runs.FullName == Path.GetFullPath(asked), runs.FullName);
    }
}
