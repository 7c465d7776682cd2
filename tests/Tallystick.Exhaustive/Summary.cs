using System.Globalization;
using System.Text;
using Tallystick.Core.Pages;

namespace Tallystick.Exhaustive;

/// <summary>What an exploration has found, for people.</summary>
internal static class Summary
{
    public static string Of(Findings findings, int pages, int lines)
    {
        var tally = findings.Tally;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            Every pair of chains with up to {pages} pages and {lines} lines over both, beyond the opening pages
            {tally.States,15:N0} pairs of chains
            {tally.Transitions,15:N0} folds made, on every merge order
            {tally.Views,15:N0} views in which every line was offered
            {tally.Judged,15:N0} lines judged by author, receiver and third party
            {tally.AskedOracle,15:N0} of them judged by the oracle too
            {findings.Took.TotalSeconds,15:N1} seconds
            """);
        foreach (var group in tally.Verdicts.GroupBy(entry => entry.Key.Verdict).OrderBy(group => group.Key))
        {
            var kinds = group.OrderBy(entry => entry.Key.Kind)
                .Select(entry => string.Create(
                    CultureInfo.InvariantCulture, $"{NameOf(entry.Key.Kind)} {entry.Value:N0}"));
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{group.Sum(entry => entry.Value),15:N0} {group.Key}: {string.Join(", ", kinds)}");
        }
        foreach (var kind in KindsNeverValid(findings))
            text.AppendLine(CultureInfo.InvariantCulture, $"No valid line of kind {kind} was offered.");
        foreach (var violation in findings.Violations)
            text.AppendLine(CultureInfo.InvariantCulture, $"VIOLATION of {violation.Law}: {violation.Text}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{findings.Violations.Count} violations");
        return text.ToString();
    }

    /// <summary>Kinds that the alphabet has forgotten: an exploration without them proves less than it says.</summary>
    public static IReadOnlyList<LineKind> KindsNeverValid(Findings findings) =>
        [.. Enum.GetValues<LineKind>().Where(kind => !findings.Tally.Verdicts.ContainsKey(((int)kind, "valid")))];

    private static string NameOf(int kind) =>
        kind == 0 ? "receipt" : Enum.IsDefined((LineKind)kind) ? ((LineKind)kind).ToString() : $"kind {kind}";
}
