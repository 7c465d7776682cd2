namespace Tallystick.Cli.Flags;

/// <summary>Puts together what was typed and, for flags that were not typed, what the environment says.</summary>
internal abstract class FlagReader(Func<string, string?> environment)
{
    /// <summary>Every flag's value.</summary>
    /// <exception cref="UsageException">A switch in the environment is neither on nor off.</exception>
    public GivenFlags Read() => new()
    {
        Name = TextOf("--name"),
        Data = TextOf("--data"),
        Temp = IsSet("--temp"),
        Listen = TextOf("--listen"),
        Reach = ListOf("--reach"),
        Peers = ListOf("--peer"),
        Relays = ListOf("--relay"),
        Assets = ListOf("--asset"),
        Web = TextOf("--web"),
        PublicUrl = TextOf("--public-url"),
        Node = TextOf("--node"),
        PassphraseFile = TextOf("--passphrase-file"),
        NewPassphraseFile = TextOf("--new-passphrase-file"),
        Json = IsSet("--json"),
        Plain = IsSet("--plain"),
        Wait = IsSet("--wait"),
        Debug = IsSet("--debug"),
        Headless = IsSet("--headless"),
        Offline = IsSet("--offline"),
        Hidden = IsSet("--hidden"),
        Rooms = IsSet("--rooms"),
        Fresh = IsSet("--fresh"),
        Crowd = TextOf("--peers"),
        Help = IsTyped("--help"),
        Version = IsTyped("--version"),
    };

    /// <summary>The value of a text flag, or null when it was not typed.</summary>
    protected abstract string? Typed(string flag);

    /// <summary>The values of a flag that may be repeated, or null when it was not typed.</summary>
    protected abstract string[]? AllTyped(string flag);

    /// <summary>Whether a switch was typed.</summary>
    protected abstract bool IsTyped(string flag);

    private string? TextOf(string flag) => Typed(flag) ?? FromEnvironment(flag);

    private bool IsSet(string flag) => IsTyped(flag) || Truth(flag);

    private string[] ListOf(string flag) =>
        AllTyped(flag) is { Length: > 0 } typed ? typed
        : FromEnvironment(flag)?.Split(
            [',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private string? FromEnvironment(string flag) =>
        environment(Variable(flag)) is { Length: > 0 } value ? value : null;

    private bool Truth(string flag) => FromEnvironment(flag)?.ToUpperInvariant() switch
    {
        null or "0" or "NO" or "FALSE" or "OFF" => false,
        "1" or "YES" or "TRUE" or "ON" => true,
        _ => throw new UsageException($"{Variable(flag)} is either 1 or 0."),
    };

    private static string Variable(string flag) => "TALLYSTICK_" + flag[2..].ToUpperInvariant().Replace('-', '_');
}
