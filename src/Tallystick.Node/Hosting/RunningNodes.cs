using System.Text.Json;
using Tallystick.Client;

namespace Tallystick.Node.Hosting;

/// <summary>A node that runs now on this machine, and how to reach its API.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Folder">Its data folder.</param>
/// <param name="SocketPath">The Unix domain socket of its API.</param>
/// <param name="Url">The API on loopback, or null when that port is off.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Started">When it started, UTC.</param>
public sealed record RunningNode(
    string Name, string Folder, string SocketPath, string? Url, int Pid, DateTimeOffset Started)
{
    /// <summary>The file with the token that its API wants.</summary>
    public string TokenPath => Path.Combine(Folder, DataFolder.TokenFile);
}

/// <summary>A node that runs if its socket takes a connection.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="SocketPath">The Unix domain socket of its API.</param>
/// <param name="TokenPath">The file with the token that its API wants.</param>
public sealed record ToldNode(string Name, string SocketPath, string TokenPath);

/// <summary>Finds the nodes that run on this machine by the files that they leave in their data folders.</summary>
public static class RunningNodes
{
    private const string FileName = "running.json";

    /// <summary>Every node that runs now on a folder directly below <paramref name="parentFolder"/>, by name.</summary>
    public static IReadOnlyList<RunningNode> Find(string parentFolder)
    {
        if (!Directory.Exists(parentFolder))
            return [];
        try
        {
            return
            [
                .. Directory.EnumerateDirectories(parentFolder)
                    .Select(At)
                    .OfType<RunningNode>()
                    .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The node that runs now on <paramref name="folder"/>, or null.</summary>
    /// <remarks>A file left by a node that died is not believed: the lock is free then.</remarks>
    public static RunningNode? At(string folder) =>
        File.Exists(Path.Combine(folder, FileName)) && FolderLock.IsHeld(folder) ? Read(folder) : null;

    /// <summary>
    /// The node that <paramref name="folder"/>'s file tells of, which runs if its socket takes a connection; null when
    /// that would prove nothing, or when there is no such file.
    /// </summary>
    /// <remarks>
    /// What a node that died leaves is a socket that takes none. A file that does not name the folder's own socket may
    /// be a copy of another folder's: only the lock tells.
    /// </remarks>
    public static ToldNode? ToConnect(string folder)
    {
        try
        {
            var full = Path.GetFullPath(folder);
            return PlainJson.Parse(File.ReadAllBytes(Path.Combine(folder, FileName))) is { } file
                && file.Text("name") is { } name
                && file.Text("socketPath") is { } socket && socket == ApiSocket.PathFor(full)
                    ? new ToldNode(name, socket, Path.Combine(full, DataFolder.TokenFile))
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a folder has the file of a node that runs, or of one that died.</summary>
    public static bool IsToldOf(string folder) => File.Exists(Path.Combine(folder, FileName));

    internal static RunningNode? Read(string folder)
    {
        try
        {
            // Property by property: the first record that a serializer reads would keep a command waiting.
            using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, FileName)));
            var node = file.RootElement;
            return new RunningNode(
                node.GetProperty("name").GetString() ?? throw new JsonException(),
                // A folder that was moved is where it is found, not where the file says.
                Path.GetFullPath(folder),
                node.GetProperty("socketPath").GetString() ?? throw new JsonException(),
                node.GetProperty("url").GetString(),
                node.GetProperty("pid").GetInt32(),
                node.GetProperty("started").GetDateTimeOffset());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Not what a node writes.
            return null;
        }
    }

    internal static void Write(RunningNode node) =>
        PrivateFile.Write(Path.Combine(node.Folder, FileName), RunningText.Of(node));

    internal static void Erase(string folder) => File.Delete(Path.Combine(folder, FileName));
}
