using System.Globalization;
using Tallystick.Exhaustive;

// The options of this program begin with two dashes, those of the test runner with one.
if (args.Length == 0 || !args[0].StartsWith("--", StringComparison.Ordinal))
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);

var options = new Dictionary<string, int>(StringComparer.Ordinal)
{
    ["--pages"] = 4,
    ["--lines"] = 4,
    ["--workers"] = Environment.ProcessorCount,
    ["--sample"] = 16,
    ["--reduced"] = 1,
};
for (var i = 0; i < args.Length; i += 2)
{
    if (!options.ContainsKey(args[i]) || i + 1 == args.Length
        || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
    {
        Console.Error.WriteLine($"The options are {string.Join(", ", options.Keys)}, each with a number.");
        return 2;
    }
    options[args[i]] = value;
}

var exploration = new Exploration(new Software(), new Bounds(options["--pages"], options["--lines"])
{
    Workers = options["--workers"],
    SampleEvery = options["--sample"],
    IsReduced = options["--reduced"] != 0,
});
using var progress = new Timer(
    _ => Console.WriteLine($"... {exploration.Progress.Done:N0} of {exploration.Progress.Total:N0} parts"),
    null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
var findings = exploration.Run();
Console.Write(Summary.Of(findings, options["--pages"], options["--lines"]));
return findings.Violations.Count == 0 && Summary.KindsNeverValid(findings).Count == 0 ? 0 : 1;
