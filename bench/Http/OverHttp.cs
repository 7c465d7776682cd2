using System.Diagnostics;
using System.Globalization;

namespace Tallystick.Bench.Http;

/// <summary>Pays through the public API from a process of its own; each call is answered when it is durable.</summary>
internal static class OverHttp
{
    /// <summary>Every connection asks as soon as it is answered, for a time.</summary>
    /// <param name="pair">Who pays whom.</param>
    /// <param name="connections">How many ask at once.</param>
    /// <param name="batch">Payments in one call.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="overTcp">Whether by the port for pages and API, and not by the Unix socket.</param>
    public static async Task<HttpFigures> RunAsync(
        Pair pair, int connections, int batch, double seconds, bool overTcp = false)
    {
        var target = overTcp ? $"127.0.0.1:{pair.Node.WebUrl!.Port}" : pair.Node.SocketPath;
        using var callers = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            ["callers", target, pair.Node.Token, $"{connections}", $"{batch}",
                seconds.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await callers.StandardOutput.ReadLineAsync();
        var (processors, pages, paid) = (new ProcessorClock(() => pair.Peer.ProcessorTime), pair.Pages, pair.Payments);
        await callers.StandardInput.WriteLineAsync();
        var said = await callers.StandardOutput.ReadLineAsync() ?? throw new IOException("The callers failed.");
        double[] told = [.. said.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        var (payments, elapsed) = ((long)told[0] * batch, told[1]);
        var way = overTcp ? " over TCP" : string.Empty;
        var name = batch == 1
            ? $"HTTP{way}, {connections} connections*"
            : $"HTTP{way}, {connections} x {batch:N0} in a call*";
        var figures = processors.Stop(new Figures(name, payments, payments / elapsed, told[2], told[3]));
        await callers.WaitForExitAsync();
        return new HttpFigures(
            figures, told[4] / payments, (pair.Payments - paid) / (double)(pair.Pages - pages));
    }
}
