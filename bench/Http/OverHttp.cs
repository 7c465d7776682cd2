using System.Diagnostics;
using System.Globalization;

namespace Tallystick.Bench.Http;

/// <summary>Pays through the public API from a process of its own; each call is answered when it is durable.</summary>
internal static class OverHttp
{
    /// <summary>Every connection asks as soon as it is answered, for a time.</summary>
    /// <param name="pair">Who pays whom.</param>
    /// <param name="way">How they ask.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="overTcp">Whether by the port for pages and API, and not by the Unix socket.</param>
    public static async Task<HttpFigures> RunAsync(Pair pair, CallWay way, double seconds, bool overTcp = false)
    {
        var target = overTcp ? $"127.0.0.1:{pair.Node.WebUrl!.Port}" : pair.Node.SocketPath;
        using var callers = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            ["callers", target, pair.Node.Token, .. way.Words, seconds.ToString(CultureInfo.InvariantCulture)])
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
        var (payments, elapsed) = ((long)told[0] * way.Batch, told[1]);
        var name = $"HTTP{(way.CallsOnEach is null ? "" : "/2")}{(overTcp ? " over TCP" : "")}, {way.Name}";
        var figures = processors.Stop(new Figures(name, payments, payments / elapsed, told[2], told[3]));
        await callers.WaitForExitAsync();
        return new HttpFigures(
            figures, told[4] / payments, (pair.Payments - paid) / (double)(pair.Pages - pages));
    }
}
