using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Tallystick.Bench.Http;

/// <summary>
/// The other process: a thread that keeps a call open on each of its connections, as load generators do. A full client
/// would take from the nodes it measures the processors that they share.
/// </summary>
internal static class HttpCallers
{
    // Until the code of both sides is compiled well.
    private const double WarmUpSeconds = 0.3;

    /// <summary>Calls for a time once its input says so, and prints what that gave.</summary>
    public static int Run(string target, string token, int connections, int batch, double seconds)
    {
        var callers = Enumerable.Range(0, connections)
            .Select(_ => new HttpCaller(target, token, batch))
            .ToDictionary(caller => caller.Socket);
        CallFor(callers, WarmUpSeconds, new Latencies());
        Console.WriteLine();
        Console.ReadLine();

        var (latencies, clock, before) = (new Latencies(), Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var calls = CallFor(callers, seconds, latencies);
        var used = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{calls} {clock.Elapsed.TotalSeconds} {latencies.AtMs(0.5)} {latencies.AtMs(0.99)} {used}"));
        foreach (var caller in callers.Values)
            caller.Dispose();
        return 0;
    }

    // Every call is answered when it returns.
    private static long CallFor(Dictionary<Socket, HttpCaller> callers, double seconds, Latencies latencies)
    {
        var (calls, open, clock) = (0L, callers.Count, Stopwatch.StartNew());
        var ready = new List<Socket>(callers.Count);
        foreach (var caller in callers.Values)
            caller.Ask();
        while (open > 0)
        {
            ready.Clear();
            ready.AddRange(callers.Keys);
            Socket.Select(ready, null, null, Timeout.InfiniteTimeSpan);
            foreach (var socket in ready)
            {
                if (callers[socket].Read() is not { } took)
                    continue;
                calls++;
                latencies.Add(took);
                if (clock.Elapsed.TotalSeconds < seconds)
                    callers[socket].Ask();
                else
                    open--;
            }
        }
        return calls;
    }
}
