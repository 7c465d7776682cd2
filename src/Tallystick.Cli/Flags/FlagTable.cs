namespace Tallystick.Cli.Flags;

/// <summary>What follows a flag.</summary>
internal enum FlagKind
{
    /// <summary>Nothing: it is there or not.</summary>
    Switch,

    /// <summary>One value.</summary>
    Text,

    /// <summary>One value, and the flag may be repeated.</summary>
    List,
}

/// <summary>A flag as it is typed, such as <c>--name</c>.</summary>
internal sealed record Flag(string Name, FlagKind Kind);

/// <summary>Every flag that there is.</summary>
internal static class FlagTable
{
    public static readonly Flag[] All =
    [
        new("--name", FlagKind.Text),
        new("--data", FlagKind.Text),
        new("--temp", FlagKind.Switch),
        new("--listen", FlagKind.Text),
        new("--reach", FlagKind.List),
        new("--peer", FlagKind.List),
        new("--relay", FlagKind.List),
        new("--asset", FlagKind.List),
        new("--web", FlagKind.Text),
        new("--public-url", FlagKind.Text),
        new("--node", FlagKind.Text),
        new("--passphrase-file", FlagKind.Text),
        new("--new-passphrase-file", FlagKind.Text),
        new("--json", FlagKind.Switch),
        new("--plain", FlagKind.Switch),
        new("--wait", FlagKind.Switch),
        new("--debug", FlagKind.Switch),
        new("--headless", FlagKind.Switch),
        new("--offline", FlagKind.Switch),
        new("--hidden", FlagKind.Switch),
        new("--rooms", FlagKind.Switch),
        new("--fresh", FlagKind.Switch),
        new("--peers", FlagKind.Text),
        new("--help", FlagKind.Switch),
        new("--version", FlagKind.Switch),
    ];

    /// <summary>The flag of exactly this name, or null.</summary>
    public static Flag? Find(string name)
    {
        foreach (var flag in All)
        {
            if (flag.Name == name)
                return flag;
        }
        return null;
    }
}
