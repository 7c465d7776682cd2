using System.Security.Cryptography;
using Tallystick.Client;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Commands;

/// <summary>
/// Whatever a node finds in its folder or on its machine: one sentence, a code that is not 0, no trace.
/// </summary>
public sealed class HostileStartTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_book_without_its_key_is_not_opened_under_a_fresh_one()
    {
        var (alice, bob) = await NodeProcess.PairAsync(scratch);
        await using (alice)
        await using (bob)
        {
            await alice.Client.PayAsync(new PayRequest("1", "bob"));
            Assert.Equal(0, await alice.StopAsync());
            File.Delete(scratch.Of("alice", "key"));
            IsOneSentence(await UpAsync(scratch.Of("alice")), "put back the key");
        }
    }

    [Fact]
    public async Task A_book_that_is_damaged_inside_is_refused()
    {
        await MakeBookAsync("alice");
        var book = await File.ReadAllBytesAsync(
            scratch.Of("alice", "book.db"), TestContext.Current.CancellationToken);
        RandomNumberGenerator.Fill(book.AsSpan(4096));
        await File.WriteAllBytesAsync(scratch.Of("alice", "book.db"), book, TestContext.Current.CancellationToken);
        IsOneSentence(await UpAsync(scratch.Of("alice")), "is damaged");
    }

    [Theory]
    [InlineData("book.db")]
    [InlineData("key")]
    public async Task Garbage_in_place_of_a_file_is_refused(string file)
    {
        Directory.CreateDirectory(scratch.Of("alice"));
        await File.WriteAllBytesAsync(
            scratch.Of("alice", file), RandomNumberGenerator.GetBytes(8000), TestContext.Current.CancellationToken);
        IsOneSentence(await UpAsync(scratch.Of("alice")), file);
    }

    [Fact]
    public async Task An_empty_key_file_is_refused()
    {
        Directory.CreateDirectory(scratch.Of("alice"));
        await File.WriteAllTextAsync(
            scratch.Of("alice", "key"), string.Empty, TestContext.Current.CancellationToken);
        IsOneSentence(await UpAsync(scratch.Of("alice")), "holds no P-256 key");
    }

    [Fact]
    public async Task Every_file_is_for_its_owner_only_whatever_the_umask()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var node = ProgramProcess.Start("sh", ["-c", "umask 000; exec " + Tally.CommandLine(
            "up", "--headless", "--name", "alice", "--data", scratch.Of("alice"), "--listen", "127.0.0.1:0")], null);
        await node.HearAsync("alice is up: ");
        var wide = Directory.EnumerateFileSystemEntries(scratch.Of("alice")).Append(scratch.Of("alice"))
            .Where(path => ((int)File.GetUnixFileMode(path) & 0b111_111) != 0);
        Assert.Empty(wide);
        Assert.NotEmpty(Directory.EnumerateFiles(scratch.Of("alice"), "book.db-*"));
    }

    [Fact]
    public async Task A_payment_whose_answer_cannot_be_shown_is_not_called_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a device that is always full.");
        await using var node = new NodeProcess("alice", scratch.Of("alice"));
        await node.StartAsync();
        await using var asked = ProgramProcess.Start("sh", ["-c", Tally.CommandLine(
            "balance", "--data", scratch.Of("alice")) + " > /dev/full"], null);
        Assert.Equal(4, await asked.EndAsync());
        Assert.Single(asked.Errors.Trim().Split('\n'));
    }

    private async Task MakeBookAsync(string name)
    {
        await using var node = new NodeProcess(name, scratch.Of(name));
        await node.StartAsync();
        Assert.Equal(0, await node.StopAsync());
    }

    private Task<Ending> UpAsync(string folder) => Tally.RunAsync(
        ["up", "--headless", "--name", "alice", "--data", folder, "--listen", "127.0.0.1:0"], null,
        Tally.HomeIn(scratch));

    private static void IsOneSentence(Ending ending, string saying)
    {
        Assert.Equal((1, string.Empty), (ending.Code, ending.Output));
        Assert.Single(ending.Errors.Trim().Split('\n'));
        Assert.Contains(saying, ending.Errors);
    }
}
