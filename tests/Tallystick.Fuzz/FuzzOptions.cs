using System.Globalization;

namespace Tallystick.Fuzz;

/// <summary>What the program is asked to do.</summary>
/// <param name="Time">For how long to look.</param>
/// <param name="Seed">Decides every input.</param>
/// <param name="Target">The only target; null for all.</param>
/// <param name="Keep">The folder into which inputs with a new outcome go; null for none.</param>
/// <param name="Replay">One input for the target, instead of looking.</param>
internal sealed record FuzzOptions(TimeSpan Time, int Seed, string? Target, string? Keep, byte[]? Replay)
{
    public const string Help = """
        Gives the codecs, the rules, the loop, the commands and the API hostile inputs; whatever is no refusal is found.

          --seconds N            for so long (60)
          --hours N              the same in hours
          --seed N               decides every input (random, and printed)
          --target NAME          only line, page, hello, greeting, fault, frame, relay, dns, judgement, loop, command
                                 or api
          --keep FOLDER          keeps the inputs that had a new outcome, in the form of the corpus
          --replay TARGET HEX    gives one input and prints what comes out
        """;

    private static readonly string[] Targets =
        ["line", "page", "hello", "greeting", "fault", "frame", "relay", "dns", "judgement", "loop", "command", "api"];

    /// <summary>Reads the options; null when they are not understood.</summary>
    public static FuzzOptions? Read(string[] args)
    {
        var options = new FuzzOptions(TimeSpan.FromSeconds(60), Random.Shared.Next(), null, null, null);
        try
        {
            for (var i = 0; i < args.Length; i++)
            {
                options = args[i] switch
                {
                    "--seconds" => options with { Time = TimeSpan.FromSeconds(Number(args[++i])) },
                    "--hours" => options with { Time = TimeSpan.FromHours(Number(args[++i])) },
                    "--seed" => options with { Seed = Number(args[++i]) },
                    "--target" => options with { Target = args[++i] },
                    "--keep" => options with { Keep = args[++i] },
                    "--replay" => options with { Target = args[++i], Replay = Convert.FromHexString(args[++i]) },
                    _ => throw new FormatException(),
                };
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException
            or ArgumentOutOfRangeException)
        {
            return null;
        }
        return options.Target is null || Targets.Contains(options.Target) ? options : null;
    }

    /// <summary>Whether a target takes part.</summary>
    public bool Needs(string target) => Target is null || Target == target;

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
