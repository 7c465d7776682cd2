using System.Runtime.Versioning;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Launching;

/// <summary>
/// The launcher, with a stand-in for <c>dotnet</c> that notes what it is asked and builds in an instant.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class LauncherTests : IDisposable
{
    private const string StandIn = """
        #!/bin/sh
        case $1 in
            --list-sdks) cat "$STANDIN/sdks" ;;
            build)
                echo build >>"$STANDIN/asked"
                sleep 0.3
                [ ! -f "$STANDIN/broken" ] || { echo "error CS1002: ; expected"; exit 1; }
                mkdir -p src/Tallystick.Cli/bin/Release/net10.0
                : >src/Tallystick.Cli/bin/Release/net10.0/tallystick.dll
                ;;
            *.dll) shift; echo "ran with $# words: $*" ;;
        esac
        """;

    private readonly ScratchFolder scratch = new();
    private readonly string root;
    private readonly Dictionary<string, string?> environment;

    public LauncherTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has tallystick.cmd.");
        root = scratch.Of("a folder with spaces");
        Directory.CreateDirectory(Path.Combine(root, "src", "Tallystick.Cli"));
        Directory.CreateDirectory(Path.Combine(root, "src", "Tallystick.Core", "Money"));
        File.WriteAllText(Source, "namespace Tallystick;");
        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json"])
            File.WriteAllText(Path.Combine(root, file), string.Empty);
        File.Copy(Path.Combine(Repository.Root, "tallystick"), Launcher);
        var tools = Directory.CreateDirectory(scratch.Of("tools")).FullName;
        var standIn = Path.Combine(tools, "dotnet");
        File.WriteAllText(standIn, StandIn);
        File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(scratch.Of("sdks"), "8.0.100 [/sdk]\n10.0.401 [/sdk]\n");
        environment = new()
        {
            ["STANDIN"] = scratch.Path,
            ["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}",
        };
    }

    private string Launcher => Path.Combine(root, "tallystick");

    private string Source => Path.Combine(root, "src", "Tallystick.Core", "Money", "Amount.cs");

    private int Builds => File.Exists(scratch.Of("asked")) ? File.ReadAllLines(scratch.Of("asked")).Length : 0;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task The_first_use_builds_and_says_so_and_the_next_does_neither()
    {
        var (code, output, errors) = await Run(Launcher, "pay", "bob", "10 for  lunch");
        Assert.Equal((0, "ran with 3 words: pay bob 10 for  lunch\n"), (code, output));
        Assert.StartsWith("Building Tallystick", errors);
        Assert.Single(errors.Trim().Split('\n'));

        (_, output, errors) = await Run(Launcher);
        Assert.Equal(("ran with 0 words: \n", string.Empty), (output, errors));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task A_changed_or_removed_source_is_built_again_once()
    {
        await Run(Launcher);
        await WaitForTheNextTick();
        File.AppendAllText(Source, "// more");
        await Run(Launcher);
        await Run(Launcher);
        Assert.Equal(2, Builds);

        await WaitForTheNextTick();
        File.Delete(Source);
        await Run(Launcher);
        await Run(Launcher);
        Assert.Equal(3, Builds);
    }

    [Fact]
    public async Task What_a_build_writes_is_no_change()
    {
        await Run(Launcher);
        await WaitForTheNextTick();
        var made = Directory.CreateDirectory(Path.Combine(root, "src", "Tallystick.Core", "obj", "Debug")).FullName;
        File.WriteAllText(Path.Combine(made, "generated.cs"), string.Empty);
        await Run(Launcher);
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task Two_launchers_at_the_same_moment_build_once_and_both_run()
    {
        var both = await Task.WhenAll(Run(Launcher, "one"), Run(Launcher, "two"));
        Assert.All(both, run => Assert.StartsWith("ran with 1 words", run.Output));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task It_works_through_a_link_and_from_any_folder()
    {
        var link = scratch.Of("link");
        File.CreateSymbolicLink(link, Launcher);
        File.CreateSymbolicLink(scratch.Of("tools", "tally"), "../link");
        var (code, output, _) = await Run(scratch.Of("tools", "tally"), "balance");
        Assert.Equal((0, "ran with 1 words: balance\n"), (code, output));
    }

    [Fact]
    public async Task A_failed_build_shows_why_and_is_tried_again()
    {
        File.WriteAllText(scratch.Of("broken"), string.Empty);
        var (code, output, errors) = await Run(Launcher, "balance");
        Assert.Equal((1, string.Empty), (code, output));
        Assert.Contains("error CS1002: ; expected", errors);

        File.Delete(scratch.Of("broken"));
        (code, _, _) = await Run(Launcher, "balance");
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Without_the_right_sdk_it_names_what_to_install()
    {
        File.WriteAllText(scratch.Of("sdks"), "8.0.100 [/sdk]\n");
        var (code, output, errors) = await Run(Launcher, "balance");
        Assert.Equal((1, string.Empty), (code, output));
        Assert.Equal(
            "tallystick: please install the .NET SDK 10 (https://dot.net/download), then run this again.\n", errors);
        Assert.Equal(0, Builds);
    }

    private async Task<(int Code, string Output, string Errors)> Run(string file, params string[] arguments)
    {
        await using var run = ProgramProcess.Start(file, arguments, environment, scratch.Path);
        run.EndInput();
        return (await run.EndAsync(), run.Output, run.Errors);
    }

    // The launcher compares times of files; what is written in the same tick of the file system's clock is no newer.
    private async Task WaitForTheNextTick()
    {
        var stamp = Path.Combine(root, "src", "Tallystick.Cli", "bin", "Release", ".built");
        var probe = scratch.Of("probe");
        do
        {
            await Task.Yield();
            File.WriteAllText(probe, string.Empty);
        }
        while (File.GetLastWriteTimeUtc(probe) <= File.GetLastWriteTimeUtc(stamp));
    }
}
