using System.Security.Cryptography;

namespace Tallystick.Cli.Flags;

/// <summary>Where books are kept when nobody says otherwise: a folder per name under the user's data folder.</summary>
internal static class DataFolders
{
    /// <summary>
    /// The platform's folder for a user's data (<c>$XDG_DATA_HOME</c> or <c>~/.local/share</c> on Linux), then
    /// tallystick.
    /// </summary>
    public static string Home
    {
        get
        {
            var users = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return users.Length > 0
                ? Path.Combine(users, "tallystick")
                : throw new UsageException("There is no folder for your data; say where with --data.");
        }
    }

    /// <summary>Where the two nodes of the demo live.</summary>
    public static string DemoOf(string home) => Path.Combine(home, "demo");

    /// <summary>Where a node of the demo lives that meets others at a relay.</summary>
    public static string RelayedDemoOf(GivenFlags flags, string name)
    {
        var home = flags.Data is { } data ? Full(data) : Home;
        var unique = flags.Temp ? $"-{RandomNumberGenerator.GetHexString(8, lowercase: true)}" : string.Empty;
        return Path.Combine(DemoOf(home), "relayed", name + unique);
    }

    /// <summary>Where nodes live that keep nothing.</summary>
    public static string TemporaryOf(string home) => Path.Combine(home, "temporary");

    /// <summary>The folder of the node that the flags describe.</summary>
    public static string Of(GivenFlags flags, string name)
    {
        if (!flags.Temp)
            return flags.Data is { } data ? Full(data) : Path.Combine(Home, name);
        var unique = $"{name}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        return Path.Combine(flags.Data is { } parent ? Full(parent) : TemporaryOf(Home), unique);
    }

    /// <summary>Absolute, whatever the current folder becomes.</summary>
    public static string Full(string data)
    {
        try
        {
            return Path.GetFullPath(data);
        }
        catch (ArgumentException)
        {
            throw new UsageException("--data is no folder's path.");
        }
    }
}
