using System.Text.RegularExpressions;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Loop;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Plays a file of what two running nodes are asked to do; see vectors/scenarios/README.md.</summary>
internal sealed partial class NodeScenario
{
    private readonly Dictionary<string, LoopDisk> backups = [];
    private readonly Dictionary<string, (Party By, RequestId Id)> wishes = [];
    private readonly Dictionary<Party, int> opened = [];
    private readonly List<BenchLink> left = [];
    private Bench bench = new();

    public void Play(string line)
    {
        var words = line.Split(' ');
        switch (words)
        {
            case ["on", "two", "nodes"] or ["case", ..]:
                bench = new Bench();
                backups.Clear();
                wishes.Clear();
                left.Clear();
                bench.Settle();
                foreach (var node in bench.Both)
                    opened[node.Me] = node.Tab.Disk.Pages[node.Me].Length;
                break;
            case ["settle"]:
                bench.Settle();
                break;
            case ["connect"]:
                left.AddRange(bench.Both.Select(node => node.Current).OfType<BenchLink>().Distinct());
                bench.Connect();
                break;
            case ["cut"]:
                bench.Cut();
                break;
            case ["deliver", var count, "to", var to]:
                Assert.Equal(Count(count), bench.Deliver(Node(to).Current!, Node(to).Me, (int)Count(count)));
                break;
            case ["lose", "frames"]:
                bench.LoseFrames();
                break;
            case ["late", "frames", "reach", var to]:
                Assert.Contains(left, link => bench.Deliver(link, Node(to).Me) > 0);
                break;
            case ["kill", var who]:
                Kill(Node(who));
                break;
            case ["start", var who]:
                Node(who).Start();
                break;
            case ["backup", var who, "as", var name]:
                backups[name] = Node(who).Tab.Disk;
                break;
            case ["restore", var who, "from", var name]:
                Kill(Node(who));
                Node(who).Tab.Disk = name == "nothing" ? LoopDisk.Empty : backups[name];
                Node(who).Start();
                break;
            case [var who, "says", "yes", "to", "a", "reset"]:
                Assert.Null(SayYes(Node(who)));
                break;
            case [var who, "says", "yes", "to", "a", "reset", "->", var why]:
                Assert.Equal(why, SayYes(Node(who))?.Why.Name);
                break;
            case [var who, "forges", ..]:
                Forge(Node(who), line);
                break;
            case ["expect", ..]:
                Expect(words[1..]);
                break;
            default:
                Ask(line);
                break;
        }
    }

    private static Refusal? SayYes(BenchNode node)
    {
        var refusal = node.Tab.ConfirmReset();
        node.Send();
        return refusal;
    }

    private void Kill(BenchNode node)
    {
        if (node.Current is { } link)
            left.Add(link);
        node.Kill();
    }

    private void Ask(string line)
    {
        var match = Asking().Match(line);
        if (!match.Success)
            throw new FormatException("Nothing reads like that.");
        var node = Node(match.Groups["who"].Value);
        var times = match.Groups["times"] is { Success: true } many ? Count(many.Value) : 1;
        for (var i = 0; i < times; i++)
        {
            var lines = Named(match.Groups["lines"].Value).Split(';', StringSplitOptions.TrimEntries);
            var intent = bench.Wish(
                node.Me, [.. lines.Select(text => (Func<RequestId, Line>)(id => LineText.Read(text, id)))]);
            if (match.Groups["name"] is { Success: true } name)
                wishes[name.Value] = (node.Me, intent.RequestId);
            if (match.Groups["state"] is { Success: true } state)
                Assert.Equal(state.Value, StateOf(node, intent.RequestId));
        }
    }

    // A line that was asked for under a name is referred to by that name: where it stands is the nodes' business.
    private string Named(string lines)
    {
        foreach (var (name, (by, id)) in wishes)
        {
            if (bench.Node(by).Tab.Disk.Intents.GetValueOrDefault(id) is IntentDone { FirstLine: var at })
                lines = string.Join(' ', lines.Split(' ').Select(word =>
                    word == name ? $"{at.Page - LineText.OpeningPages}.{at.Line}" : word));
        }
        return lines;
    }

    // A page of the node's key that breaks a rule, put onto its link.
    private void Forge(BenchNode node, string line)
    {
        var link = node.Current ?? throw new FormatException("There is no link.");
        var page = Hostile.Page(node.Tab, Named(line[line.IndexOf('[', StringComparison.Ordinal)..].Trim('[', ']')));
        link.To(node.Me.Other()).Enqueue(new Core.Sync.PageFrame(page));
    }

    private void Expect(string[] words)
    {
        switch (words)
        {
            case ["equal", "halves,", "every", "wish", "done", "once"]:
                bench.AssertEqualAndEveryWishDoneOnce();
                break;
            case ["equal", "halves,", "every", "wish", "ended", "once"]:
                bench.AssertEqualAndEveryWishEndsOnce();
                break;
            case [var who, "in", "era", var era]:
                Assert.Equal(Count(era), Node(who).Tab.State.Era.Number);
                break;
            case [var who, "asks", "for", "a", "reset"]:
                Assert.NotNull(Node(who).Tab.Disk.Snapshot?.Offer);
                break;
            case [var who, "owes", var units]:
                Assert.Equal(LineText.Number(units), Node(who).Tab.State.Mine.DebtOf(Node(who).Me));
                break;
            case [var who, "says", var other, "owes", var units]:
                Assert.Equal(LineText.Number(units), Node(who).Tab.State.Mine.DebtOf(Node(other).Me));
                break;
            case [var who, "holds", var count, "new", "page" or "pages", "of", var author]:
                Assert.Equal(Count(count), Node(who).Tab.Disk.Pages[Node(author).Me].Length - opened[Node(author).Me]);
                break;
            case [var who, "frozen", "by", var why]:
                Assert.Equal(why, Node(who).Tab.State.Freeze?.Fault.Content.Fault.Rejection);
                break;
            case [var who, "not", "frozen"]:
                Assert.Null(Node(who).Tab.State.Freeze);
                break;
            case [var who, "closed", "a", "link", "for", var why]:
                Assert.Contains(Node(who).Closed, close => close.Reason == why);
                break;
            case [var who, "stopped", "by", "self-fork"]:
                Assert.Equal(TabStop.SelfFork, Node(who).Tab.State.Stop);
                break;
            case [var wish, var state]:
                Assert.Equal(state, StateOf(bench.Node(wishes[wish].By), wishes[wish].Id));
                break;
            default:
                throw new FormatException("Nothing can be expected like that.");
        }
    }

    private static string StateOf(BenchNode node, RequestId id) =>
        node.Tab.Disk.Intents.TryGetValue(id, out var state)
            ? state switch
            {
                IntentWaiting => "waiting",
                IntentDone => "done",
                IntentRefused refused => refused.Refusal.Why.Name,
                _ => "cancelled",
            }
            : "unknown";

    private static long Count(string text) => LineText.Number(text);

    private BenchNode Node(string letter) => letter switch
    {
        "A" => bench.A,
        "B" => bench.B,
        _ => throw new FormatException($"'{letter}' is neither A nor B."),
    };

    [GeneratedRegex(
        @"^((?<name>\w+) = )?(?<who>[AB]): (?<lines>[^>]*?)( \((?<times>\d+) times\))?( -> (?<state>[a-z-]+))?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asking();
}
