using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tallystick.Core.Money;
using Tallystick.Simulation.People;
using Tallystick.Simulation.Worlds;

namespace Tallystick.Simulation.Runs;

/// <summary>Stories of simulated worlds as text, to be read by people and played again.</summary>
internal static partial class ScenarioText
{
    public static string Write(Replay story, string title)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {title.ReplaceLineEndings(" ")}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"on {story.Plan.Persons} simulated nodes");
        foreach (var (one, other, asset) in story.Plan.Tabs)
        {
            var between = $"{Names.Letter(one)} {Names.Letter(other)}";
            text.AppendLine(CultureInfo.InvariantCulture, $"tab {between} {asset.Code}/{asset.Scale}");
        }
        foreach (var liar in story.Plan.Dishonest.Order())
            text.AppendLine(CultureInfo.InvariantCulture, $"liar {Names.Letter(liar)}");
        if (story.Plan.BytesEvery > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"bytes every {story.Plan.BytesEvery}");
        if (story.AtOnce)
            text.AppendLine("at once");
        var now = 0L;
        foreach (var op in story.Ops)
        {
            if (op.AtMs != now)
                text.AppendLine(CultureInfo.InvariantCulture, $"time {now = op.AtMs}");
            text.AppendLine(Write(op));
        }
        return text.ToString();
    }

    public static Replay Read(IEnumerable<string> lines)
    {
        var (persons, bytes, atOnce, now) = (0, 0, false, 0L);
        var tabs = new List<(int, int, Asset)>();
        var liars = new HashSet<int>();
        var ops = new List<Op>();
        foreach (var raw in lines)
        {
            var line = raw.Split('#')[0].Trim();
            switch (line.Split(' '))
            {
                case [""]:
                    break;
                case ["on", var count, "simulated", "nodes"]:
                    persons = Int(count);
                    break;
                case ["tab", var one, var other, var asset]:
                    tabs.Add((Person(one), Person(other), AssetOf(asset)));
                    break;
                case ["liar", var liar]:
                    liars.Add(Person(liar));
                    break;
                case ["bytes", "every", var every]:
                    bytes = Int(every);
                    break;
                case ["at", "once"]:
                    atOnce = true;
                    break;
                case ["time", var at]:
                    now = long.Parse(at, CultureInfo.InvariantCulture);
                    break;
                default:
                    ops.Add(ReadOp(line) with { AtMs = now });
                    break;
            }
        }
        return new Replay(new WorldPlan(persons, tabs, liars, bytes), ops, atOnce);
    }

    private static string Write(Op op) => op.Kind switch
    {
        OpKind.Ask => $"{Node(op.A)} asks w{op.C} on {op.B}: {(Want)(op.D & 0xff)} {op.D >> 16} "
            + $"pick {(op.D >> 8) & 0xff}",
        OpKind.AskAgain => $"{Node(op.A)} asks again",
        OpKind.Cancel => $"{Node(op.A)} cancels w{op.C}",
        OpKind.Turn => $"{Node(op.A)} turns {op.B}",
        OpKind.Commit => $"{Node(op.A)} commits {(Mishap)op.C} {op.D}",
        OpKind.Dial => $"{Node(op.A)} dials {Node(op.B)} as c{op.C}",
        OpKind.Accept => $"c{op.C} accepted",
        OpKind.Prove => $"c{op.C} proven at {op.A}",
        OpKind.Deliver => $"c{op.C} delivers {op.D} to {op.A}",
        OpKind.Cut => $"c{op.C} cut, noticed by {op.A}",
        OpKind.Stall => $"c{op.C} stalls to {op.A}",
        OpKind.Unstall => $"c{op.C} flows to {op.A}",
        OpKind.LinkTime => $"{Node(op.A)} waits for {Node(op.B)}",
        OpKind.Crash => $"{Node(op.A)} dies, noticed {op.C}",
        OpKind.Start => $"{Node(op.A)} starts",
        OpKind.Backup => $"{Node(op.A)} backs up",
        OpKind.Restore => $"{Node(op.A)} restores, nothing {op.C}, swaps {op.D}",
        OpKind.Jump => $"{Node(op.A)} jumps {op.D}",
        OpKind.Twin => $"{Node(op.A)} twin {op.C}",
        OpKind.Trick => $"{Node(op.A)} lies on {op.B}: {(LiarTrick)op.C} {op.D}",
        OpKind.Reset => $"{Node(op.A)} resets {op.B}",
        OpKind.Rename => $"{Node(op.A)} renames {op.B} to {op.C}",
        _ => throw new InvalidOperationException($"No words for {op.Kind}."),
    };

    private static Op ReadOp(string line) => Words().Replace(line, " ").Split(' ') switch
    {
        [var a, "asks", var wish, "on", var tab, var want, var amount, "pick", var pick] => new Op(
            0, OpKind.Ask, NodeOf(a), Int(tab), Id(wish),
            Wanting.Pack(Enum.Parse<Want>(want), Int(pick), long.Parse(amount, CultureInfo.InvariantCulture))),
        [var a, "asks", "again"] => new Op(0, OpKind.AskAgain, NodeOf(a)),
        [var a, "cancels", var wish] => new Op(0, OpKind.Cancel, NodeOf(a), 0, Id(wish)),
        [var a, "turns", var tab] => new Op(0, OpKind.Turn, NodeOf(a), Int(tab)),
        [var a, "commits", var mishap, var after] => new Op(
            0, OpKind.Commit, NodeOf(a), 0, (int)Enum.Parse<Mishap>(mishap), Int(after)),
        [var a, "dials", var b, "as", var c] => new Op(0, OpKind.Dial, NodeOf(a), NodeOf(b), Id(c)),
        [var c, "accepted"] => new Op(0, OpKind.Accept, 0, 0, Id(c)),
        [var c, "proven", "at", var side] => new Op(0, OpKind.Prove, Int(side), 0, Id(c)),
        [var c, "delivers", var most, "to", var side] => new Op(
            0, OpKind.Deliver, Int(side), 0, Id(c), long.Parse(most, CultureInfo.InvariantCulture)),
        [var c, "cut", "noticed", "by", var who] => new Op(0, OpKind.Cut, Int(who), 0, Id(c)),
        [var c, "stalls", "to", var side] => new Op(0, OpKind.Stall, Int(side), 0, Id(c)),
        [var c, "flows", "to", var side] => new Op(0, OpKind.Unstall, Int(side), 0, Id(c)),
        [var a, "waits", "for", var b] => new Op(0, OpKind.LinkTime, NodeOf(a), NodeOf(b)),
        [var a, "dies", "noticed", var how] => new Op(0, OpKind.Crash, NodeOf(a), 0, Int(how)),
        [var a, "starts"] => new Op(0, OpKind.Start, NodeOf(a)),
        [var a, "backs", "up"] => new Op(0, OpKind.Backup, NodeOf(a)),
        [var a, "restores", "nothing", var how, "swaps", var swaps] => new Op(
            0, OpKind.Restore, NodeOf(a), 0, Int(how), Int(swaps)),
        [var a, "jumps", var ms] => new Op(
            0, OpKind.Jump, NodeOf(a), 0, 0, long.Parse(ms, CultureInfo.InvariantCulture)),
        [var a, "twin", var how] => new Op(0, OpKind.Twin, NodeOf(a), 0, Int(how)),
        [var a, "lies", "on", var tab, var trick, var number] => new Op(
            0, OpKind.Trick, NodeOf(a), Int(tab), (int)Enum.Parse<LiarTrick>(trick), Int(number)),
        [var a, "renames", var peer, "to", var name] => new Op(
            0, OpKind.Rename, NodeOf(a), Int(peer), Int(name)),
        [var a, "resets", var tab] => new Op(0, OpKind.Reset, NodeOf(a), Int(tab)),
        _ => throw new FormatException($"Nothing reads like that: {line}"),
    };

    private static string Node(int index) => index < 26 ? Names.Letter(index) : $"N{index}";

    private static int NodeOf(string name) => name.Length == 1 ? Person(name) : Int(name[1..]);

    private static int Person(string letter) => letter[0] - 'A';

    private static int Id(string name) => Int(name[1..]);

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Asset AssetOf(string text)
    {
        var parts = text.Split('/');
        return Asset.TryCreate(parts[0], Int(parts[1]), out var asset)
            ? asset
            : throw new FormatException($"{text} is no asset.");
    }

    [GeneratedRegex("[:, ]+", RegexOptions.None, 1000)]
    private static partial Regex Words();
}
