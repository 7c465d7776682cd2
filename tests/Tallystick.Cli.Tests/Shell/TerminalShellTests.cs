using System.Threading.Channels;
using Tallystick.Cli.Shell;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Shell;

public sealed class TerminalShellTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-shell").FullName;

    private string HistoryFile => Path.Combine(folder, "typed");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_notice_appears_above_the_line_being_typed_which_stays_whole()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var terminal = new PracticeTerminal(40);
        var running = RunAsync(node, terminal);
        await terminal.ShowsAsync("🤝 bob is connected.");
        terminal.Type("pay bob 1");
        await terminal.ShowsAsync("> pay bob 1");
        node.Tell(new Notice(NoticeKinds.Paid, "bob", "2.00", "credits", "tea", null));
        await terminal.ShowsAsync("💸 You were paid 2.00 by bob for tea!");
        terminal.Type("0\r");
        await terminal.ShowsAsync("Sent 10.00 credits to bob.");
        terminal.Type("exit\r");
        Assert.Equal(0, await running);
        var rows = terminal.Rows;
        var notice = rows.IndexOf("💸 You were paid 2.00 by bob for tea!");
        Assert.Equal(["> pay bob 10", "Sent 10.00 credits to bob.", "> exit", "👋 Goodbye."], rows[(notice + 1)..]);
    }

    [Fact]
    public async Task With_several_peers_it_asks_which_and_completes_the_answer()
    {
        await using var node = await PracticeNode.StartAsync("bob", "carol");
        var terminal = new PracticeTerminal(60);
        var running = RunAsync(node, terminal);
        terminal.Type("pay 10\r");
        await terminal.ShowsAsync("Which?");
        terminal.Type("carol\r");
        await terminal.ShowsAsync("Sent 10.00 credits to carol.");
        terminal.Type("pay 10\r");
        terminal.Type("\r");
        await terminal.ShowsAsync("Then nothing was done.");
        terminal.Type("\x04");
        Assert.Equal(0, await running);
        Assert.Equal(1, node.Carried);
    }

    [Fact]
    public async Task Asked_which_a_person_may_say_it_with_a_word_before_or_do_something_else()
    {
        await using var node = await PracticeNode.StartAsync("bob", "carol");
        var terminal = new PracticeTerminal(60);
        var running = RunAsync(node, terminal);
        terminal.Type("pay 10\r");
        await terminal.ShowsAsync("Which?");
        terminal.Type("to carol\r");
        await terminal.ShowsAsync("Sent 10.00 credits to carol.");
        terminal.Type("pay 10\r");
        terminal.Type("pay bob 7\r");
        await terminal.ShowsAsync("Sent 7.00 credits to bob.");
        Assert.Contains("Then nothing was done.", terminal.Rows);
        terminal.Type("pay 10\r");
        terminal.Type("exit\r");
        Assert.Equal(0, await running);
        Assert.Equal(2, node.Carried);
    }

    [Fact]
    public async Task A_reset_is_signed_only_after_a_yes_to_what_is_shown()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        node.Frozen = true;
        var terminal = new PracticeTerminal(120);
        var running = RunAsync(node, terminal);
        terminal.Type("reset bob\r");
        await terminal.ShowsAsync("Type yes to sign it:");
        terminal.Type("y\r");
        await terminal.ShowsAsync("Then nothing was done.");
        Assert.Empty(node.Confirmed);
        terminal.Type("reset bob\r");
        terminal.Type("yes\r");
        await terminal.ShowsAsync("Signed and sent. The tab goes on once bob has said yes too.");
        terminal.Type("exit\r");
        Assert.Equal(0, await running);
        Assert.Single(node.Confirmed);
    }

    [Fact]
    public async Task Pasted_lines_run_one_after_the_other_once_enter_is_pressed()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var terminal = new PracticeTerminal(60);
        var running = RunAsync(node, terminal);
        terminal.Type("\e[200~pay bob 1\r\npay bob 2\r\n\e[201~");
        await terminal.ShowsAsync("> pay bob 1↵pay bob 2");
        Assert.Equal(0, node.Carried);
        terminal.Type("\r");
        await terminal.ShowsAsync("Sent 2.00 credits to bob.");
        terminal.Type("bye\r");
        Assert.Equal(0, await running);
        Assert.Equal(2, node.Carried);
    }

    [Fact]
    public async Task What_was_typed_is_kept_between_runs_for_its_owner_only()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var first = new PracticeTerminal(60);
        first.Type("whoami\rexit\r");
        await RunAsync(node, first);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(HistoryFile));
        var second = new PracticeTerminal(60);
        second.Type("\e[A\e[A");
        var running = RunAsync(node, second);
        await second.ShowsAsync("> whoami");
        second.Type("\x03\x04");
        Assert.Equal(0, await running);
    }

    [Fact]
    public void The_typed_history_is_bounded_and_a_damaged_file_is_no_obstacle()
    {
        var history = new TypedHistory(HistoryFile);
        for (var i = 0; i < 2 * TypedHistory.MostLines; i++)
            history.Add($"pay bob {i}");
        history.Save();
        Assert.Equal(TypedHistory.MostLines, new TypedHistory(HistoryFile).Lines.Count);
        File.WriteAllBytes(HistoryFile, [0xFF, 0xFE, 0x00, 0x0A, 0xC3]);
        new TypedHistory(HistoryFile).Save();
        new TypedHistory(folder).Save();
    }

    [Fact]
    public async Task A_refusal_carries_an_emoji_as_a_line_that_is_not_understood_does()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var terminal = new PracticeTerminal(60);
        var running = RunAsync(node, terminal);
        terminal.Type("pay dora 1\rfoo\r");
        await terminal.ShowsAsync("🤷 There is no peer named dora.");
        await terminal.ShowsAsync("🤷 I do not know \"foo\".");
        terminal.Type("exit\r");
        Assert.Equal(0, await running);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_line_leaves_the_next_one_to_what_comes_after()
    {
        await using var node = await PracticeNode.StartAsync("bob");
        var terminal = new PracticeTerminal(60);
        using var stop = new CancellationTokenSource();
        var running = RunAsync(node, terminal, stop.Token);
        terminal.Type("pay b");
        await terminal.ShowsAsync("> pay b");
        await stop.CancelAsync();
        Assert.Equal(0, await running);
        Assert.True(terminal.IsAtRowStart);
    }

    private Task<int> RunAsync(
        PracticeNode node, PracticeTerminal terminal, CancellationToken stop = default) => Task.Run(
        async () =>
        {
            using var client = node.Connect();
            var options = new ShellOptions { OpenTerminal = () => terminal, HistoryFile = HistoryFile };
            return await ShellSession.RunAsync(
                client, options, TextReader.Null, TextWriter.Null, TextWriter.Null, stop.CanBeCanceled ? stop : Cancel);
        },
        Cancel);

    /// <summary>A terminal that understands just what the screen sends, and fails on anything else.</summary>
    private sealed class PracticeTerminal(int width) : ITerminal
    {
        private readonly Channel<Key> keys = Channel.CreateUnbounded<Key>();
        private readonly KeyReader reader = new();
        private readonly Lock gate = new();
        private readonly List<string> rows = [string.Empty];

        public int Width => width;

        public ChannelReader<Key> Keys => keys.Reader;

        public List<string> Rows
        {
            get
            {
                lock (gate)
                    return [.. rows.Select(row => row.TrimEnd()).Where(row => row.Length > 0)];
            }
        }

        public bool IsAtRowStart
        {
            get
            {
                lock (gate)
                    return rows[^1].Length == 0;
            }
        }

        public void Type(string text)
        {
            foreach (var key in reader.Read(text))
                keys.Writer.TryWrite(key);
        }

        public Task ShowsAsync(string row) =>
            Eventually.HoldsAsync(() => Rows.Exists(each => each.StartsWith(row, StringComparison.Ordinal)));

        public void Write(string text)
        {
            lock (gate)
            {
                for (var at = 0; at < text.Length; at++)
                {
                    if (text[at] == '\n')
                        rows.Add(string.Empty);
                    else if (text.AsSpan(at).StartsWith("\e[K"))
                        (rows[^1], at) = (string.Empty, at + 2);
                    else if (text[at] == '\e')
                        at = text.IndexOf('C', at);
                    else if (text[at] != '\r')
                        rows[^1] += text[at];
                }
            }
        }

        public void Dispose() => keys.Writer.TryComplete();
    }
}
