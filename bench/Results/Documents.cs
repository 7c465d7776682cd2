using System.Text;

namespace Tallystick.Bench.Results;

/// <summary>
/// Writes the tables and the chart of the documents from the saved figures, so that they never say anything else.
/// </summary>
internal static class Documents
{
    private const string Ends = "<!-- end of figures -->";

    private static string Readme => Path.Combine(Repository.Root, "bench", "README.md");

    private static string Drawing => Path.Combine(Repository.Root, "docs", "performance.svg");

    /// <summary>Writes them.</summary>
    public static int Write()
    {
        var sections = FiguresFile.Load();
        File.WriteAllText(Readme, WithTables(File.ReadAllText(Readme), sections));
        File.WriteAllText(Drawing, Chart.Draw(sections));
        return 0;
    }

    /// <summary>Says whether they are as the figures would make them: 0 if so.</summary>
    public static int Check()
    {
        var sections = FiguresFile.Load();
        var said = File.ReadAllText(Readme);
        if (said == WithTables(said, sections) && File.ReadAllText(Drawing) == Chart.Draw(sections))
            return 0;
        Console.Error.WriteLine("The documents differ from bench/figures.json; run: bench -- docs");
        return 1;
    }

    private static string WithTables(string text, IReadOnlyList<Section> sections)
    {
        foreach (var section in sections)
        {
            var begins = $"<!-- figures: {section.Scenario} -->";
            var from = text.IndexOf(begins, StringComparison.Ordinal) + begins.Length;
            var to = from < begins.Length ? -1 : text.IndexOf(Ends, from, StringComparison.Ordinal);
            if (to < 0)
                throw new InvalidOperationException($"{Readme} has no place for {section.Scenario}: {begins} {Ends}");
            text = $"{text[..from]}\n{TableOf(section)}{text[to..]}";
        }
        return text;
    }

    private static string TableOf(Section section)
    {
        var table = new StringBuilder();
        table.Append($"{section.Conditions}\n\n");
        if (section.Rows.Count > 0)
        {
            table.Append(
                $"| | Payments/s | Lowest, highest | p50 ms | p99 ms | {section.Compared} | CPU us: payer, peer |\n");
            table.Append("| --- | --- | --- | --- | --- | --- | --- |\n");
            foreach (var row in section.Rows)
                table.Append(LineOf(row));
            table.Append('\n');
        }
        if (section.Facts.Count > 0)
        {
            table.Append("| | |\n| --- | --- |\n");
            foreach (var fact in section.Facts)
                table.Append($"| {fact.Name} | {fact.Value} |\n");
            table.Append('\n');
        }
        return table.ToString();
    }

    private static string LineOf(Row row) =>
        $"| {row.Name} | {row.PerSecond:N0} | {Both(row.Lowest, row.Highest, "N0")} | {row.P50Ms:0.00} "
            + $"| {row.P99Ms:0.00} | {row.OfLimit:P0} | {Both(row.PayerMicroseconds, row.PeerMicroseconds, "0.0")} |\n";

    private static string Both(double? one, double? other, string format) => one is null || other is null
        ? string.Empty
        : $"{one.Value.ToString(format)}, {other.Value.ToString(format)}";
}
