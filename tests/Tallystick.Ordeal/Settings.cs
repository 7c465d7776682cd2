using System.Globalization;
using Tallystick.Processes.Programs;

namespace Tallystick.Ordeal;

/// <summary>How a run is to be.</summary>
internal sealed record Settings
{
    public int Seed { get; init; } = Environment.TickCount & 0xfffff;

    /// <summary>At least so many kills; 0 for a few seconds without any trouble.</summary>
    public int Kills { get; init; } = 50;

    /// <summary>The folder of the built program.</summary>
    public required string Program { get; init; }

    /// <summary>The folder of an older build, which two of the nodes run for the first half; or null.</summary>
    public string? Previous { get; init; }

    /// <summary>Keep the books of a run that went well.</summary>
    public bool Keep { get; init; }

    /// <summary>Check the checker with tampered copies of the books.</summary>
    public bool SelfTest { get; init; }

    public static Settings? Read(string[] words, string program)
    {
        var settings = new Settings { Program = program };
        for (var i = 0; i < words.Length; i++)
        {
            var value = i + 1 < words.Length ? words[i + 1] : string.Empty;
            switch (words[i])
            {
                case "--keep":
                    settings = settings with { Keep = true };
                    continue;
                case "--self-test":
                    settings = settings with { SelfTest = true };
                    continue;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    settings = settings with { Seed = seed };
                    break;
                case "--kills" when int.TryParse(value, CultureInfo.InvariantCulture, out var kills):
                    settings = settings with { Kills = kills };
                    break;
                case "--program" when IsProgram(value):
                    settings = settings with { Program = value };
                    break;
                case "--previous" when IsProgram(value):
                    settings = settings with { Previous = value };
                    break;
                default:
                    return null;
            }
            i++;
        }
        return settings;
    }

    private static bool IsProgram(string folder) => BuiltProgram.In(folder) is not null;
}
