using System.Globalization;
using Tallystick.Bench;
using Tallystick.Bench.Http;
using Tallystick.Bench.Hub;
using Tallystick.Bench.Limit;
using Tallystick.Bench.Live;
using Tallystick.Bench.Others;
using Tallystick.Bench.Relays;
using Tallystick.Bench.Results;
using Tallystick.Bench.Scenarios;
using Tallystick.Bench.Siege;

const string Usage =
    """
    Usage: dotnet run -c Release --project bench -- [SCENARIO] [--short] [--save]
      (none)      compare, tabs and start, in about seven minutes
      compare     a node beside what the machine can do, and beside others
      tabs        the same load on one tab and on a hundred
      load TABS IN-FLIGHT SECONDS   one load, for a profiler
      calls       payments over HTTP, one or many in a call
      calls CONNECTIONS [EACH] SECONDS   single ones alone, for a profiler; EACH (1 to 100) at once by HTTP/2
      sustained   a minute of payments with p99 below 50 ms
      hub         one node with a thousand peers
      idle [N]    the same, or with N peers, without payments: the memory of each
      relay       a link through a relay beside a direct one, and a thousand idle nodes at a relay
      age [N [FOLDER]]   a young book beside one of N payments (10 million), kept in FOLDER
      start       how soon a node and a single command are there
      settle      settlements over two nodes, and in rooms
      sockets     a thousand open event sockets, and as many open pages
      siege [--nice]     strangers against payments
      docs [--check]     writes tables and chart of the documents from the saved figures
    --short takes less time and says less; --save keeps the figures, and writes the documents.
    """;

var isShort = args.Contains("--short");
var rounds = isShort ? 1 : 3;
var seconds = isShort ? 0.5 : 5;
string[] words = [.. args.Where(word => word is not ("--short" or "--save"))];

// The other processes of a scenario are this program again.
switch (words)
{
    case ["peer", var address, var tabs]:
        return await PaidPeer.RunAsync(address, int.Parse(tabs), folder: null);
    case ["peer", var address, var tabs, var folder]:
        return await PaidPeer.RunAsync(address, int.Parse(tabs), folder);
    case ["relayed-peer", var address, var tabs, var relay]:
        return await PaidPeer.RunAsync(address, int.Parse(tabs), folder: null, relay);
    case ["relay-node"]:
        return await RelayNode.RunAsync();
    case ["open", var folder]:
        return await OpenedBook.RunAsync(folder);
    case ["answering-peer", var address]:
        return await AnsweringPeer.RunAsync(address);
    case ["callers", var target, var token, var connections, var batch, var onEach, var time]:
        return HttpCallers.Run(
            target,
            token,
            CallWay.Parse(connections, batch, onEach),
            double.Parse(time, CultureInfo.InvariantCulture));
    case ["hub-node"]:
        return await HubNode.RunAsync();
    case ["limit-peer"]:
        return await LimitRun.BePaidAsync();
    case ["counter-peer"]:
        return await PlainCounter.CountAsync();
    case ["attack", var kind, var target, var from]:
        return await Attack.RunAsync(kind, target, from);
    case ["siege", .. var how]:
        return await SiegeRun.RunAsync(isShort ? 3 : 10, how.Contains("--nice"));
    case ["help"]:
        Console.WriteLine(Usage);
        return 0;
    case ["docs"]:
        return Documents.Write();
    case ["docs", "--check"]:
        return Documents.Check();
}

Func<Task<Section>>[] scenarios = words switch
{
    [] when isShort => [Compare],
    [] => [Compare, () => Tabs.RunAsync(rounds, 3), () => Start.RunAsync(5)],
    ["compare"] => [Compare],
    ["tabs"] => [() => Tabs.RunAsync(rounds, isShort ? 1 : 3)],
    ["load", var tabs, var inFlight, var time] =>
        [() => Loaded.RunAsync(int.Parse(tabs), int.Parse(inFlight), double.Parse(time))],
    ["calls"] => [() => Calls.RunAsync(rounds, isShort ? 1 : 3)],
    ["calls", var connections, var time] =>
        [() => Calls.RunSinglesAsync(new CallWay(int.Parse(connections)), double.Parse(time))],
    ["calls", var connections, var onEach, var time] when int.Parse(onEach) is >= 1 and <= 100 =>
        [() => Calls.RunSinglesAsync(CallWay.Parse(connections, "1", onEach), double.Parse(time))],
    ["sustained"] => [() => Sustained.RunAsync(isShort ? 3 : 60)],
    ["hub"] => [() => HubRun.RunAsync(isShort ? 200 : 1_000, isShort ? 2 : 5)],
    ["idle"] => [() => HubRun.RunAsync(isShort ? 200 : 1_000, seconds: null)],
    ["idle", var peers] when int.TryParse(peers, out var count) && count > HubRun.First =>
        [() => HubRun.RunAsync(count, seconds: null)],
    ["relay"] => [() => RelayRun.RunAsync(isShort ? 200 : 1_000, rounds, isShort ? 0.5 : 4)],
    ["age", .. var how] when how.Length <= 2 && long.TryParse(how.FirstOrDefault("10000000"), out var payments) =>
        [() => Age.RunAsync(payments, how.ElementAtOrDefault(1), rounds, isShort ? 1 : 3)],
    ["settle"] => [() => Settling.RunAsync(seconds)],
    ["sockets"] => [() => Sockets.RunAsync(isShort ? 100 : 1_000)],
    ["start"] => [() => Start.RunAsync(isShort ? 3 : 5)],
    _ => [],
};
if (scenarios.Length == 0)
{
    Console.Error.WriteLine(Usage);
    return 2;
}
foreach (var scenario in scenarios)
{
    var section = await scenario();
    Console.WriteLine();
    if (args.Contains("--save"))
        FiguresFile.Save(section);
}
return args.Contains("--save") ? Documents.Write() : 0;

Task<Section> Compare() => Comparison.RunAsync(rounds, seconds);
