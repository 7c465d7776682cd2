namespace Tallystick.Bench.Results;

/// <summary>One line of a table of payments.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="PerSecond">Payments a second; the median where there were several rounds.</param>
internal sealed record Row(string Name, double PerSecond)
{
    /// <summary>Of all rounds, payments a second; null when there was one round.</summary>
    public double? Lowest { get; init; }

    /// <inheritdoc cref="Lowest"/>
    public double? Highest { get; init; }

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }

    /// <summary>The rate as a share of the row that it is compared with, or null.</summary>
    public double? OfLimit { get; init; }

    /// <summary>Processor time of the payer's process for each payment, the load included.</summary>
    public double? PayerMicroseconds { get; init; }

    /// <summary>Processor time of the other process for each payment.</summary>
    public double? PeerMicroseconds { get; init; }

    /// <summary>The medians of several rounds.</summary>
    public static Row Of(IReadOnlyList<Figures> rounds, IReadOnlyList<Figures>? limit = null)
    {
        var rate = Median(rounds.Select(round => round.PerSecond));
        return new Row(rounds[0].Name, rate)
        {
            Lowest = rounds.Count > 1 ? rounds.Min(round => round.PerSecond) : null,
            Highest = rounds.Count > 1 ? rounds.Max(round => round.PerSecond) : null,
            P50Ms = Known(Median(rounds.Select(round => round.P50Ms))),
            P99Ms = Known(Median(rounds.Select(round => round.P99Ms))),
            OfLimit = limit is null ? null : rate / Median(limit.Select(round => round.PerSecond)),
            PayerMicroseconds = MedianOrNull(rounds.Select(round => round.PayerMicroseconds)),
            PeerMicroseconds = MedianOrNull(rounds.Select(round => round.PeerMicroseconds)),
        };
    }

    /// <summary>The middle of the values, the upper one of two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static double? MedianOrNull(IEnumerable<double?> values) =>
        values.OfType<double>().ToArray() is { Length: > 0 } known ? Median(known) : null;

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
