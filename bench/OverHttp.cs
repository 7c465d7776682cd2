using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Tallystick.Client;

namespace Tallystick.Bench;

/// <summary>
/// Pays through the public API over its Unix socket; each call is answered when its payments are durable.
/// </summary>
internal static class OverHttp
{
    private static readonly byte[] Sent = "\"state\":\"sent\""u8.ToArray();

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
            using var caller = await HttpCaller.ConnectAsync(pair.Node.SocketPath);
            while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
            {
                var request = Request(pair.Node.Token, batch);
                var asked = Stopwatch.GetTimestamp();
                var answer = await caller.CallAsync(request);
                latencies.Add(Stopwatch.GetTimestamp() - asked);
                if (Count(answer.Span, Sent) != batch)
                    throw new IOException(Encoding.UTF8.GetString(answer.Span));
                Interlocked.Increment(ref calls);
            }
        }));
        var name = batch == 1 ? $"HTTP, {connections} connections*" : $"HTTP, {connections} x {batch:N0} in a call*";
        var (paid, elapsed) = (calls * batch, clock.Elapsed.TotalSeconds);
        return processors.Stop(new Figures(name, paid, paid / elapsed, latencies.AtMs(0.5), latencies.AtMs(0.99)));
    }

    private static byte[] Request(string token, int batch)
    {
        PayRequest[] payments = [.. Enumerable.Range(0, batch).Select(
            _ => new PayRequest("0.01", "paid", RequestId: RequestIds.Next().ToString()))];
        return batch == 1
            ? HttpCaller.Request(
                "/api/payments",
                token,
                JsonSerializer.SerializeToUtf8Bytes(payments[0], ContractJson.Default.PayRequest))
            : HttpCaller.Request(
                "/api/payments/batch",
                token,
                JsonSerializer.SerializeToUtf8Bytes(
                    new PayBatchRequest(payments), ContractJson.Default.PayBatchRequest));
    }

    private static int Count(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        var count = 0;
        for (int at; (at = text.IndexOf(word)) >= 0; count++)
            text = text[(at + word.Length)..];
        return count;
    }
}
