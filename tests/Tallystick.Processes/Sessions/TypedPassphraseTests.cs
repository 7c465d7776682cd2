using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Sessions;

/// <summary>The passphrase as a person types it on a terminal: asked for, and never shown.</summary>
public sealed class TypedPassphraseTests : IDisposable
{
    private const string Secret = "correct horse";
    private readonly ScratchFolder scratch = new();

    private string[] Alice => ["--name", "alice", "--data", scratch.Of("alice"), "--listen", "off"];

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task It_is_set_asked_for_and_removed_on_the_terminal_without_being_shown()
    {
        await using (var first = Terminal.Run(["up", .. Alice]))
        {
            await first.HearAsync("Welcome to your peering relationship!");
            await first.PressAsync("exit\r");
            Assert.Equal(0, await first.EndAsync());
        }
        await using (var set = Terminal.Run(["key", "passphrase", .. Alice]))
        {
            await set.HearAsync("New passphrase: ");
            await set.PressAsync("wronx\u007f\u007f\u007f\u007f\u007f" + Secret + "\r");
            await set.HearAsync("Once more: ");
            await set.PressAsync(Secret + "\r");
            await set.HearAsync("has the new passphrase");
            Assert.Equal(0, await set.EndAsync());
            Assert.DoesNotContain("horse", set.Output);
        }
        await using (var wrong = Terminal.Run(["up", .. Alice]))
        {
            await wrong.HearAsync("Passphrase: ");
            await wrong.PressAsync("no horse\r");
            await wrong.HearAsync("does not open the key file");
            Assert.Equal(1, await wrong.EndAsync());
            Assert.DoesNotContain("horse", wrong.Output);
        }
        await using (var shell = Terminal.Run(["up", .. Alice]))
        {
            await shell.HearAsync("Passphrase: ");
            await shell.PressAsync(Secret + "\r");
            await shell.HearAsync("Welcome to your peering relationship!");
            // The terminal is the shell's again.
            await shell.PressAsync("whoami\r");
            await shell.HearAsync("alice");
            await shell.PressAsync("exit\r");
            await shell.HearAsync("Goodbye.");
            Assert.Equal(0, await shell.EndAsync());
            Assert.DoesNotContain("horse", shell.Output);
        }
        await using (var remove = Terminal.Run(["key", "passphrase", "none", .. Alice]))
        {
            await remove.HearAsync("Passphrase: ");
            await remove.PressAsync(Secret + "\r");
            await remove.HearAsync("has no passphrase any more");
            Assert.Equal(0, await remove.EndAsync());
        }
        Assert.Contains(
            "BEGIN PRIVATE KEY",
            await File.ReadAllTextAsync(scratch.Of("alice", "key"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_that_differ_and_a_signal_while_it_asks_change_nothing()
    {
        await using (var first = Terminal.Run(["up", .. Alice]))
        {
            await first.HearAsync("Welcome to your peering relationship!");
            await first.PressAsync("exit\r");
            await first.EndAsync();
        }
        var before = await File.ReadAllTextAsync(scratch.Of("alice", "key"), TestContext.Current.CancellationToken);
        await using (var set = Terminal.Run(["key", "passphrase", .. Alice]))
        {
            await set.HearAsync("New passphrase: ");
            await set.PressAsync("one\r");
            await set.HearAsync("Once more: ");
            await set.PressAsync("other\r");
            await set.HearAsync("nothing was changed");
            Assert.Equal(2, await set.EndAsync());
        }
        await using (var set = Terminal.Run(["key", "passphrase", .. Alice]))
        {
            await set.HearAsync("New passphrase: ");
            await set.PressAsync("\u0003");
            await set.EndAsync();
        }
        Assert.Equal(
            before, await File.ReadAllTextAsync(scratch.Of("alice", "key"), TestContext.Current.CancellationToken));
    }
}
