using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Tallystick.Bench.Http;

/// <summary>
/// The other process: a thread that keeps calls open on each of its connections, as load generators do. A full client
/// would take from the nodes it measures the processors that they share.
/// </summary>
internal static class HttpCallers
{
    // Until the code of both sides is compiled well.
    private const double WarmUpSeconds = 0.3;

    /// <summary>Calls for a time once its input says so, and prints what that gave.</summary>
    /// <param name="target">The node's socket, or its HOST:PORT.</param>
    /// <param name="token">Its token.</param>
    /// <param name="way">What is called, and how.</param>
    /// <param name="seconds">How long.</param>
    public static int Run(string target, string token, CallWay way, double seconds)
    {
        var call = new PreparedCall(way.Batch);
        var callers = Enumerable.Range(0, way.Connections)
            .Select(HttpCaller (_) => way.CallsOnEach is null
                ? new Http1Caller(target, token, call)
                : new Http2Caller(target, token, call))
            .ToDictionary(caller => caller.Socket);
        CallFor(callers, way.CallsOnEach ?? 1, WarmUpSeconds, new Latencies());
        Console.WriteLine();
        Console.ReadLine();

        var (latencies, clock, before) = (new Latencies(), Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var calls = CallFor(callers, way.CallsOnEach ?? 1, seconds, latencies);
        var used = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{calls} {clock.Elapsed.TotalSeconds} {latencies.AtMs(0.5)} {latencies.AtMs(0.99)} {used}"));
        foreach (var caller in callers.Values)
            caller.Dispose();
        return 0;
    }

    // Every call is answered when it returns.
    private static long CallFor(
        Dictionary<Socket, HttpCaller> callers, int callsOnEach, double seconds, Latencies latencies)
    {
        var (calls, open, clock) = (0L, callers.Count * callsOnEach, Stopwatch.StartNew());
        var ready = new List<Socket>(callers.Count);
        foreach (var caller in callers.Values)
            caller.Ask(callsOnEach);
        while (open > 0)
        {
            ready.Clear();
            ready.AddRange(callers.Keys);
            Socket.Select(ready, null, null, Timeout.InfiniteTimeSpan);
            foreach (var socket in ready)
            {
                var answered = callers[socket].Read(latencies);
                calls += answered;
                if (clock.Elapsed.TotalSeconds >= seconds)
                    open -= answered;
                else if (answered > 0)
                    callers[socket].Ask(answered);
            }
        }
        return calls;
    }
}
