namespace Tallystick.Cli.Flags;

/// <summary>A command line in which every flag is typed in the plainest way, as nearly all are.</summary>
/// <remarks>
/// Such a line is read without System.CommandLine, which takes a quarter of a command's time to come to life (decision
/// 0057). Whatever could mean anything else is left to it: values behind <c>=</c>, a dash that begins no known flag, a
/// flag given twice or without its value, a lone <c>--</c>.
/// </remarks>
internal sealed class PlainLine : FlagReader
{
    private readonly List<Flag> flags = [];

    // What follows the flag of the same index; empty for a switch.
    private readonly List<string> values = [];
    private readonly List<string> words = [];

    private PlainLine(Func<string, string?> environment)
        : base(environment)
    {
    }

    /// <summary>Reads a plain line, or returns null for any other.</summary>
    /// <exception cref="UsageException">A switch in the environment is neither on nor off.</exception>
    public static CommandLine? Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var line = new PlainLine(environment);
        return line.IsTaken(arguments) ? new CommandLine(line.Read(), line.words) : null;
    }

    protected override string? Typed(string flag)
    {
        var at = IndexOf(flag);
        return at < 0 ? null : values[at];
    }

    protected override string[]? AllTyped(string flag)
    {
        var all = new List<string>();
        for (var i = 0; i < flags.Count; i++)
        {
            if (flags[i].Name == flag)
                all.Add(values[i]);
        }
        return all.ToArray();
    }

    protected override bool IsTyped(string flag) => IndexOf(flag) >= 0;

    private bool IsTaken(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (IsWord(argument))
            {
                if (i == 0 && MayMeanMore(argument))
                    return false;
                words.Add(argument);
                continue;
            }
            if (FlagTable.Find(argument) is not { } flag)
                return false;
            if (flag.Kind != FlagKind.List && IndexOf(flag.Name) >= 0)
                return false;
            if (flag.Kind != FlagKind.Switch && (++i == arguments.Count || !IsWord(arguments[i])))
                return false;
            flags.Add(flag);
            values.Add(flag.Kind == FlagKind.Switch ? string.Empty : arguments[i]);
        }
        return true;
    }

    // In the first place: the program itself, or an instruction in brackets.
    private static bool MayMeanMore(string argument) =>
        argument[0] == '[' || argument.Contains("tallystick", StringComparison.OrdinalIgnoreCase);

    private static bool IsWord(string argument) => argument.Length > 0 && argument[0] != '-';

    private int IndexOf(string flag)
    {
        for (var i = 0; i < flags.Count; i++)
        {
            if (flags[i].Name == flag)
                return i;
        }
        return -1;
    }
}
