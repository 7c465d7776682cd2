using System.Diagnostics;
using System.Globalization;
using Tallystick.Simulation.Faults;

namespace Tallystick.Simulation.Runs;

/// <summary>What the program is asked to do.</summary>
internal static class CommandLine
{
    private const string Help = """
        Simulates whole worlds of nodes, decided by seeds, and checks after every step what must always hold.

          --seed N       plays one seed; if something does not hold, shrinks it to a short scenario
          --seeds N      plays N seeds
          --from M       the first of them (0)
          --minutes N    plays new seeds for so long
          --hours N      the same in hours
          --years N      until so many node-years were simulated, if that is sooner
          --workers N    on so many threads (all cores)
          --random       begins at a seed that the clock decides, and prints it
          --faults N     tests the simulator: plants faults and looks which of N seeds finds each
          --only TEXT    only faults whose name contains it
        """;

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        if (!TryRead(args, out var options))
        {
            await output.WriteLineAsync(Help);
            return 2;
        }
        if (options.Faults is { } most)
        {
            var hunt = new FaultHunt(most, options.Workers, options.Only);
            return await hunt.RunAsync(output) >= hunt.MustBeFound ? 0 : 1;
        }
        if (options.Seed is { } seed)
            return await OneSeed.PlayAsync(seed, output);
        var soak = new Soak(options.From, options.Seeds, options.Years, options.Time, options.Workers);
        return await soak.RunAsync(output) ? 0 : 1;
    }

    private static bool TryRead(string[] args, out Options options)
    {
        options = new Options(null, null, 0, null, null, null, Environment.ProcessorCount, null);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--random")
            {
                options = options with { From = (int)(Stopwatch.GetTimestamp() & 0x3fff_ffff) };
                continue;
            }
            if (args[i] == "--only" && i + 1 < args.Length)
            {
                options = options with { Only = args[++i] };
                continue;
            }
            if (i + 1 == args.Length
                || !double.TryParse(args[++i], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                || number < 0)
            {
                return false;
            }
            switch (args[i - 1])
            {
                case "--seed":
                    options = options with { Seed = (int)number };
                    break;
                case "--seeds":
                    options = options with { Seeds = (int)number };
                    break;
                case "--faults":
                    options = options with { Faults = (int)number };
                    break;
                case "--from":
                    options = options with { From = (int)number };
                    break;
                case "--minutes":
                    options = options with { Time = TimeSpan.FromMinutes(number) };
                    break;
                case "--hours":
                    options = options with { Time = TimeSpan.FromHours(number) };
                    break;
                case "--years":
                    options = options with { Years = number };
                    break;
                case "--workers":
                    options = options with { Workers = Math.Max(1, (int)number) };
                    break;
                default:
                    return false;
            }
        }
        return options is not { Seed: null, Faults: null, Seeds: null, Years: null, Time: null };
    }

    private sealed record Options(
        int? Seed, int? Faults, int From, int? Seeds, double? Years, TimeSpan? Time, int Workers,
        string? Only);
}
