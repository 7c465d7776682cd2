using Tallystick.Bench;
using Tallystick.Bench.Limit;
using Tallystick.Bench.Others;
using Tallystick.Bench.Siege;

// One command prints one table. The second process is this program again, as the peer that is paid.
return args switch
{
    ["peer", var address] => await PaidPeer.RunAsync(address),
    ["open", var folder] => await OpenedBook.RunAsync(folder),
    ["limit-peer"] => await LimitRun.BePaidAsync(),
    ["counter-peer"] => await PlainCounter.CountAsync(),
    [] => await Comparison.RunAsync(seconds: 5, bookSize: 1_000_000),
    ["--short"] => await Comparison.RunAsync(seconds: 0.5, bookSize: 50_000),
    ["siege", .. var how] => await SiegeRun.RunAsync(how.Contains("--short") ? 3 : 10, how.Contains("--nice")),
    ["attack", var kind, var target, var from] => await Attack.RunAsync(kind, target, from),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project bench [-- [siege [--nice]] [--short]]");
    return 2;
}
