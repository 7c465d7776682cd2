using System.Net;
using System.Net.Sockets;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Sessions;

/// <summary>Two people settle, each in a terminal of their own, and a third checks the file without a node.</summary>
public sealed class SettleTerminalTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Propose_dispute_modify_a_stale_accept_and_accept_end_in_one_amount_and_a_file_that_holds()
    {
        var (here, there) = (FreePort(), FreePort());
        await using var alice = Start("alice", here, $"bob=127.0.0.1:{there}");
        await using var bob = Start("bob", there, $"alice=127.0.0.1:{here}");
        await Task.WhenAll(alice.HearAsync("bob is connected."), bob.HearAsync("alice is connected."));

        await alice.TypeAsync("settle bob 20 by cash ref R17 from me");
        await alice.HearAsync("you pay bob 20.00 credits by cash, ref R17");
        await bob.HearAsync("alice proposes: alice pays you 20.00 credits by cash, ref R17. Say settle accept ");
        await bob.TypeAsync("settle list");
        await bob.HearAsync("proposed  alice pays you 20.00 credits");
        var said = alice.Output;
        var id = said[..said.IndexOf("  you pay bob", StringComparison.Ordinal)][^8..];

        await bob.TypeAsync($"settle dispute {id} because it was 15");
        await alice.HearAsync($"bob disputes {id}");
        await alice.TypeAsync($"settle modify {id} 15");
        await bob.HearAsync("alice changed it: alice pays you 15.00 credits by cash, ref R17.");
        await bob.HearAsync($"Say settle accept {id}.2");
        await bob.TypeAsync($"settle accept {id}");
        await Until.TrueAsync(
            "the stale answer is refused",
            () => bob.Errors.Contains("changed it to 15.00 credits meanwhile", StringComparison.Ordinal));
        await bob.TypeAsync($"settle accept {id}.2");
        await alice.HearAsync("Settled: you pay bob 15.00 credits");

        await alice.TypeAsync($"settle show {id}");
        await alice.HearAsync("bob: dispute 20.00 credits (it was 15)");
        await alice.HearAsync("Balance: 0.00 before, +15.00 credits after.");
        var file = scratch.Of("lunch.tally");
        await bob.TypeAsync($"settle save {id} {file}");
        await bob.HearAsync("Saved ");
        await alice.TypeAsync("exit");
        await bob.TypeAsync("exit");
        Assert.Equal((0, 0), (await alice.EndAsync(), await bob.EndAsync()));

        var proof = await Tally.RunAsync(["verify", file]);
        Assert.Equal((0, string.Empty), (proof.Code, proof.Errors));
        Assert.Contains("settled, for good", proof.Output);
        var bytes = await System.IO.File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await System.IO.File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        var tampered = await Tally.RunAsync(["verify", file]);
        Assert.Equal((1, string.Empty), (tampered.Code, tampered.Output));
        Assert.Contains("bad signature", tampered.Errors);
    }

    private ProgramProcess Start(string name, int port, string peer) => Tally.Start(
        ["up", "--name", name, "--data", scratch.Of(name), "--listen", $"127.0.0.1:{port}", "--peer", peer]);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
