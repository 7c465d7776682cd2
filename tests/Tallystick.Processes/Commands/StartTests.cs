using System.Net;
using System.Net.Sockets;
using Tallystick.Node.Hosting;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Commands;

/// <summary>Starting and stopping a node, also where it cannot be started.</summary>
public sealed class StartTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_second_node_on_the_same_folder_is_refused()
    {
        await using var node = new NodeProcess("alice", scratch.Of("alice"));
        await node.StartAsync();
        var ending = await UpAsync("--name", "alice", "--data", scratch.Of("alice"), "--listen", "127.0.0.1:0");
        IsOneSentence(ending, "in use");
    }

    [Fact]
    public async Task A_node_that_was_killed_is_not_taken_for_a_running_one()
    {
        await using var node = new NodeProcess("alice", scratch.Of("alice"));
        await node.StartAsync();
        await node.KillAsync();
        var ending = await Tally.RunAsync(["balance", "--data", scratch.Path]);
        Assert.Equal((3, string.Empty), (ending.Code, ending.Output));
        Assert.StartsWith("No node is running", ending.Errors);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_and_debug_shows_where()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = $"{taken.LocalEndpoint}";
        IsOneSentence(await UpAsync("--name", "alice", "--listen", port), port.Split(':')[1]);

        var ending = await UpAsync("--name", "alice", "--listen", port, "--debug");
        Assert.Equal(1, ending.Code);
        Assert.Contains("   at ", ending.Errors);
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_refused()
    {
        await File.WriteAllTextAsync(scratch.Of("file"), "not a folder", TestContext.Current.CancellationToken);
        IsOneSentence(await UpAsync("--name", "alice", "--data", scratch.Of("file")), scratch.Of("file"));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_ends_a_node_in_good_order(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        await using var node = new NodeProcess("alice", scratch.Of("alice"));
        await node.StartAsync();
        await node.Process.SignalAsync(signal);
        Assert.Equal(0, await node.Process.EndAsync());
        Assert.Equal(string.Empty, node.Process.Errors);
        Assert.Null(RunningNodes.At(scratch.Of("alice")));
    }

    [Fact]
    public async Task A_signal_ends_a_node_that_waits_for_what_is_typed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        await using var shell = Tally.Start(
            ["up", "--name", "alice", "--data", scratch.Of("alice"), "--listen", "127.0.0.1:0"]);
        await shell.HearAsync("Welcome to your peering relationship!");
        await shell.SignalAsync("TERM");
        Assert.Equal((0, string.Empty), (await shell.EndAsync(), shell.Errors));
    }

    [Fact]
    public async Task A_node_that_belongs_to_another_process_ends_with_its_input()
    {
        await using var node = Tally.Start(
            ["up", "--headless", "--name", "alice", "--data", scratch.Of("alice"), "--listen", "127.0.0.1:0"],
            new Dictionary<string, string?> { ["TALLYSTICK_END_WITH_INPUT"] = "1" });
        await node.HearAsync("alice is up: ");
        node.EndInput();
        Assert.Equal((0, string.Empty), (await node.EndAsync(), node.Errors));
    }

    [Fact]
    public async Task A_node_starts_also_while_many_ask_it_for_something_already()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The folder's socket is asked for by its path.");
        await using var node = Tally.Start(
            ["up", "--headless", "--name", "alice", "--data", scratch.Of("alice"), "--listen", "127.0.0.1:0"]);
        using var end = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 400).Select(_ => AskForEverAsync(scratch.Of("alice", "api.sock"), end.Token))
            .ToList();
        await node.HearAsync("alice is up: ");
        await end.CancelAsync();
        await Task.WhenAll(asking);
        await node.SignalAsync("TERM");
        Assert.Equal((0, string.Empty), (await node.EndAsync(), node.Errors));
    }

    // Callers of a node that was killed connect as soon as it is back, and again when they are turned away.
    private static async Task AskForEverAsync(string path, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), end);
                await socket.ReceiveAsync(new byte[1], end);
            }
            catch (SocketException)
            {
                // Nobody is there yet, or it was turned away.
                await Task.Delay(5, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private Task<Ending> UpAsync(params string[] flags) =>
        Tally.RunAsync(["up", "--headless", .. flags], null, Tally.HomeIn(scratch));

    private static void IsOneSentence(Ending ending, string saying)
    {
        Assert.Equal((1, string.Empty), (ending.Code, ending.Output));
        Assert.Single(ending.Errors.Trim().Split('\n'));
        Assert.Contains(saying, ending.Errors);
    }
}
