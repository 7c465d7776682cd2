using System.CommandLine;
using Tallystick.Node.Peers;

namespace Tallystick.Cli.Flags;

/// <summary>Any command line, as System.CommandLine reads it.</summary>
internal sealed class FullLine : FlagReader
{
    private readonly Argument<string[]> words = new("words") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Command command = new("tallystick");
    private readonly ParseResult result;

    private FullLine(IReadOnlyList<string> arguments, Func<string, string?> environment)
        : base(environment)
    {
        foreach (var flag in FlagTable.All)
            command.Options.Add(OptionOf(flag));
        command.Arguments.Add(words);
        // "pay @bob" must not open a file, and "-5" is a number, not five flags.
        result = command.Parse(
            arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">A flag is unknown, lacks its value or was given twice.</exception>
    public static CommandLine Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var line = new FullLine(arguments, environment);
        if (line.result.Errors.Count > 0)
            throw new UsageException(line.result.Errors[0].Message);
        var typed = line.result.GetValue(line.words) ?? [];
        RefuseUnknownFlags(arguments, typed);
        return new CommandLine(line.Read(), typed);
    }

    protected override string? Typed(string flag) => result.GetValue<string?>(flag);

    protected override string[]? AllTyped(string flag) => result.GetValue<string[]>(flag);

    protected override bool IsTyped(string flag) => result.GetValue<bool>(flag);

    private static Option OptionOf(Flag flag) => flag.Kind switch
    {
        FlagKind.Switch when flag.Name == "--help" => new Option<bool>(flag.Name, "-h") { Arity = ArgumentArity.Zero },
        FlagKind.Switch => new Option<bool>(flag.Name) { Arity = ArgumentArity.Zero },
        FlagKind.Text => new Option<string?>(flag.Name) { Arity = ArgumentArity.ExactlyOne },
        _ => new Option<string[]>(flag.Name),
    };

    // A dash begins a word too ("pay bob -5"), but a typing error in a flag must not become part of a payment's memo.
    private static void RefuseUnknownFlags(IReadOnlyList<string> arguments, string[] typedWords)
    {
        var separator = arguments.ToList().IndexOf("--");
        var judged = separator < 0 ? typedWords.Length : typedWords.Length - (arguments.Count - separator - 1);
        foreach (var word in typedWords.Take(judged).Where(IsUnknownFlag))
        {
            throw new UsageException(Nearest.To(word, FlagTable.All.Select(flag => flag.Name)) is { } near
                ? $"There is no flag {word}; did you mean {near}?"
                : $"There is no flag {word}; `tallystick help` lists them all "
                    + "(words that begin with -- go after a lone --).");
        }
    }

    private static bool IsUnknownFlag(string word) =>
        word.StartsWith("--", StringComparison.Ordinal)
        && word is not ("--force" or "--yes" or "--close" or "--limit" or "--expires" or "--once");
}
