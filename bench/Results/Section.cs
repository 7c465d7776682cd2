namespace Tallystick.Bench.Results;

/// <summary>Something that was measured and is no rate of payments.</summary>
internal sealed record Fact(string Name, string Value);

/// <summary>What one scenario gave in one run.</summary>
/// <param name="Scenario">Which one.</param>
/// <param name="Conditions">When, on what and how it was taken, in words.</param>
/// <param name="Compared">What a row's rate is a share of, as the head of a column.</param>
/// <param name="Rows">Rates of payments.</param>
/// <param name="Facts">Whatever else.</param>
internal sealed record Section(
    string Scenario, string Conditions, string Compared, IReadOnlyList<Row> Rows, IReadOnlyList<Fact> Facts);
