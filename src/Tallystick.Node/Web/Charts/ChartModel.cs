using System.Globalization;
using System.Text;
using Tallystick.Core.Money;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Charts;

/// <summary>A balance over time, as a drawing of 600 by 200 and as the rows of a table.</summary>
/// <param name="Line">The path of the line.</param>
/// <param name="Area">The path of what lies between the line and zero.</param>
/// <param name="Ticks">Levels with their labels, highest first, at equal distances.</param>
/// <param name="Rows">What the line shows, newest first; moments at which nothing changed are left out.</param>
/// <param name="Summary">One sentence for those who do not see the drawing.</param>
public sealed record ChartModel(
    string Line,
    string Area,
    IReadOnlyList<ChartTick> Ticks,
    IReadOnlyList<ChartRow> Rows,
    string From,
    string Summary)
{
    public const int Width = 600;
    public const int Height = 200;
    private const int MostTicks = 5;

    internal static ChartModel Of(IReadOnlyList<BalancePoint> points, Asset asset)
    {
        var step = StepFor(points, asset);
        // Never an empty range: a flat line at zero lies in the middle.
        var top = Math.Max(Math.Ceiling(points.Max(point => (double)point.Units) / step), 1) * step;
        var bottom = Math.Min(Math.Floor(points.Min(point => (double)point.Units) / step), 0) * step;
        var start = points[0].Time;
        var span = Math.Max(1, (points[^1].Time - start).TotalMilliseconds);

        var line = new StringBuilder();
        for (var i = 0; i < points.Count; i++)
        {
            var x = Number((points[i].Time - start).TotalMilliseconds / span * Width);
            var y = Number(Y(points[i].Units));
            // A balance stands until the next payment: steps, not slopes.
            line.Append(i == 0 ? $"M{x} {y}" : $"H{x}V{y}");
        }
        var zero = Number(Y(0));
        return new ChartModel(
            line.ToString(),
            $"{line}V{zero}H0Z",
            [.. TickLevels(top, bottom, step).Select(level => Tick(level, Number(Y(level)), asset))],
            RowsOf(points, asset),
            Text(start),
            $"From {Text(start)} until now: {Say.Signed(points[0].Units, asset)} at first, "
                + $"{Say.Signed(points.Max(point => point.Units), asset)} at most, "
                + $"{Say.Signed(points.Min(point => point.Units), asset)} at least, "
                + $"{Say.Signed(points[^1].Units, asset)} now.");

        double Y(double units) => (top - units) / (top - bottom) * Height;
    }

    private static IEnumerable<double> TickLevels(double top, double bottom, double step)
    {
        for (var level = top; level > bottom - step / 2; level -= step)
            yield return level;
    }

    private static ChartTick Tick(double level, string y, Asset asset)
    {
        var text = Say.Signed((long)level, asset);
        // Whole numbers need no decimals.
        if (text.Contains('.', StringComparison.Ordinal))
            text = text.TrimEnd('0').TrimEnd('.');
        return new ChartTick(text, y, level == 0);
    }

    /// <summary>1, 2 or 5 with zeros, such that a handful of steps reach from the lowest to the highest.</summary>
    private static double StepFor(IReadOnlyList<BalancePoint> points, Asset asset)
    {
        var range = (double)Math.Max(0, points.Max(point => point.Units)) - Math.Min(0, points.Min(p => p.Units));
        var least = range == 0 ? Math.Pow(10, asset.Scale) : range / (MostTicks - 2);
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        var digit = (least / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return Math.Max(1, digit * power);
    }

    private static List<ChartRow> RowsOf(IReadOnlyList<BalancePoint> points, Asset asset)
    {
        var rows = new List<ChartRow>();
        for (var i = points.Count - 1; i >= 0; i--)
        {
            if (i == 0 || i == points.Count - 1 || points[i].Units != points[i - 1].Units)
                rows.Add(new ChartRow(Text(points[i].Time), Say.Signed(points[i].Units, asset)));
        }
        return rows;
    }

    private static string Text(DateTimeOffset time) => Moment.Text(time);

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>A level of the drawing.</summary>
public sealed record ChartTick(string Label, string Y, bool IsZero);

/// <summary>A row of the table.</summary>
public sealed record ChartRow(string Time, string Balance);
