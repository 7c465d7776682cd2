using System.Globalization;

namespace Tallystick.Ordeal.Chaos;

/// <summary>Other times for libfaketime, which looks into a file for how far off the clock is to be.</summary>
internal static class Clocks
{
    private const int FarthestSeconds = 400 * 24 * 3600;

    public static string Jump(Random random)
    {
        var seconds = random.Next(3) == 0 ? random.Next(-90, 90) : random.Next(-FarthestSeconds, FarthestSeconds);
        return seconds.ToString("+0;-0", CultureInfo.InvariantCulture);
    }

    /// <summary>The variables that put a process under the clock in the file. Time-outs keep the true one.</summary>
    public static Dictionary<string, string?> Variables(string library, string file) => new(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = library,
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_DISABLE_SHM"] = "1",
    };
}
