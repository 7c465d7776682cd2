using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tallystick.Bench.Results;

/// <summary>The last figures of every scenario, in a file that belongs to the project.</summary>
internal static class FiguresFile
{
    private static readonly FiguresJson Json = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        IndentSize = 1,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private static string Path => System.IO.Path.Combine(Repository.Root, "bench", "figures.json");

    /// <summary>Every scenario that was saved, in the order in which they are shown.</summary>
    public static IReadOnlyList<Section> Load() =>
        File.Exists(Path) ? JsonSerializer.Deserialize(File.ReadAllText(Path), Json.IReadOnlyListSection)! : [];

    /// <summary>Takes in new figures in place of older ones of the same scenario.</summary>
    public static void Save(Section section)
    {
        Section[] all = [.. Load().Where(other => other.Scenario != section.Scenario), Rounded(section)];
        File.WriteAllText(Path, JsonSerializer.Serialize<IReadOnlyList<Section>>(
            [.. all.OrderBy(one => one.Scenario, StringComparer.Ordinal)], Json.IReadOnlyListSection) + "\n");
    }

    // Digits that mean nothing would only make changes hard to read.
    private static Section Rounded(Section section) => section with
    {
        Rows = [.. section.Rows.Select(row => row with
        {
            PerSecond = Math.Round(row.PerSecond),
            Lowest = Round(row.Lowest, 0),
            Highest = Round(row.Highest, 0),
            P50Ms = Round(row.P50Ms, 2),
            P99Ms = Round(row.P99Ms, 2),
            OfLimit = Round(row.OfLimit, 3),
            PayerMicroseconds = Round(row.PayerMicroseconds, 1),
            PeerMicroseconds = Round(row.PeerMicroseconds, 1),
        })],
    };

    private static double? Round(double? value, int digits) => value is { } known ? Math.Round(known, digits) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<Section>))]
internal sealed partial class FiguresJson : JsonSerializerContext;
