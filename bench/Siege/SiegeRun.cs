using System.Diagnostics;
using Tallystick.Bench.Results;

namespace Tallystick.Bench.Siege;

/// <summary>
/// What strangers on the port of a node cost the payments that its real peer makes to it meanwhile. Attackers and both
/// nodes share this machine's processors, so the processor time of each is shown, and one row only burns it.
/// </summary>
internal sealed class SiegeRun(Pair pair, int seconds, bool politely)
{
    private const int InFlight = 64;
    private static readonly string[] Kinds = ["none", "burn", "idle", "garbage", "tls", "strangers", "drip", "none"];
    private readonly Load load = pair.Load;
    private readonly PaidPeer paid = pair.Peer;

    public static async Task<int> RunAsync(int seconds, bool politely)
    {
        Console.WriteLine(
            $"{Conditions.Said}; {InFlight} payments in flight, {seconds} s for each row; "
            + $"attackers have {(politely ? "what the nodes leave of" : "their share of")} the processors");
        var folder = Directory.CreateTempSubdirectory("tallystick-siege-").FullName;
        try
        {
            await using var pair = await Pair.StartAsync(folder);
            await new SiegeRun(pair, seconds, politely).AllAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private async Task AllAsync()
    {
        await load.RunAsync("warm-up", InFlight, 3);
        Console.WriteLine();
        Console.WriteLine(
            $"{"attack",-22}{"payments/s",11}{"p99 ms",8}{"attacks/s",11}{"CPU: attackers",16}{"besieged",10}"
            + $"{"payer",8}{"payments per CPU s",20}{"besieged MiB",14}");
        foreach (var kind in Kinds)
            await OneAsync(kind, fromPeersAddress: false);
        await OneAsync("tls", fromPeersAddress: true);
        await OneAsync("strangers", fromPeersAddress: true);
    }

    private async Task OneAsync(string kind, bool fromPeersAddress)
    {
        await using var attackers = kind == "none"
            ? null
            : await Attackers.StartAsync(kind, paid.Address, fromPeersAddress, politely);
        if (attackers is not null)
            await load.RunAsync("siege begins", InFlight, 2);
        var before = await UsedAsync(attackers);
        var figures = await load.RunAsync(kind, InFlight, seconds);
        var after = await UsedAsync(attackers);
        var took = (after.At - before.At).TotalSeconds;
        var nodes = after.Payer + after.Paid - before.Payer - before.Paid;
        Console.WriteLine(
            $"{kind + (fromPeersAddress ? ", peer's address" : ""),-22}{figures.PerSecond,11:N0}{figures.P99Ms,8:0.0}"
            + $"{(after.Attempts - before.Attempts) / took,11:N0}{(after.Attackers - before.Attackers) / took,16:0.00}"
            + $"{(after.Paid - before.Paid).TotalSeconds / took,10:0.00}"
            + $"{(after.Payer - before.Payer).TotalSeconds / took,8:0.00}"
            + $"{figures.Payments / nodes.TotalSeconds,20:N0}{paid.MemoryMiB,14:0}");
    }

    private async Task<Used> UsedAsync(Attackers? attackers)
    {
        var (attempts, cpu) = attackers is null ? default : await attackers.CountAsync();
        var own = Environment.CpuUsage.TotalTime;
        return new Used(Stopwatch.GetElapsedTime(0), attempts, cpu.TotalSeconds, own, paid.ProcessorTime);
    }

    private sealed record Used(TimeSpan At, long Attempts, double Attackers, TimeSpan Payer, TimeSpan Paid);
}
