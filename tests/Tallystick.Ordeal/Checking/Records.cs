using System.Text.Json;

namespace Tallystick.Ordeal.Checking;

/// <summary>A payment as its caller knows it, one line of <c>calls.jsonl</c>.</summary>
/// <param name="Request">The request id under which it was asked, however often.</param>
/// <param name="From">The payer's node, which is the name of its data folder.</param>
/// <param name="To">The receiver's node.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Units">The amount in the asset's smallest unit.</param>
/// <param name="Memo">The memo.</param>
/// <param name="Said">Every answer that still binds: sent, delivered, queued, refused, cancelled.</param>
/// <param name="Final">What the payer's node said after all had ended; "unknown" when it has no such payment.</param>
/// <param name="Asked">How often it was asked.</param>
/// <param name="FirstMs">When it was first asked, in milliseconds of the run.</param>
/// <param name="LastMs">When the last answer came.</param>
internal sealed record Call(
    Guid Request, string From, string To, string Asset, long Units, string Memo, IReadOnlyList<string> Said,
    string Final, int Asked, long FirstMs, long LastMs);

/// <summary>What a node said of a tab: one entry of <c>balances.json</c>.</summary>
internal sealed record SaidBalance(string Node, string Peer, string Asset, string Balance);

/// <summary>The files that a run leaves beside the data folders.</summary>
internal static class Records
{
    public const string CallsFile = "calls.jsonl";
    public const string BalancesFile = "balances.json";

    public static void WriteCalls(string folder, IEnumerable<Call> calls) =>
        File.WriteAllLines(Path.Combine(folder, CallsFile), calls.Select(call => JsonSerializer.Serialize(call)));

    public static void WriteBalances(string folder, IEnumerable<SaidBalance> balances) =>
        File.WriteAllText(Path.Combine(folder, BalancesFile), JsonSerializer.Serialize(balances));

    /// <summary>What callers know, or null when the folder does not tell.</summary>
    public static List<Call>? ReadCalls(string folder)
    {
        var file = Path.Combine(folder, CallsFile);
        return File.Exists(file)
            ? [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Call>(line)!)]
            : null;
    }

    public static List<SaidBalance>? ReadBalances(string folder)
    {
        var file = Path.Combine(folder, BalancesFile);
        return File.Exists(file) ? JsonSerializer.Deserialize<List<SaidBalance>>(File.ReadAllText(file)) : null;
    }
}
