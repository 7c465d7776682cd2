using System.CommandLine;
using Tallystick.Node.Peers;

namespace Tallystick.Cli.Flags;

/// <summary>
/// Splits what was typed into flags and words. The flags may stand anywhere; the words are judged later, by the
/// grammar that the shell uses too, so that <c>pay bob 10 for lunch</c> means the same in both places.
/// </summary>
internal sealed class CommandLine
{
    private readonly Option<string?> name = Text("--name");
    private readonly Option<string?> data = Text("--data");
    private readonly Option<bool> temp = Switch("--temp");
    private readonly Option<string?> listen = Text("--listen");
    private readonly Option<string[]> reach = new("--reach");
    private readonly Option<string[]> peers = new("--peer");
    private readonly Option<string[]> relays = new("--relay");
    private readonly Option<string[]> assets = new("--asset");
    private readonly Option<string?> web = Text("--web");
    private readonly Option<string?> publicUrl = Text("--public-url");
    private readonly Option<string?> node = Text("--node");
    private readonly Option<string?> passphraseFile = Text("--passphrase-file");
    private readonly Option<string?> newPassphraseFile = Text("--new-passphrase-file");
    private readonly Option<bool> json = Switch("--json");
    private readonly Option<bool> plain = Switch("--plain");
    private readonly Option<bool> wait = Switch("--wait");
    private readonly Option<bool> debug = Switch("--debug");
    private readonly Option<bool> headless = Switch("--headless");
    private readonly Option<bool> offline = Switch("--offline");
    private readonly Option<bool> hidden = Switch("--hidden");
    private readonly Option<bool> rooms = Switch("--rooms");
    private readonly Option<bool> fresh = Switch("--fresh");
    private readonly Option<string?> crowd = Text("--peers");
    private readonly Option<bool> help = Switch("--help", "-h");
    private readonly Option<bool> version = Switch("--version");
    private readonly Argument<string[]> words = new("words") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Command command = new("tallystick");
    private readonly Func<string, string?> environment;

    private CommandLine(Func<string, string?> environment)
    {
        this.environment = environment;
        foreach (var option in (Option[])[
            name, data, temp, listen, reach, peers, relays, assets, web, publicUrl, node, passphraseFile,
            newPassphraseFile, json, plain, wait, debug, headless, offline, hidden, rooms, fresh, crowd, help, version])
            command.Options.Add(option);
        command.Arguments.Add(words);
    }

    /// <summary>Reads the arguments and, for flags that were not typed, the environment.</summary>
    /// <exception cref="UsageException">A flag is unknown, lacks its value or was given twice.</exception>
    public static (GivenFlags Flags, IReadOnlyList<string> Words) Parse(
        IReadOnlyList<string> arguments, Func<string, string?> environment) =>
        new CommandLine(environment).Parse(arguments);

    private static Option<string?> Text(string name) => new(name) { Arity = ArgumentArity.ExactlyOne };

    private static Option<bool> Switch(string name, params string[] aliases) =>
        new(name, aliases) { Arity = ArgumentArity.Zero };

    private (GivenFlags Flags, IReadOnlyList<string> Words) Parse(IReadOnlyList<string> arguments)
    {
        // "pay @bob" must not open a file, and "-5" is a number, not five flags.
        var result = command.Parse(
            arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (result.Errors.Count > 0)
            throw new UsageException(result.Errors[0].Message);
        var typedWords = result.GetValue(words) ?? [];
        RefuseUnknownFlags(arguments, typedWords);
        var flags = new GivenFlags
        {
            Name = TextOf(name),
            Data = TextOf(data),
            Temp = IsSet(temp),
            Listen = TextOf(listen),
            Reach = ListOf(reach),
            Peers = ListOf(peers),
            Relays = ListOf(relays),
            Assets = ListOf(assets),
            Web = TextOf(web),
            PublicUrl = TextOf(publicUrl),
            Node = TextOf(node),
            PassphraseFile = TextOf(passphraseFile),
            NewPassphraseFile = TextOf(newPassphraseFile),
            Json = IsSet(json),
            Plain = IsSet(plain),
            Wait = IsSet(wait),
            Debug = IsSet(debug),
            Headless = IsSet(headless),
            Offline = IsSet(offline),
            Hidden = IsSet(hidden),
            Rooms = IsSet(rooms),
            Fresh = IsSet(fresh),
            Crowd = TextOf(crowd),
            Help = result.GetValue(help),
            Version = result.GetValue(version),
        };
        return (flags, typedWords);

        string? TextOf(Option<string?> option) => result.GetValue(option) ?? FromEnvironment(option);

        bool IsSet(Option<bool> option) => result.GetValue(option) || Truth(option);

        IReadOnlyList<string> ListOf(Option<string[]> option) =>
            result.GetValue(option) is { Length: > 0 } typed ? typed
            : FromEnvironment(option)?.Split(
                [',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }

    // A dash begins a word too ("pay bob -5"), but a typing error in a flag must not become part of a payment's memo.
    private void RefuseUnknownFlags(IReadOnlyList<string> arguments, string[] typedWords)
    {
        var separator = arguments.ToList().IndexOf("--");
        var judged = separator < 0 ? typedWords.Length : typedWords.Length - (arguments.Count - separator - 1);
        foreach (var word in typedWords.Take(judged).Where(IsUnknownFlag))
        {
            throw new UsageException(Nearest.To(word, command.Options.Select(o => o.Name)) is { } near
                ? $"There is no flag {word}; did you mean {near}?"
                : $"There is no flag {word}; `tallystick help` lists them all "
                    + "(words that begin with -- go after a lone --).");
        }
    }

    private static bool IsUnknownFlag(string word) =>
        word.StartsWith("--", StringComparison.Ordinal)
        && word is not ("--force" or "--yes" or "--close" or "--limit" or "--expires" or "--once");

    private string? FromEnvironment(Option option) =>
        environment(Variable(option)) is { Length: > 0 } value ? value : null;

    private bool Truth(Option option) => FromEnvironment(option)?.ToUpperInvariant() switch
    {
        null or "0" or "NO" or "FALSE" or "OFF" => false,
        "1" or "YES" or "TRUE" or "ON" => true,
        _ => throw new UsageException($"{Variable(option)} is either 1 or 0."),
    };

    private static string Variable(Option option) =>
        "TALLYSTICK_" + option.Name[2..].ToUpperInvariant().Replace('-', '_');
}
