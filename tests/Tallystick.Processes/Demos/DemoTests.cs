using System.Net;
using System.Net.Sockets;
using Tallystick.Node.Hosting;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Demos;

public sealed class DemoTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task The_demo_shows_two_nodes_whose_halves_match_and_then_obeys()
    {
        var ending = await DemoAsync(["--fresh"], "pay 5", "balance", "exit");
        Assert.Equal((0, string.Empty), (ending.Code, ending.Errors));
        Assert.Contains("Alice's book: -8.00 credits with bob (you owe bob)", ending.Output);
        Assert.Contains("Bob's book: +8.00 credits with alice (alice owes you)", ending.Output);
        Assert.Contains("Bob disputes it: it was 3.", ending.Output);
        Assert.Contains("settled at 3.00 credits, in both books", ending.Output);
        Assert.Contains("Both halves match", ending.Output);
        Assert.Contains("-13.00 credits with bob", ending.Output);
        Assert.DoesNotContain("did not hold", ending.Output);
        Assert.DoesNotContain("bob has left.", ending.Output);
        Assert.Empty(RunningNodes.Find(scratch.Of("demo")));
    }

    [Fact]
    public async Task The_demo_keeps_its_books_until_it_is_asked_for_fresh_ones()
    {
        Assert.Equal(0, (await DemoAsync([])).Code);
        var second = await DemoAsync([]);
        Assert.Contains("Alice's book: -16.00 credits with bob", second.Output);
        var fresh = await DemoAsync(["--fresh"]);
        Assert.Contains("Alice's book: -8.00 credits with bob", fresh.Output);
        Assert.Equal((0, 0), (second.Code, fresh.Code));
    }

    [Fact]
    public async Task Bob_does_not_outlive_a_demo_that_is_killed()
    {
        await using var demo = Tally.Start(["demo", "--data", scratch.Path]);
        await demo.HearAsync("Now you are Alice");
        Assert.NotNull(RunningNodes.At(scratch.Of("demo", "bob")));
        await demo.KillAsync();
        await Until.TrueAsync("bob has ended", () => RunningNodes.At(scratch.Of("demo", "bob")) is null);
    }

    [Fact]
    public async Task A_crowd_of_nodes_invites_each_other_pays_all_and_proves_every_tab()
    {
        var ending = await DemoAsync(["--peers", "4"]);
        Assert.Equal((0, string.Empty), (ending.Code, ending.Errors));
        Assert.Contains("the other joined, 6 times", ending.Output);
        Assert.Contains("60 payments were delivered", ending.Output);
        Assert.Contains("All 6 tabs match", ending.Output);
        Assert.DoesNotContain("did not hold", ending.Output);
        Assert.Empty(RunningNodes.Find(scratch.Path));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("21")]
    [InlineData("ten")]
    public async Task A_crowd_of_a_size_that_is_none_is_refused(string size)
    {
        var ending = await DemoAsync(["--peers", size]);
        Assert.Equal((2, string.Empty), (ending.Code, ending.Output));
        Assert.Contains("2 to 20 nodes", ending.Errors);
    }

    [Fact]
    public async Task A_demo_whose_port_is_taken_says_so()
    {
        // Whoever holds it, this test or somebody else on this machine.
        using var taken = new TcpListener(IPAddress.Loopback, 5000);
        try
        {
            taken.Start();
        }
        catch (SocketException)
        {
            // Then it is taken already.
        }

        var ending = await Tally.RunAsync(["start:alice", "--data", scratch.Path]);
        Assert.Equal((1, string.Empty), (ending.Code, ending.Output));
        Assert.Contains("5000", ending.Errors);
        Assert.Single(ending.Errors.Trim().Split('\n'));
    }

    private Task<Ending> DemoAsync(string[] flags, params string[] lines) =>
        Tally.RunAsync(["demo", "--data", scratch.Path, .. flags], lines);
}
