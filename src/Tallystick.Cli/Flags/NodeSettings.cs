using System.Globalization;
using System.Net;
using Tallystick.Core.Money;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Flags;

/// <summary>How a node is to run, by its flags.</summary>
internal static class NodeSettings
{
    private const int DefaultListenPort = 5000;
    private const int DefaultRemotePort = 5001;
    private const string DefaultRemoteHost = "localhost";

    /// <summary>For <c>up</c>: every flag has its say.</summary>
    public static NodeOptions ForUp(GivenFlags flags)
    {
        var name = flags.Name is { } given ? FlagValues.Name(given) : OwnName(flags);
        return Build(flags, name, flags.Listen ?? DefaultListenPort.ToString(CultureInfo.InvariantCulture), []);
    }

    /// <summary>For <c>rooms</c>: a node that has no peers and whose shell nobody needs.</summary>
    public static NodeOptions ForRooms(GivenFlags flags) => ForUp(flags with
    {
        Name = flags.Name ?? "rooms",
        Listen = flags.Listen ?? "off",
        Hidden = true,
        Web = flags.Web ?? "localhost:8080",
        Rooms = true,
    });

    /// <summary>For the short form <c>[localPort] [remotePort] [remoteHost]</c>.</summary>
    public static NodeOptions ForPorts(GivenFlags flags, IReadOnlyList<string> words)
    {
        if (words.Count > 3)
            throw new UsageException("The short form is: tallystick LOCALPORT REMOTEPORT REMOTEHOST.");
        var local = FlagValues.Port(words[0], "The local port");
        var remote = words.Count > 1 ? FlagValues.Port(words[1], "The remote port") : DefaultRemotePort;
        var host = words.Count > 2 ? words[2] : DefaultRemoteHost;
        var peer = FlagValues.PeerAddress(
            $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{remote}", "The remote host");
        var name = flags.Name is { } given ? FlagValues.Name(given) : $"peer-{local}";
        return Build(flags, name, flags.Listen ?? local.ToString(CultureInfo.InvariantCulture), [(null, peer)]);
    }

    /// <summary>For one half of the demo: its own name and folder, on loopback only.</summary>
    public static NodeOptions ForDemo(
        GivenFlags flags, string name, int port, params (string? Name, string Address)[] peers)
    {
        var web = WebOf(flags);
        var home = flags.Data is { } data ? DataFolders.Full(data) : DataFolders.Home;
        return new NodeOptions
        {
            Name = name,
            DataFolder = Path.Combine(DataFolders.DemoOf(home), name),
            ListenAddress = IPAddress.Loopback.ToString(),
            ListenPort = port,
            Peers = peers,
            WebAddress = web.Address?.ToString(),
            WebPort = web.Port,
            Assets = AssetsOf(flags),
            Debug = flags.Debug,
        };
    }

    /// <summary>
    /// For one of several of the demo who meet at a relay: nobody dials it, and whoever comes there for the demo
    /// becomes its peer without a question.
    /// </summary>
    public static NodeOptions ForRelayedDemo(GivenFlags flags, string name)
    {
        var web = WebOf(flags);
        return new NodeOptions
        {
            Name = FlagValues.Name(name, "demo"),
            DataFolder = DataFolders.RelayedDemoOf(flags, name),
            Temporary = flags.Temp,
            Relays = RelaysOf(flags),
            MeetingWord = "demo",
            WebAddress = web.Address?.ToString(),
            WebPort = web.Port,
            Assets = AssetsOf(flags),
            Debug = flags.Debug,
        };
    }

    private static NodeOptions Build(
        GivenFlags flags, string name, string listen, IReadOnlyList<(string? Name, string Address)> peers)
    {
        var (address, port) = FlagValues.Listen(listen);
        var web = WebOf(flags);
        return new NodeOptions
        {
            Name = name,
            DataFolder = DataFolders.Of(flags, name),
            Temporary = flags.Temp,
            ListenAddress = address?.ToString(),
            ListenPort = port,
            Reach = [.. flags.Reach.Select(where => FlagValues.PeerAddress(where, "--reach"))],
            Peers = [.. peers, .. flags.Peers.Select(FlagValues.Peer)],
            Relays = RelaysOf(flags),
            WebAddress = web.Address?.ToString(),
            WebPort = web.Port,
            Offline = flags.Offline,
            Nearby = !flags.Hidden && (address is null || !IPAddress.IsLoopback(address)),
            Rooms = flags.Rooms,
            PublicUrl = flags.PublicUrl is { } url ? FlagValues.PublicUrl(url) : null,
            Assets = AssetsOf(flags),
            Debug = flags.Debug,
        };
    }

    private static (IPAddress? Address, int? Port) WebOf(GivenFlags flags) =>
        flags.Web is { } web ? FlagValues.Web(web) : (null, null);

    private static IReadOnlyList<string> RelaysOf(GivenFlags flags) =>
        [.. flags.Relays.Select(FlagValues.Relay).Distinct()];

    private static IReadOnlyList<Asset> AssetsOf(GivenFlags flags) =>
        flags.Assets.Count == 0 ? [Asset.Credits] : [.. flags.Assets.Select(FlagValues.Asset).Distinct()];

    // A folder that was named usually carries the name already; else people are called what their computer calls them.
    private static string OwnName(GivenFlags flags)
    {
        string?[] guesses =
            [flags.Data is { } data ? Path.GetFileName(Path.TrimEndingDirectorySeparator(DataFolders.Full(data)))
                : null,
            Environment.UserName];
        foreach (var guess in guesses)
        {
            try
            {
                if (guess is not null)
                    return FlagValues.Name(guess);
            }
            catch (UsageException)
            {
                // Not every folder's or account's name can be a node's; the next guess may.
            }
        }

        throw new UsageException("Say what the node is called, such as --name alice.");
    }
}
