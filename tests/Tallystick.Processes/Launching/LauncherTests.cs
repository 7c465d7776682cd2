using System.Runtime.Versioning;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Launching;

/// <summary>
/// The launcher, with a stand-in for <c>dotnet</c> that notes what it is asked and builds in an instant, and one for
/// the linker, which is only looked for.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class LauncherTests : IDisposable
{
    private const string StandIn = """
        #!/bin/sh
        case $1 in
            --list-sdks) cat "$STANDIN/sdks" ;;
            restore) [ ! -f "$STANDIN/forged" ] || { echo "error NU1403: not the package of the lock file"; exit 1; } ;;
            build)
                echo build >>"$STANDIN/asked"
                sleep 0.3
                [ ! -f "$STANDIN/broken" ] || { echo "error CS1002: ; expected"; exit 1; }
                mkdir -p src/Tallystick.Cli/bin/Release/net10.0
                : >src/Tallystick.Cli/bin/Release/net10.0/tallystick.dll
                ;;
            publish)
                echo machine code >>"$STANDIN/asked"
                sleep 0.3
                while [ -f "$STANDIN/slow" ]; do sleep 0.05; done
                [ ! -f "$STANDIN/broken" ] && [ ! -f "$STANDIN/unlinked" ] || { echo "cannot link"; exit 1; }
                mkdir -p "$4"
                [ ! -f "$STANDIN/halfway" ] || { : >"$4/tallystick"; exit 0; }
                cp "$STANDIN/program" "$4/tallystick"
                ;;
            *.dll) shift; echo "dotnet ran with $# words: $*" ;;
        esac
        """;

    private const string Program = """
        #!/bin/sh
        [ -z "${TALLYSTICK_JSON:-}" ] || { echo "TALLYSTICK_JSON is either 1 or 0."; exit 2; }
        echo "ran with $# words: $*"
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
        Write(Path.Combine(tools, "dotnet"), StandIn);
        Write(Path.Combine(tools, "clang"), "#!/bin/sh\nexit 1\n");
        Write(scratch.Of("program"), Program);
        File.WriteAllText(scratch.Of("sdks"), "8.0.100 [/sdk]\n10.0.401 [/sdk]\n");
        environment = new()
        {
            ["STANDIN"] = scratch.Path,
            ["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}",
        };
    }

    private string Launcher => Path.Combine(root, "tallystick");

    private string Source => Path.Combine(root, "src", "Tallystick.Core", "Money", "Amount.cs");

    private string Bin => Path.Combine(root, "src", "Tallystick.Cli", "bin", "Release");

    private string[] Asked => File.Exists(scratch.Of("asked")) ? File.ReadAllLines(scratch.Of("asked")) : [];

    private int Builds => Asked.Length;

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

    [Fact]
    public async Task Packages_that_the_lock_files_do_not_know_are_not_built_with()
    {
        File.WriteAllText(scratch.Of("forged"), string.Empty);
        var (code, output, errors) = await Run(Launcher, "balance");
        Assert.Equal((1, string.Empty), (code, output));
        Assert.Contains("error NU1403", errors);
        Assert.Empty(Asked);
    }

    [Fact]
    public async Task What_was_built_as_machine_code_needs_no_dotnet()
    {
        await Run(Launcher);
        File.Delete(scratch.Of("tools", "dotnet"));
        environment["HOME"] = scratch.Path;
        environment["DOTNET_ROOT"] = null;
        environment["PATH"] = OnlyWhatEveryLinuxHas();
        Assert.Equal((0, "ran with 1 words: balance\n", string.Empty), await Run(Launcher, "balance"));
    }

    [Fact]
    public async Task Without_a_linker_the_runtime_runs_it_until_there_is_one()
    {
        environment["PATH"] = $"{OnlyWhatEveryLinuxHas()}:{scratch.Of("tools")}";
        environment["dotnet"] = "/what/somebody/has/set/for/something/else";
        File.Delete(scratch.Of("tools", "clang"));
        var (code, output, errors) = await Run(Launcher, "balance");
        Assert.Equal((0, "dotnet ran with 1 words: balance\n"), (code, output));
        Assert.Single(errors.Trim().Split('\n'));
        Assert.Equal((0, "dotnet ran with 0 words: \n", string.Empty), await Run(Launcher));
        Assert.Equal(["build"], Asked);

        Write(scratch.Of("tools", "clang"), "#!/bin/sh\nexit 1\n");
        (_, output, _) = await Run(Launcher, "balance");
        Assert.Equal("ran with 1 words: balance\n", output);
    }

    [Theory]
    [InlineData("unlinked", "cannot link")]
    [InlineData("halfway", "Permission denied")]
    public async Task What_does_not_become_machine_code_runs_on_dotnet_and_never_as_it_was_before(
        string trouble, string why)
    {
        await Run(Launcher);
        await WaitForTheNextTick();
        File.AppendAllText(Source, "// more");
        File.WriteAllText(scratch.Of(trouble), string.Empty);
        var (code, output, errors) = await Run(Launcher, "balance");
        Assert.Equal((0, "dotnet ran with 1 words: balance\n"), (code, output));
        Assert.Contains("native.log says why", errors);
        Assert.Contains(why, File.ReadAllText(Path.Combine(Bin, "native.log")));
        (_, output, errors) = await Run(Launcher, "balance");
        Assert.Equal(("dotnet ran with 1 words: balance\n", string.Empty), (output, errors));

        File.Delete(scratch.Of(trouble));
        File.Delete(Path.Combine(Bin, ".built"));
        (_, output, _) = await Run(Launcher, "balance");
        Assert.Equal("ran with 1 words: balance\n", output);
    }

    [Fact]
    public async Task A_setting_that_the_program_refuses_does_not_keep_it_from_being_built()
    {
        environment["TALLYSTICK_JSON"] = "perhaps";
        Assert.Equal((2, "TALLYSTICK_JSON is either 1 or 0.\n"), await Outcome(Run(Launcher, "balance")));
        Assert.Equal(["machine code"], Asked);
    }

    [Fact]
    public async Task An_interrupted_build_does_not_go_on_and_runs_nothing()
    {
        File.WriteAllText(scratch.Of("slow"), string.Empty);
        await using var run = ProgramProcess.Start(Launcher, ["pay", "bob", "10"], environment, scratch.Path);
        await Until.TrueAsync("it builds", () => Task.FromResult(Asked is ["machine code"]));
        await run.SignalAsync("TERM");
        File.Delete(scratch.Of("slow"));
        Assert.NotEqual(0, await run.EndAsync());
        Assert.Equal((string.Empty, 1), (run.Output, Builds));

        Assert.Equal((0, "ran with 1 words: balance\n"), await Outcome(Run(Launcher, "balance")));
    }

    [Fact]
    public async Task A_program_that_runs_does_not_keep_the_next_from_being_built()
    {
        File.Copy("/bin/cat", scratch.Of("program"), overwrite: true);
        await using var node = ProgramProcess.Start(Launcher, [], environment, scratch.Path);
        await node.TypeAsync("up");
        await node.HearAsync("up");

        await WaitForTheNextTick();
        File.AppendAllText(Source, "// more");
        var (code, _, errors) = await Run(Launcher);
        Assert.Equal((0, 2), (code, Builds));
        Assert.Single(errors.Trim().Split('\n'));
        await node.TypeAsync("still up");
        await node.HearAsync("still up");
        node.EndInput();
        Assert.Equal(0, await node.EndAsync());
    }

    private static async Task<(int Code, string Output)> Outcome(Task<(int Code, string Output, string Errors)> run)
    {
        var (code, output, _) = await run;
        return (code, output);
    }

    private static void Write(string file, string text)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(
            file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // A folder with the tools that the launcher may count on, and neither a compiler nor dotnet.
    private string OnlyWhatEveryLinuxHas()
    {
        var folder = Directory.CreateDirectory(scratch.Of("plain")).FullName;
        foreach (var tool in (string[])["sh", "cat", "cp", "dirname", "find", "grep", "mkdir", "mv", "readlink", "rm",
            "rmdir", "sleep", "touch", "uname"])
            File.CreateSymbolicLink(
                Path.Combine(folder, tool), File.Exists($"/bin/{tool}") ? $"/bin/{tool}" : $"/usr/bin/{tool}");
        return folder;
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
        var stamp = Path.Combine(Bin, ".built");
        var probe = scratch.Of("probe");
        do
        {
            await Task.Yield();
            File.WriteAllText(probe, string.Empty);
        }
        while (File.GetLastWriteTimeUtc(probe) <= File.GetLastWriteTimeUtc(stamp));
    }
}
