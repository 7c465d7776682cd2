namespace Tallystick.Cli.Flags;

/// <summary>
/// What was typed, split into flags and words. The flags may stand anywhere; the words are judged later, by the grammar
/// that the shell uses too, so that <c>pay bob 10 for lunch</c> means the same in both places.
/// </summary>
internal sealed record CommandLine(GivenFlags Flags, IReadOnlyList<string> Words)
{
    /// <summary>Reads the arguments and, for flags that were not typed, the environment.</summary>
    /// <exception cref="UsageException">A flag is unknown, lacks its value or was given twice.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments, Func<string, string?> environment) =>
        PlainLine.Read(arguments, environment) ?? FullLine.Read(arguments, environment);
}
