using System.Text.Json;

namespace Tallystick.Fuzz.Inputs;

/// <summary>The inputs of the repository: the vectors, and what earlier runs found interesting.</summary>
internal static class Corpus
{
    // A corpus is read by people too: the shortest inputs, and not many of them.
    private const int MaxStoredBytes = 1024;
    private const int MaxStored = 64;

    /// <summary>The bytes of the vectors in a file, of one record if it names them.</summary>
    public static IEnumerable<byte[]> Vectors(string file, string? record = null)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", file)));
        foreach (var vector in json.RootElement.EnumerateArray())
        {
            var named = vector.TryGetProperty("record", out var kind) ? kind.GetString() : null;
            if ((record is null || named is null || named == record) && vector.TryGetProperty("bytes", out var bytes))
                yield return Convert.FromHexString(bytes.GetString()!);
        }
    }

    /// <summary>What is stored for a target: one input in hexadecimal on each line.</summary>
    public static IEnumerable<byte[]> Stored(string target)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "corpus", $"{target}.hex");
        return File.Exists(file) ? File.ReadLines(file).Select(Convert.FromHexString) : [];
    }

    /// <summary>Adds what is short to the target's file in a folder.</summary>
    /// <param name="folder">The corpus of the repository.</param>
    /// <param name="target">The target's name.</param>
    /// <param name="inputs">What a run has kept.</param>
    public static void Store(string folder, string target, IEnumerable<byte[]> inputs)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{target}.hex");
        var before = File.Exists(file) ? File.ReadAllLines(file) : [];
        var now = inputs.Where(input => input.Length <= MaxStoredBytes).Select(Convert.ToHexStringLower);
        var all = before.Union(now).OrderBy(line => line.Length).ThenBy(line => line, StringComparer.Ordinal);
        File.WriteAllLines(file, all.Take(MaxStored));
    }
}
