using Tallystick.Node.Hosting;

namespace Tallystick.Node.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string parent = Directory.CreateTempSubdirectory("tallystick-").FullName;

    private string Folder => Path.Combine(parent, "alice");

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public void A_new_folder_and_its_secrets_are_for_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var folder = DataFolder.Open(Folder, temporary: false);
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder.PathOf(DataFolder.TokenFile)));
    }

    [Fact]
    public void A_token_that_others_could_read_is_closed_to_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        string token;
        using (var folder = DataFolder.Open(Folder, temporary: false))
            token = folder.Token;
        File.SetUnixFileMode(Path.Combine(Folder, DataFolder.TokenFile), OwnerOnly | UnixFileMode.OtherRead);
        using var again = DataFolder.Open(Folder, temporary: false);
        Assert.Equal(token, again.Token);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(again.PathOf(DataFolder.TokenFile)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("not base64url at all! not base64url at all!")]
    public void A_damaged_token_is_made_anew(string damaged)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, DataFolder.TokenFile), damaged);
        using var folder = DataFolder.Open(Folder, temporary: false);
        Assert.Equal(43, folder.Token.Length);
        Assert.Equal(folder.Token, File.ReadAllText(folder.PathOf(DataFolder.TokenFile)));
    }

    [Fact]
    public void A_second_node_on_the_folder_is_refused_in_one_sentence_that_names_the_first()
    {
        using var first = DataFolder.Open(Folder, temporary: false);
        RunningNodes.Write(new RunningNode("alice", Folder, "/x/api.sock", null, 4711, DateTimeOffset.UnixEpoch));
        var refused = Assert.Throws<CannotStartException>(() => DataFolder.Open(Folder, temporary: false));
        Assert.Contains("alice, process 4711", refused.Message, StringComparison.Ordinal);
        Assert.Single(refused.Message.Split('\n'));
    }

    [Fact]
    public void The_folder_is_free_again_when_the_node_has_left()
    {
        DataFolder.Open(Folder, temporary: false).Dispose();
        DataFolder.Open(Folder, temporary: false).Dispose();
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused_in_one_sentence()
    {
        File.WriteAllText(Folder, "a file");
        var refused = Assert.Throws<CannotStartException>(() => DataFolder.Open(Folder, temporary: false));
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
        Assert.Throws<CannotStartException>(() => DataFolder.Open(Path.Combine(Folder, "below"), temporary: false));
    }

    [Fact]
    public void A_temporary_folder_is_deleted_on_exit_unless_something_was_in_it_before()
    {
        DataFolder.Open(Folder, temporary: true).Dispose();
        Assert.False(Directory.Exists(Folder));

        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "photo"), "dear to somebody");
        DataFolder.Open(Folder, temporary: true).Dispose();
        Assert.True(File.Exists(Path.Combine(Folder, "photo")));
    }

    [Fact]
    public void Running_nodes_are_found_by_name_and_dead_ones_are_not()
    {
        Assert.Empty(RunningNodes.Find(Path.Combine(parent, "nowhere")));
        using var alice = DataFolder.Open(Folder, temporary: false);
        RunningNodes.Write(new RunningNode(
            "alice", alice.Path, "/x/api.sock", "http://127.0.0.1:1/", 4711, DateTimeOffset.UnixEpoch));
        var dead = Directory.CreateDirectory(Path.Combine(parent, "dead")).FullName;
        RunningNodes.Write(new RunningNode("dead", dead, "/y/api.sock", null, 1, DateTimeOffset.UnixEpoch));
        File.WriteAllText(Path.Combine(dead, FolderLock.FileName), string.Empty);
        Directory.CreateDirectory(Path.Combine(parent, "empty"));

        var found = Assert.Single(RunningNodes.Find(parent));
        Assert.Equal("alice", found.Name);
        Assert.Equal("/x/api.sock", found.SocketPath);
        Assert.Equal(Path.Combine(alice.Path, "token"), found.TokenPath);
        alice.Dispose();
        Assert.Empty(RunningNodes.Find(parent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name":null,"socketPath":"/x","url":null,"pid":1,"started":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"name":"alice","socketPath":7,"url":null,"pid":1,"started":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"name":"alice","socketPath":"/x","url":null,"pid":1e99,"started":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"name":"alice","socketPath":"/x","url":null,"pid":1,"started":"today"}""")]
    public void A_damaged_file_of_a_running_node_is_not_believed(string damaged)
    {
        using var alice = DataFolder.Open(Folder, temporary: false);
        RunningNodes.Write(new RunningNode("alice", alice.Path, "/x", null, 1, DateTimeOffset.UnixEpoch));
        Assert.Equal(1, RunningNodes.At(alice.Path)?.Pid);
        File.WriteAllText(Path.Combine(alice.Path, "running.json"), damaged);
        Assert.Null(RunningNodes.At(alice.Path));
    }

    [Fact]
    public void A_copy_of_a_running_nodes_folder_is_not_taken_for_that_node()
    {
        using var alice = DataFolder.Open(Folder, temporary: false);
        var socket = ApiSocket.PathFor(alice.Path);
        RunningNodes.Write(new RunningNode("alice", alice.Path, socket, null, 1, DateTimeOffset.UnixEpoch));
        Assert.Equal(
            new ToldNode("alice", socket, Path.Combine(alice.Path, "token")), RunningNodes.ToConnect(alice.Path));
        var copy = Path.Combine(Folder, "copy");
        Directory.CreateDirectory(copy);
        File.Copy(Path.Combine(alice.Path, "running.json"), Path.Combine(copy, "running.json"));
        Assert.True(RunningNodes.IsToldOf(copy));
        Assert.Null(RunningNodes.ToConnect(copy));
        Assert.Null(RunningNodes.At(copy));
    }

    [Fact]
    public void What_a_running_node_leaves_reads_as_it_was_written()
    {
        using var alice = DataFolder.Open(Folder, temporary: false);
        var node = new RunningNode(
            "a\"l\\i\u0001ce \u00E9\U0001F980", alice.Path, "/x\n", "http://127.0.0.1:1/", 4711,
            new DateTimeOffset(2026, 2, 28, 23, 59, 59, 120, TimeSpan.Zero));
        RunningNodes.Write(node);
        Assert.Equal(node, RunningNodes.At(alice.Path));
    }

    [Fact]
    public async Task Looking_for_running_nodes_does_not_keep_one_from_starting()
    {
        DataFolder.Open(Folder, temporary: false).Dispose();
        using var stop = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                FolderLock.IsHeld(Folder);
        });
        for (var i = 0; i < 50; i++)
            DataFolder.Open(Folder, temporary: false).Dispose();
        await stop.CancelAsync();
        await looking;
    }
}
