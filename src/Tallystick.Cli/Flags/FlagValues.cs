using System.Globalization;
using System.Net;
using Tallystick.Cli.Demo;
using Tallystick.Core.Money;
using Tallystick.Node.Peers;

namespace Tallystick.Cli.Flags;

/// <summary>Turns the text of a flag into what it means, or says in one sentence why it cannot.</summary>
internal static class FlagValues
{
    /// <summary>
    /// A name is also a folder's and is typed between other words: no path, no spaces, nothing invisible.
    /// </summary>
    public static string Name(string text, string flag = "--name") =>
        PeerNames.Problem(text) is { } problem ? throw new UsageException($"{flag}: {problem}") : text;

    /// <summary>
    /// <c>[HOST:]PORT</c> or <c>off</c>; a null port is off, a null address is every address of this computer.
    /// </summary>
    public static (IPAddress? Address, int? Port) Listen(string text)
    {
        if (text.Equals("off", StringComparison.OrdinalIgnoreCase))
            return (null, null);
        var (host, port) = SplitAddress(text);
        if (!TryPort(port, 0, out var number))
            throw new UsageException($"--listen {Shown(text)} needs a port from 0 (any free one) to 65535, or off.");
        return host switch
        {
            null or "*" => (null, number),
            "localhost" => (IPAddress.Loopback, number),
            _ when IPAddress.TryParse(host, out var address) => (address, number),
            _ => throw new UsageException(
                $"--listen {Shown(text)} needs an address of this computer, such as 127.0.0.1:5000, or only a port."),
        };
    }

    /// <summary><c>[NAME=]HOST:PORT</c> of somebody to dial.</summary>
    public static (string? Name, string Address) Peer(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? null : Name(text[..equals], "--peer");
        return (name, PeerAddress(text[(equals + 1)..], "--peer"));
    }

    /// <summary>Where somebody is dialled, in the form in which the book keeps it.</summary>
    public static string PeerAddress(string text, string where) =>
        Node.Links.PeerAddress.TryParse(text, out var address, out var problem)
            ? address.ToString()
            : throw new UsageException($"{where}: {problem}");

    /// <summary>How many nodes a demo starts on one computer.</summary>
    public static int Crowd(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is >= 2 and <= CrowdRun.Most
            ? count
            : throw new UsageException($"--peers {Shown(text)}: a demo has 2 to {CrowdRun.Most} nodes.");

    /// <summary><c>HOST[:PORT]</c> of a relay.</summary>
    public static string Relay(string text) =>
        Node.Links.PeerAddress.TryParseRelay(text, out var relay, out var problem)
            ? relay.ToString()
            : throw new UsageException($"--relay: {problem}");

    /// <summary>A port that somebody listens on.</summary>
    public static int Port(string text, string where) => TryPort(text, 1, out var port)
        ? port
        : throw new UsageException($"{where} {Shown(text)} is no port; ports go from 1 to 65535.");

    /// <summary>
    /// <c>[HOST:]PORT</c>, port <c>0</c> for a free one (null), or <c>off</c> (0, as the node's options have it). A
    /// null address is loopback.
    /// </summary>
    public static (IPAddress? Address, int? Port) Web(string text)
    {
        if (text.Equals("off", StringComparison.OrdinalIgnoreCase))
            return (null, 0);
        var (host, port) = SplitAddress(text);
        if (!TryPort(port, 0, out var number))
            throw new UsageException($"--web {Shown(text)} needs a port from 1 to 65535, or off.");
        var address = host switch
        {
            null or "localhost" => null,
            "*" => IPAddress.IPv6Any,
            _ when IPAddress.TryParse(host, out var given) => given,
            _ => throw new UsageException(
                $"--web {Shown(text)} needs an address of this computer, such as 0.0.0.0:8080, or only a port."),
        };
        return (address, number == 0 ? null : number);
    }

    /// <summary>Where a proxy serves the pages to others: a scheme and a host, and nothing after them.</summary>
    public static Uri PublicUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? url
            : throw new UsageException($"--public-url {Shown(text)} is no address such as https://tally.example.");

    /// <summary><c>CODE/SCALE</c>, or <c>CODE</c> alone with 2 decimals.</summary>
    public static Asset Asset(string text) => Core.Money.Asset.TryParse(text, out var asset)
        ? asset
        : throw new UsageException(
            $"--asset {Shown(text)} is no asset: 1 to 12 letters, digits or dots and 0 to 9 decimals, such as EUR/2.");

    /// <summary>The URL of a node's API.</summary>
    public static Uri NodeUrl(string text) =>
        Uri.TryCreate(
            text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
            ? url
            : throw new UsageException($"--node {Shown(text)} is no URL, such as http://127.0.0.1:8080.");

    private static (string? Host, string Port) SplitAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
            return (null, text);
        var host = text[..colon];
        if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            throw new UsageException($"{Shown(text)}: an IPv6 address goes in brackets, such as [::1]:5000.");
        return (host, text[(colon + 1)..]);
    }

    private static bool TryPort(string text, int least, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port >= least && port <= IPEndPoint.MaxPort;

    // What was typed is echoed without what could steer a terminal, and not at any length.
    private static string Shown(string text)
    {
        var harmless = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        return harmless.Length <= 80 ? $"'{harmless}'" : $"'{harmless[..80]}…'";
    }
}
