namespace Tallystick.Processes.Programs;

/// <summary>How a program ended.</summary>
internal sealed record Ending(int Code, string Output, string Errors);

/// <summary>
/// The built program, started as people start it: the one beside the tests, or the one that <see cref="Variable"/>
/// names, such as the launcher's.
/// </summary>
internal static class Tally
{
    private const string Variable = "PROGRAM_UNDER_TEST";

    /// <summary>The words that start it.</summary>
    public static IReadOnlyList<string> Words { get; } = BuiltProgram.WordsFor(
        Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(AppContext.BaseDirectory, "tallystick.dll"));

    /// <summary>What a shell on a system would type to start it.</summary>
    public static string CommandLine(params string[] arguments) =>
        string.Join(' ', ((string[])[.. Words, .. arguments]).Select(word => $"'{word}'"));

    public static ProgramProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        ProgramProcess.Start(Words[0], [.. Words.Skip(1), .. arguments], environment);

    /// <summary>Runs it to its end, with the lines as piped input.</summary>
    public static async Task<Ending> RunAsync(
        IEnumerable<string> arguments, string[]? input = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await using var run = Start(arguments, environment);
        foreach (var line in input ?? [])
            await run.TypeAsync(line);
        run.EndInput();
        return new Ending(await run.EndAsync(), run.Output, run.Errors);
    }

    /// <summary>The same, with the arguments as one line.</summary>
    public static Task<Ending> RunAsync(string arguments, ScratchFolder home, params string[] input) =>
        RunAsync(arguments.Split(' '), input, HomeIn(home));

    /// <summary>Keeps every book of a test in its own folder.</summary>
    public static Dictionary<string, string?> HomeIn(ScratchFolder home) => new() { ["XDG_DATA_HOME"] = home.Path };
}
