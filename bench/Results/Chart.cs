using System.Text;

namespace Tallystick.Bench.Results;

/// <summary>Rates of payments as bars on a logarithmic scale: an SVG that is readable on light and on dark.</summary>
internal static class Chart
{
    private const int Width = 760;
    private const int Left = 250;
    private const int Right = 90;
    private const int Top = 46;
    private const int BarHeight = 16;
    private const int BarStep = 24;
    private const double LowestPower = 2;

    private const string Style =
        """
        <style>
        text { font: 13px system-ui, sans-serif; fill: #1f2328 }
        .head { font-weight: 600 }
        .grid { stroke: #d1d9e0 }
        .ours { fill: #0969da }
        .other { fill: #8c959f }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .grid { stroke: #3d444d }
        .ours { fill: #4493f8 }
        .other { fill: #7d8590 }
        }
        </style>
        """;

    /// <summary>Draws what was compared in one run; blue bars are nodes of this project, grey ones are not.</summary>
    public static string Draw(IReadOnlyList<Section> sections)
    {
        var rows = sections.FirstOrDefault(section => section.Scenario == "compare")?.Rows ?? [];
        var highestPower = Math.Ceiling(Math.Log10(rows.Select(row => row.PerSecond).Append(1_000).Max()));
        var height = Top + rows.Count * BarStep + 14;
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" role="img">""");
        Add(svg, "<title>Payments per second, by how many are in flight</title>");
        Add(svg, Style);
        Add(svg, """<text class="head" x="8" y="18">Payments per second (each step is ten times as many)</text>""");
        for (var power = LowestPower; power <= highestPower; power++)
        {
            var x = At(Math.Pow(10, power), highestPower);
            Add(svg, $"""<line class="grid" x1="{x:0}" y1="{Top - 6}" x2="{x:0}" y2="{height - 10}"/>""");
            Add(svg, $"""<text x="{x:0}" y="{Top - 10}" text-anchor="middle">{Math.Pow(10, power):N0}</text>""");
        }
        for (var i = 0; i < rows.Count; i++)
            AddBar(svg, rows[i], Top + i * BarStep, highestPower);
        Add(svg, "</svg>");
        return svg.ToString();
    }

    private static void AddBar(StringBuilder svg, Row row, int y, double highestPower)
    {
        var kind = IsOurs(row) ? "ours" : "other";
        var end = At(row.PerSecond, highestPower);
        Add(svg, $"""<text x="8" y="{y + 13}">{row.Name.TrimEnd('*')}</text>""");
        Add(svg, $"""<rect class="{kind}" x="{Left}" y="{y}" width="{end - Left:0}" height="{BarHeight}" rx="2"/>""");
        Add(svg, $"""<text x="{end + 6:0}" y="{y + 13}">{row.PerSecond:N0}</text>""");
    }

    private static bool IsOurs(Row row) =>
        row.Name.StartsWith("Tallystick", StringComparison.Ordinal)
        || row.Name.StartsWith("HTTP", StringComparison.Ordinal);

    private static double At(double perSecond, double highestPower)
    {
        var share = (Math.Log10(perSecond) - LowestPower) / (highestPower - LowestPower);
        return Left + Math.Clamp(share, 0, 1) * (Width - Left - Right);
    }

    private static void Add(StringBuilder svg, string line) => svg.Append(line).Append('\n');
}
