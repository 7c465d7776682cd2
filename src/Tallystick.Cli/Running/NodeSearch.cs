using Tallystick.Cli.Flags;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Running;

/// <summary>No running node fits what was asked for; the program ends with 3.</summary>
internal sealed class NothingRunsException(string message) : Exception(message);

/// <summary>Finds the running node that a one-shot command is meant for.</summary>
internal static class NodeSearch
{
    /// <summary>
    /// A client for one command to the node that <c>--node</c>, <c>--data</c> and <c>--name</c> mean, or to the only
    /// one.
    /// </summary>
    /// <exception cref="UsageException">Several fit.</exception>
    /// <exception cref="NothingRunsException">None fits.</exception>
    public static TallystickClient Connect(GivenFlags flags)
    {
        if (flags.Node is { } given)
            return ConnectTo(FlagValues.NodeUrl(given), flags);
        // Nearly always only one node can be meant, and to be connected with it is the proof that it runs.
        if (TheOne(flags) is { } one
            && TallystickClient.TryForOneCommand(one.SocketPath, () => Token(one.Name, one.TokenPath)) is { } client)
            return client;
        var node = Pick(Fitting(flags), flags);
        return TallystickClient.ForOneCommand(node.SocketPath, Token(node.Name, node.TokenPath));
    }

    /// <summary>Whether no node runs that could be meant, so that a person can be given one.</summary>
    public static bool FindsNone(GivenFlags flags) =>
        flags is { Node: null, Json: false, Headless: false } && Fitting(flags).Count == 0;

    /// <summary>A client for a node whose data folder is known.</summary>
    public static TallystickClient Connect(RunningNode node) =>
        TallystickClient.OverUnixSocket(node.SocketPath, Token(node.Name, node.TokenPath));

    private static TallystickClient ConnectTo(Uri url, GivenFlags flags)
    {
        if (Environment.GetEnvironmentVariable("TALLYSTICK_TOKEN") is { Length: > 0 } token)
            return new TallystickClient(url, token);
        var node = Fitting(flags).FirstOrDefault(n =>
            n.Url is { } web && Uri.Compare(new Uri(web), url, UriComponents.HostAndPort, UriFormat.Unescaped,
                StringComparison.OrdinalIgnoreCase) == 0);
        return node is null
            ? throw new NothingRunsException(
                $"No node of yours runs at {url}; for one elsewhere put its token into TALLYSTICK_TOKEN.")
            : new TallystickClient(url, Token(node.Name, node.TokenPath));
    }

    private static ToldNode? TheOne(GivenFlags flags)
    {
        var home = flags.Data is { } data ? DataFolders.Full(data) : DataFolders.Home;
        var name = flags.Name is { } given ? FlagValues.Name(given) : null;
        try
        {
            return TheOneOf(Folders(home, itself: flags.Data is not null), name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Plain loops: what LINQ needs would be compiled first.
    private static ToldNode? TheOneOf(List<string> folders, string? name)
    {
        ToldNode? one = null;
        foreach (var folder in folders)
        {
            if (!RunningNodes.IsToldOf(folder))
                continue;
            if (RunningNodes.ToConnect(folder) is not { } node)
                return null;
            if (name is not null && !string.Equals(node.Name, name, StringComparison.OrdinalIgnoreCase))
                continue;
            if (one is not null)
                return null;
            one = node;
        }
        return one;
    }

    private static List<string> Folders(string home, bool itself)
    {
        List<string> folders = itself ? [home] : [];
        string[] parents = [home, DataFolders.DemoOf(home), DataFolders.TemporaryOf(home)];
        foreach (var parent in parents)
        {
            if (Directory.Exists(parent))
                folders.AddRange(Directory.GetDirectories(parent));
        }
        return folders;
    }

    private static List<RunningNode> Fitting(GivenFlags flags)
    {
        var home = flags.Data is { } data ? DataFolders.Full(data) : DataFolders.Home;
        RunningNode?[] itself = [flags.Data is null ? null : RunningNodes.At(home)];
        var name = flags.Name is { } given ? FlagValues.Name(given) : null;
        return
        [
            .. itself.OfType<RunningNode>()
                .Concat(RunningNodes.Find(home))
                .Concat(RunningNodes.Find(DataFolders.DemoOf(home)))
                .Concat(RunningNodes.Find(DataFolders.TemporaryOf(home)))
                .Where(node => name is null || string.Equals(node.Name, name, StringComparison.OrdinalIgnoreCase)),
        ];
    }

    private static RunningNode Pick(List<RunningNode> nodes, GivenFlags flags) => nodes switch
    {
        [var only] => only,
        [] when flags.Name is { } name => throw new NothingRunsException(
            $"No node called {name} is running; start it with: tallystick up --name {name}"),
        [] when flags.Data is { } data => throw new NothingRunsException(
            $"No node is running on {data}; start it with: tallystick up --data {data}"),
        [] => throw new NothingRunsException(
            "No node is running; start yours with: tallystick up --name YOURNAME (or try: tallystick demo)"),
        _ => throw new UsageException(Several(nodes)),
    };

    // Where two share a name, only the folder tells them apart.
    private static string Several(List<RunningNode> nodes)
    {
        var distinct = nodes.DistinctBy(n => n.Name, StringComparer.OrdinalIgnoreCase).Count() == nodes.Count;
        return distinct
            ? $"Several nodes are running; say which with --name: {string.Join(", ", nodes.Select(n => n.Name))}"
            : $"Several nodes are running; say which with --data: {string.Join(", ", nodes.Select(n => n.Folder))}";
    }

    private static string Token(string name, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NothingRunsException($"{name} runs, but its token {path} cannot be read by you.");
        }
    }
}
