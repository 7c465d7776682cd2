namespace Tallystick.Bench.Results;

/// <summary>Prints what a scenario gives as it comes, and gathers it.</summary>
internal sealed class Report
{
    private readonly string scenario;
    private readonly string conditions;
    private readonly string compared;
    private readonly List<Row> rows = [];
    private readonly List<Fact> facts = [];

    /// <param name="scenario">Which one.</param>
    /// <param name="how">How it is measured, one or two sentences.</param>
    /// <param name="compared">What a row's rate is a share of.</param>
    public Report(string scenario, string how, string compared = "Of limit")
    {
        (this.scenario, this.compared) = (scenario, compared);
        conditions =
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Conditions.Said}; "
            + $"flush of 200 bytes to this disk: {Flush.MedianMicroseconds():0} us (median). {how}";
        Console.WriteLine(scenario);
        Console.WriteLine(conditions);
        Console.WriteLine();
    }

    /// <summary>Everything that was added.</summary>
    public Section Section => new(scenario, conditions, compared, rows, facts);

    public void Add(Row row)
    {
        if (rows.Count == 0)
        {
            Console.WriteLine(
                $"{"",-32}{"payments/s",12}{"lowest",10}{"highest",10}{"p50 ms",9}{"p99 ms",9}{compared,14}"
                + $"{"CPU us: payer",15}{"peer",8}");
        }
        rows.Add(row);
        Console.WriteLine(
            $"{row.Name,-32}{row.PerSecond,12:N0}{row.Lowest,10:N0}{row.Highest,10:N0}{row.P50Ms,9:0.00}"
            + $"{row.P99Ms,9:0.00}{row.OfLimit,14:P0}{row.PayerMicroseconds,15:0.0}{row.PeerMicroseconds,8:0.0}");
    }

    public void Add(string name, string value)
    {
        facts.Add(new Fact(name, value));
        Console.WriteLine($"{name}: {value}");
    }
}
