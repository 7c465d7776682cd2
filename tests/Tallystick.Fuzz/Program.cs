using Tallystick.Fuzz;
using Tallystick.Fuzz.Inputs;
using Tallystick.Fuzz.Targets;

// The options of this program begin with two dashes, those of the test runner with one.
if (args.Length == 0 || !args[0].StartsWith("--", StringComparison.Ordinal))
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);

if (FuzzOptions.Read(args) is not { } options)
{
    Console.WriteLine(FuzzOptions.Help);
    return 2;
}

var api = options.Needs("api") ? await ApiTarget.StartAsync(CancellationToken.None) : null;
try
{
    Target[] targets =
    [
        CodecTarget.Line(), CodecTarget.Page(), CodecTarget.Hello(), CodecTarget.Greeting(), CodecTarget.Fault(),
        new FrameTarget(), new RelayTarget(), new DnsTarget(),
        new JudgementTarget(), new TabLoopTarget(), new CommandTarget(),
        .. api is null ? Array.Empty<Target>() : [api],
    ];
    if (options.Replay is { } bytes)
    {
        Console.WriteLine(targets.Single(target => target.Name == options.Target).Run(bytes));
        return 0;
    }
    var fuzzers = targets.Where(target => options.Needs(target.Name))
        .Select((target, i) => new Fuzzer(target, options.Seed + i)).ToList();
    Console.WriteLine($"Seed {options.Seed}; targets: {string.Join(", ", fuzzers.Select(fuzzer => fuzzer.Target))}");
    var campaign = new Campaign(fuzzers, options.Time);
    campaign.Run(Environment.ProcessorCount);
    if (options.Keep is { } folder)
    {
        foreach (var course in campaign.Courses)
            Corpus.Store(folder, course.Target, course.Found);
    }
    Console.Write(campaign.Report());
    return campaign.Crashes.Count == 0 ? 0 : 1;
}
finally
{
    if (api is not null)
        await api.DisposeAsync();
}
