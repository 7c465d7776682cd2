using System.Globalization;
using Tallystick.Fuzz;
using Tallystick.Fuzz.Inputs;
using Tallystick.Fuzz.Targets;

// The options of this program begin with two dashes, those of the test runner with one.
if (args.Length == 0 || !args[0].StartsWith("--", StringComparison.Ordinal))
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);

var seconds = Number("--seconds") ?? 60;
var seed = Number("--seed") ?? Random.Shared.Next();
var only = Text("--target");
var keep = Text("--keep");
var needsApi = only is null or "api" && !(args[0] == "--replay" && args.ElementAtOrDefault(1) != "api");

var api = needsApi ? await ApiTarget.StartAsync(CancellationToken.None) : null;
try
{
    Target[] targets =
    [
        CodecTarget.Line(), CodecTarget.Page(), CodecTarget.Hello(), CodecTarget.Greeting(), CodecTarget.Fault(),
        new FrameTarget(), new JudgementTarget(), new TabLoopTarget(), new CommandTarget(),
        .. api is null ? Array.Empty<Target>() : [api],
    ];
    if (args is ["--replay", var name, var hex])
    {
        Console.WriteLine(targets.Single(target => target.Name == name).Run(Convert.FromHexString(hex)));
        return 0;
    }
    var fuzzers = targets.Where(target => only is null || target.Name == only)
        .Select((target, i) => new Fuzzer(target, seed + i)).ToList();
    Console.WriteLine($"Seed {seed}; targets: {string.Join(", ", fuzzers.Select(fuzzer => fuzzer.Target))}");
    var campaign = new Campaign(fuzzers, TimeSpan.FromSeconds(seconds));
    campaign.Run(Environment.ProcessorCount);
    if (keep is not null)
    {
        foreach (var course in campaign.Courses)
            Corpus.Store(keep, course.Target, course.Found);
    }
    Console.Write(campaign.Report());
    return campaign.Crashes.Count == 0 ? 0 : 1;
}
finally
{
    if (api is not null)
        await api.DisposeAsync();
}

string? Text(string option) => Array.IndexOf(args, option) is var at and >= 0 ? args.ElementAtOrDefault(at + 1) : null;

int? Number(string option) =>
    int.TryParse(Text(option), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
