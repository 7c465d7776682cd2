using System.Globalization;
using Tallystick.Cli.Sentences;

namespace Tallystick.Cli.Demo;

/// <summary>The nodes of a crowd, one row each: drawn over itself on a terminal, once at the end in a pipe.</summary>
internal sealed class CrowdTable(IReadOnlyList<CrowdNode> nodes, TextWriter screen, bool isLive)
{
    private bool isDrawn;

    /// <summary>Draws what the nodes answer now.</summary>
    public async Task DrawAsync(bool last, CancellationToken stop)
    {
        if (!isLive && !last)
            return;
        var rows = await Task.WhenAll(nodes.Select(node => RowAsync(node, stop)));
        // Back to the first row of the last drawing; every row is as wide as before.
        if (isDrawn)
            screen.Write($"\e[{rows.Length + 1}A");
        screen.WriteLine(Row("node", "connected", "delivered", "balance"));
        foreach (var row in rows)
            screen.WriteLine(row);
        isDrawn = isLive;
    }

    private async Task<string> RowAsync(CrowdNode node, CancellationToken stop)
    {
        var balances = await node.Client.GetBalancesAsync(peer: null, stop);
        var online = $"{balances.Tabs.Count(tab => tab.Online)} of {nodes.Count - 1}";
        var total = balances.Totals.Count == 0 ? "0" : AnswerSentences.Signed(balances.Totals[0].Balance);
        return Row(node.Name, online, node.Paid.ToString(CultureInfo.InvariantCulture), total);
    }

    private static string Row(string name, string online, string delivered, string balance) =>
        $"  {name,-8} {online,9} {delivered,9} {balance,12}";
}
