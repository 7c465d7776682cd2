using System.Diagnostics;
using System.Globalization;

namespace Tallystick.Bench.Siege;

/// <summary>The attackers' process, as the measuring one sees it.</summary>
internal sealed class Attackers : IAsyncDisposable
{
    private readonly Process process;

    private Attackers(Process process) => this.process = process;

    public static async Task<Attackers> StartAsync(string kind, string target, bool fromPeersAddress, bool politely)
    {
        string[] attack = [Environment.ProcessPath!, "attack", kind, target, fromPeersAddress ? "peer" : "elsewhere"];
        string[] command = politely ? ["nice", "-n", "19", .. attack] : attack;
        var started = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await started.StandardOutput.ReadLineAsync();
        return new Attackers(started);
    }

    /// <summary>How often they attacked so far, and the processor time that it cost them.</summary>
    public async Task<(long Attempts, TimeSpan Cpu)> CountAsync()
    {
        await process.StandardInput.WriteLineAsync("count");
        await process.StandardInput.FlushAsync();
        var parts = (await process.StandardOutput.ReadLineAsync())!.Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture),
            TimeSpan.FromTicks(long.Parse(parts[1], CultureInfo.InvariantCulture)));
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
