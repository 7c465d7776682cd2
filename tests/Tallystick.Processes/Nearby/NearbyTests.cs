using System.Text.RegularExpressions;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Nearby;

/// <summary>Real nodes on a network, and a standard tool beside them.</summary>
public sealed class NearbyTests : IDisposable
{
    private const string Carol = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567";
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Two_people_find_each_other_read_the_same_four_words_and_both_accept()
    {
        using var network = LocalNetwork.Make();
        await using var alice = LocalNetwork.StartNode(network.One, "alice", scratch);
        await using var bob = LocalNetwork.StartNode(network.Two, "bob", scratch);
        await using var eve = LocalNetwork.StartNode(network.Two, "eve", scratch, "--hidden", "--listen", "5001");
        await Task.WhenAll(
            alice.HearAsync("Type help"), bob.HearAsync("Type help"), eve.HearAsync("Type help"));
        var (hers, his) = (await SeesAsync(alice, "bob"), await SeesAsync(bob, "alice"));
        Assert.Equal(hers.Phrase, his.Phrase);
        Assert.DoesNotContain("eve", alice.Output, StringComparison.Ordinal);
        await eve.TypeAsync("peers nearby");
        await eve.HearAsync("does not look at the local network");

        await alice.TypeAsync($"accept {hers.Beginning}");
        await alice.HearAsync("Accepted bob");
        await alice.HearAsync("bob has not accepted you yet.");
        await bob.TypeAsync($"accept {his.Beginning}");
        await Task.WhenAll(alice.HearAsync("bob is connected."), bob.HearAsync("alice is connected."));
        await alice.TypeAsync("pay bob 3");
        await bob.HearAsync("You were paid 3.00 by alice!");
        await bob.TypeAsync("peers nearby");
        await bob.HearAsync("your peer");
    }

    [Fact]
    public async Task A_standard_tool_sees_a_node_and_a_node_sees_what_it_announces()
    {
        LocalNetwork.NeedsAvahi();
        using var network = LocalNetwork.Make();
        await using var avahi = await LocalNetwork.StartAvahiAsync(network.Two);
        await using var alice = LocalNetwork.StartNode(network.One, "alice", scratch);
        await alice.HearAsync("Type help");
        await alice.TypeAsync("whoami");
        await alice.HearAsync("You are alice");

        await Until.TrueAsync("avahi lists alice with all that she says", async () =>
        {
            await avahi.TypeAsync("timeout 5 avahi-browse -rpt _tallystick._tcp; echo listed");
            await avahi.HearAsync("listed");
            return avahi.Output.Contains(";10.77.0.1;5000;", StringComparison.Ordinal);
        });
        Assert.Contains("\"name=alice\"", avahi.Output, StringComparison.Ordinal);
        Assert.Contains("\"fp=", avahi.Output, StringComparison.Ordinal);

        await avahi.TypeAsync($"avahi-publish -s 'carol ABCD-EFGH' _tallystick._tcp 5000 name=carol fp={Carol} &");
        await Until.TrueAsync("alice lists what avahi announces", () => ListsAsync(alice, "carol"));
        await avahi.TypeAsync("kill $!");
        await Until.TrueAsync("carol is gone again", async () => !await ListsAsync(alice, "carol"));

        await alice.TypeAsync("exit");
        Assert.Equal(0, await alice.EndAsync());
        await Until.TrueAsync("avahi forgets alice", async () =>
        {
            var before = avahi.Output.Length;
            await avahi.TypeAsync("timeout 5 avahi-browse -rpt _tallystick._tcp; echo listed");
            await avahi.HearAsync("listed");
            return !avahi.Output[before..].Contains("alice", StringComparison.Ordinal);
        });
    }

    private static async Task<bool> ListsAsync(ProgramProcess node, string name)
    {
        var before = node.Output.Length;
        await node.TypeAsync("peers nearby\nwhoami");
        await node.HearAsync("Your book is in");
        return node.Output[before..].Contains($"{name}  ", StringComparison.Ordinal);
    }

    private static async Task<(string Phrase, string Beginning)> SeesAsync(ProgramProcess node, string name)
    {
        await Until.TrueAsync($"{name} is seen", () => ListsAsync(node, name));
        var seen = SeenPattern(name).Matches(node.Output).Last();
        return (seen.Groups["phrase"].Value, seen.Groups["begins"].Value);
    }

    private static Regex SeenPattern(string name) => new(
        $@"{name}  (?<begins>\w{{4}}-\w{{4}})[\w-]+ at [\d.:]+\n  (?<phrase>\w+ \w+ \w+ \w+)\n",
        RegexOptions.None, TimeSpan.FromSeconds(1));
}
