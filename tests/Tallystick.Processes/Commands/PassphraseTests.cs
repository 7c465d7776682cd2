using System.Security.Cryptography;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Commands;

/// <summary>The passphrase of the key file: set, wrong, changed, removed, and killed while it changes.</summary>
public sealed class PassphraseTests : IDisposable
{
    private const string Secret = "correct horse battery staple";
    private readonly ScratchFolder scratch = new();

    private string KeyPath => scratch.Of("alice", "key");

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_key_with_a_passphrase_opens_by_file_and_by_environment_and_by_nothing_else()
    {
        var fingerprint = await MakeAsync();
        await WriteAsync("secret", Secret + "\n");
        await WriteAsync("wrong", "no horse\n");
        var set = await KeyAsync([], "--new-passphrase-file", scratch.Of("secret"));
        Assert.Equal((0, string.Empty), (set.Code, set.Errors));
        var closed = await File.ReadAllTextAsync(KeyPath);
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", closed);

        IsOneSentence(await UpAsync(null), "--passphrase-file");
        IsOneSentence(await UpAsync(null, "--passphrase-file", scratch.Of("wrong")), "does not open");
        IsOneSentence(await UpAsync("no horse"), "does not open");
        Assert.Equal(closed, await File.ReadAllTextAsync(KeyPath));
        Assert.Contains(fingerprint, await UpAndStopAsync(null, "--passphrase-file", scratch.Of("secret")));
        Assert.Contains(fingerprint, await UpAndStopAsync(Secret));

        var removed = await KeyAsync(["none"], "--passphrase-file", scratch.Of("secret"));
        Assert.Equal((0, string.Empty), (removed.Code, removed.Errors));
        Assert.Contains(fingerprint, await UpAndStopAsync(null));
        IsOneSentence(await UpAsync(Secret), "has none");
    }

    [Fact]
    public async Task A_new_node_with_a_passphrase_never_writes_its_key_without()
    {
        await UpAndStopAsync(Secret);
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", await File.ReadAllTextAsync(KeyPath));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("key password")]
    [InlineData("key passphrase off")]
    [InlineData("key passphrase none please")]
    public async Task Another_wording_is_a_question_of_usage(string words)
    {
        var ending = await Tally.RunAsync($"{words} --data {scratch.Of("alice")}", scratch);
        Assert.Equal((2, string.Empty), (ending.Code, ending.Output));
        Assert.Contains("tallystick key passphrase", ending.Errors);
    }

    [Fact]
    public async Task Where_there_is_no_key_or_no_new_passphrase_it_is_said()
    {
        await WriteAsync("secret", Secret);
        IsOneSentence(await KeyAsync([], "--new-passphrase-file", scratch.Of("secret")), "There is no key");
        await MakeAsync();
        var before = await File.ReadAllTextAsync(KeyPath);
        await WriteAsync("empty", "\n");
        Assert.Equal(2, (await KeyAsync([])).Code);
        Assert.Equal(2, (await KeyAsync([], "--new-passphrase-file", scratch.Of("empty"))).Code);
        Assert.Equal(2, (await KeyAsync([], "--new-passphrase-file", scratch.Of("nowhere"))).Code);
        Assert.Equal(before, await File.ReadAllTextAsync(KeyPath));
    }

    [Fact]
    public async Task A_crash_at_any_moment_of_a_change_leaves_the_old_key_or_the_new()
    {
        var fingerprint = await MakeAsync();
        await WriteAsync("old", Secret);
        await WriteAsync("new", Secret + "!");
        Assert.Equal(0, (await KeyAsync([], "--new-passphrase-file", scratch.Of("old"))).Code);
        var (isOld, changed) = (true, 0);
        for (var kill = 0; kill < 8; kill++)
        {
            var (from, to) = isOld ? ("old", "new") : ("new", "old");
            var before = await File.ReadAllTextAsync(KeyPath);
            await using var change = Tally.Start(KeyArguments(
                [], "--passphrase-file", scratch.Of(from), "--new-passphrase-file", scratch.Of(to)));
            // In turns: as soon as the new file is begun beside the old one, and as soon as it is in its place.
            SpinWait.SpinUntil(
                () => kill % 2 == 0 && IsBegun() || IsDone(before) || change.Errors.Length > 0,
                TimeSpan.FromSeconds(30));
            await change.KillAsync();
            isOld = Opens(await File.ReadAllTextAsync(KeyPath)) == Secret;
            changed += IsDone(before) ? 1 : 0;
        }
        Assert.InRange(changed, 1, 8);
        TestContext.Current.TestOutputHelper!.WriteLine($"{changed} of 8 killed changes were done");
        Assert.Contains(
            fingerprint, await UpAndStopAsync(null, "--passphrase-file", scratch.Of(isOld ? "old" : "new")));

        bool IsBegun() => Directory.EnumerateFiles(scratch.Of("alice"), "key.*").Any();

        bool IsDone(string before) => File.ReadAllText(KeyPath) != before;
    }

    /// <summary>Which of the two passphrases opens a key.</summary>
    private static string Opens(string text)
    {
        using var key = ECDsa.Create();
        foreach (var secret in (string[])[Secret, Secret + "!"])
        {
            try
            {
                key.ImportFromEncryptedPem(text, secret);
                return secret;
            }
            catch (CryptographicException)
            {
                // Then it is the other one.
            }
        }
        throw new InvalidOperationException("Neither passphrase opens the key.");
    }

    [Fact]
    public async Task The_demo_has_keys_of_its_own_and_is_not_disturbed_by_a_passphrase()
    {
        var environment = Tally.HomeIn(scratch);
        environment["TALLYSTICK_PASSPHRASE"] = Secret;
        var ending = await Tally.RunAsync(["demo"], ["exit"], environment);
        Assert.Equal((0, string.Empty), (ending.Code, ending.Errors));
        Assert.Contains("Both halves match", ending.Output);
    }

    private static void IsOneSentence(Ending ending, string about)
    {
        Assert.Equal((1, string.Empty), (ending.Code, ending.Output));
        Assert.Contains(about, ending.Errors);
        Assert.Single(ending.Errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain("horse", ending.Errors);
    }

    /// <summary>A first start and its end; gives the fingerprint.</summary>
    private async Task<string> MakeAsync() => (await UpAndStopAsync(null)).Split(' ')[3].TrimEnd(',');

    private async Task<string> UpAndStopAsync(string? secret, params string[] flags)
    {
        await using var node = Start(secret, flags);
        await node.HearAsync("alice is up: ");
        await node.HearAsync("\n");
        await node.SignalAsync("TERM");
        Assert.Equal(0, await node.EndAsync());
        Assert.Empty(node.Errors);
        return node.Output;
    }

    private async Task<Ending> UpAsync(string? secret, params string[] flags)
    {
        await using var node = Start(secret, flags);
        node.EndInput();
        return new Ending(await node.EndAsync(), node.Output, node.Errors);
    }

    private ProgramProcess Start(string? secret, string[] flags) => Tally.Start(
        ["up", "--headless", "--name", "alice", "--data", scratch.Of("alice"), "--listen", "off", .. flags],
        new Dictionary<string, string?> { ["TALLYSTICK_PASSPHRASE"] = secret });

    private Task<Ending> KeyAsync(string[] words, params string[] flags) => Tally.RunAsync(KeyArguments(words, flags));

    private string[] KeyArguments(string[] words, params string[] flags) =>
        ["key", "passphrase", .. words, "--data", scratch.Of("alice"), .. flags];

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(scratch.Of(file), text);
}
