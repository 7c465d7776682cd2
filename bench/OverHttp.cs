using System.Diagnostics;
using Tallystick.Client;

namespace Tallystick.Bench;

/// <summary>
/// Pays through the public API over its Unix socket; each call is answered when its payments are durable.
/// </summary>
internal static class OverHttp
{
    /// <summary>Every connection asks as soon as it is answered, for a time.</summary>
    /// <param name="pair">Who pays whom.</param>
    /// <param name="connections">How many ask at once.</param>
    /// <param name="batch">Payments in one call.</param>
    /// <param name="seconds">How long.</param>
    public static async Task<Figures> RunAsync(Pair pair, int connections, int batch, double seconds)
    {
        var (calls, latencies) = (0L, new Latencies());
        var processors = new ProcessorClock(() => pair.Peer.ProcessorTime);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var client = TallystickClient.OverUnixSocket(pair.Node.SocketPath, pair.Node.Token);
            while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
            {
                var asked = Stopwatch.GetTimestamp();
                if (batch == 1)
                    await client.PayAsync(new PayRequest("0.01", "paid"));
                else
                    await client.PayManyAsync([.. Enumerable.Range(0, batch).Select(
                        _ => new PayRequest("0.01", "paid", RequestId: client.NewRequestId()))]);
                latencies.Add(Stopwatch.GetTimestamp() - asked);
                Interlocked.Increment(ref calls);
            }
        }));
        var name = batch == 1 ? $"HTTP, {connections} connections*" : $"HTTP, {connections} x {batch:N0} in a call*";
        var (paid, elapsed) = (calls * batch, clock.Elapsed.TotalSeconds);
        return processors.Stop(new Figures(name, paid, paid / elapsed, latencies.AtMs(0.5), latencies.AtMs(0.99)));
    }
}
