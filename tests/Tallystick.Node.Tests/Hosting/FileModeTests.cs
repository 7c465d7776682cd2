using Tallystick.Client;
using Tallystick.Node.Hosting;
using Tallystick.Node.Storage.Sqlite;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Hosting;

/// <summary>Another user of the machine reads nothing: every file that a node makes is its owner's alone.</summary>
public sealed class FileModeTests : IDisposable
{
    private const UnixFileMode ForOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string parent = Directory.CreateTempSubdirectory("tallystick-").FullName;

    private string Folder => Path.Combine(parent, "alice");

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public async Task Every_file_is_closed_to_others_while_the_node_runs_and_after()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using (var bob = await RunningTestNode.StartAsync(parent, "bob"))
        await using (var alice = await RunningTestNode.StartAsync(parent, "alice", ("bob", bob.Address)))
        {
            await bob.Client.AddPeerAsync(new AddPeerRequest("alice", alice.Address));
            await alice.UntilReadyAsync("bob");
            await alice.Client.PayAsync(new PayRequest("10", "bob", WaitMs: 20_000));
            var files = AssertClosed(Folder);
            foreach (var expected in (string[])[
                "api.sock", "book.db", "book.db-shm", "book.db-wal", "key", "node.lock", "running.json", "token"])
                Assert.Contains(expected, files);
        }
        Assert.Contains("key", AssertClosed(Folder));
        AssertClosed(Path.Combine(parent, "bob"));
    }

    [Fact]
    public async Task What_was_copied_here_with_wider_modes_is_closed_by_the_next_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using (await RunningTestNode.StartAsync(parent, "alice"))
        {
            // Only that the files are there.
        }
        string[] files = ["key", "token", "node.lock", BookFile.Name];
        foreach (var file in files)
            File.SetUnixFileMode(Path.Combine(Folder, file), PrivateFile.FileMode | ForOthers);
        await using var again = await RunningTestNode.StartAsync(parent, "alice");
        AssertClosed(Folder);
    }

    [Fact]
    public async Task A_socket_that_has_to_lie_elsewhere_lies_in_a_closed_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var deep = Path.Combine(parent, new string('x', 100));
        await using var node = await RunningTestNode.StartAsync(deep, "alice");
        var elsewhere = Path.GetDirectoryName(node.Host.SocketPath)!;
        Assert.NotEqual(Path.Combine(deep, "alice"), elsewhere);
        AssertClosed(elsewhere);
        AssertClosed(Path.Combine(deep, "alice"));
    }

    private static List<string> AssertClosed(string folder)
    {
        Assert.Equal(PrivateFile.FolderMode, File.GetUnixFileMode(folder));
        var files = Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories);
        Assert.All(files, file => Assert.True(
            (File.GetUnixFileMode(file) & ForOthers) == UnixFileMode.None, $"{file}: {File.GetUnixFileMode(file)}"));
        return [.. files.Select(file => Path.GetFileName(file))];
    }
}
