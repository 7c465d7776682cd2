using System.Globalization;
using Tallystick.Cli.Commands;
using Tallystick.Cli.Shell;
using Tallystick.Client;
using static Tallystick.Cli.Sentences.Harmless;

namespace Tallystick.Cli.Sentences;

/// <summary>
/// The history as an aligned table, or as short pairs of lines where a terminal is too narrow for it.
/// </summary>
internal static class HistoryTable
{
    private const int NarrowestMemo = 8;
    private const string Gap = "  ";

    public static IReadOnlyList<string> Of(HistoryPage page, AnswerStyle style)
    {
        if (page.Entries.Count == 0)
            return ["Nothing has happened yet."];
        var rows = page.Entries.Select(entry => Row(entry, style)).ToList();
        var widths = Enumerable.Range(0, 5).Select(column => rows.Max(row => Cells.Width(row[column]))).ToArray();
        var beforeMemo = widths.Sum() + Gap.Length * widths.Length;
        var room = style.Width is { } width ? width - 1 - beforeMemo : int.MaxValue;
        var longestMemo = rows.Max(row => Cells.Width(row[5]));
        var lines = room >= Math.Min(NarrowestMemo, longestMemo)
            ? rows.Select(row => Aligned(row, widths, room, style.Plain)).ToList()
            : rows.SelectMany(Stacked).ToList();
        if (page.Before is not null)
            lines.Insert(0, style.Plain ? "..." : "…");
        return lines;
    }

    private static string[] Row(HistoryEntry entry, AnswerStyle style)
    {
        var local = TimeZoneInfo.ConvertTime(entry.Time, style.Zone);
        var arrow = (entry.Mine, style.Plain) switch
        {
            (true, true) => "->",
            (true, false) => "→",
            (false, true) => "<-",
            (false, false) => "←",
        };
        var kind = entry switch
        {
            { Kind: "pay" } => string.Empty,
            { IsAsk: true, Kind: "propose" } => " ask",
            { IsAsk: true } => $" {Text(entry.Kind)} ask",
            _ => " " + Text(entry.Kind),
        };
        var memo = entry.Reason is null ? Text(entry.Text) : Text(entry.Text) + " (" + Text(entry.Reason) + ")";
        return
        [
            local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            arrow + " " + Text(entry.Peer) + kind,
            entry.Amount is null ? "none" : entry.Amount + " " + Text(entry.Asset),
            Text(entry.State),
            Text(entry.Id),
            memo.Trim(),
        ];
    }

    private static string Aligned(string[] row, int[] widths, int room, bool plain)
    {
        var memo = Cells.Cut(row[5], room, plain ? "..." : "…");
        return string.Join(
            Gap,
            Cells.PadRight(row[0], widths[0]),
            Cells.PadRight(row[1], widths[1]),
            Cells.PadLeft(row[2], widths[2]),
            Cells.PadRight(row[3], widths[3]),
            Cells.PadRight(row[4], widths[4]),
            memo).TrimEnd();
    }

    private static IEnumerable<string> Stacked(string[] row) =>
        [$"{row[1]} {row[2]}", $"  {row[0]} {row[3]} {row[4]} {row[5]}".TrimEnd()];
}
