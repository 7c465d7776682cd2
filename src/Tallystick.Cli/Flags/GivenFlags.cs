namespace Tallystick.Cli.Flags;

/// <summary>The flags as they were typed or set in the environment; a typed one wins.</summary>
internal sealed record GivenFlags
{
    public string? Name { get; init; }

    public string? Data { get; init; }

    public bool Temp { get; init; }

    public string? Listen { get; init; }

    public IReadOnlyList<string> Reach { get; init; } = [];

    public IReadOnlyList<string> Peers { get; init; } = [];

    public IReadOnlyList<string> Relays { get; init; } = [];

    public IReadOnlyList<string> Assets { get; init; } = [];

    public string? Web { get; init; }

    public string? PublicUrl { get; init; }

    public bool Offline { get; init; }

    public bool Hidden { get; init; }

    public bool Rooms { get; init; }

    public string? Node { get; init; }

    public string? PassphraseFile { get; init; }

    public string? NewPassphraseFile { get; init; }

    public bool Json { get; init; }

    public bool Plain { get; init; }

    public bool Wait { get; init; }

    public bool Debug { get; init; }

    public bool Headless { get; init; }

    public bool Fresh { get; init; }

    /// <summary>How many nodes the demo has, as typed, or null for Alice and Bob.</summary>
    public string? Crowd { get; init; }

    public bool Help { get; init; }

    public bool Version { get; init; }
}
