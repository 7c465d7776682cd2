using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Commands;

/// <summary>
/// <c>settle [PEER] AMOUNT [ASSET] [by METHOD] [ref TEXT] [from me|from PEER]</c> and what can be said of one:
/// <c>settle list|show|modify|dispute|accept|received|withdraw|save</c>; and <c>ask</c> and <c>split</c>.
/// </summary>
internal static class SettleGrammar
{
    /// <summary>What may stand after settle instead of a peer.</summary>
    public static IReadOnlyList<string> Verbs { get; } =
        ["list", "show", "modify", "dispute", "accept", "received", "withdraw", "save"];

    /// <summary>Those that an id follows.</summary>
    public static string[] VerbsWithId { get; } = [.. Verbs.Skip(1)];

    public static Reading Read(Line line)
    {
        var words = line.Words;
        if (words.Count == 1)
            return Grammar.Understood(new Command.ListSettlements(null));
        if (words[1].Is("list"))
        {
            return words.Count <= 3
                ? Grammar.Understood(new Command.ListSettlements(words.Count == 3 ? words[2].Text : null))
                : Grammar.TooMuch(line, 3);
        }
        if (!words[1].IsAny(VerbsWithId))
            return ReadProposal(line);
        var verb = words[1].Text.ToLowerInvariant();
        if (words.Count == 2)
            return Grammar.Usage(UsageSentences.SettleWhich(verb));
        var id = words[2].Text;
        return verb switch
        {
            "show" => Alone(line, new Command.ShowSettlement(id)),
            "withdraw" => Alone(line, new Command.WithdrawSettlement(id)),
            "save" when words.Count > 3 => Grammar.Understood(new Command.SaveSettlement(id, line.From(3))),
            "save" => Grammar.Usage(UsageSentences.SaveWhere),
            "modify" => ReadModify(line, id),
            "dispute" => ReadDispute(line, id),
            _ => ReadAnswer(line, id, verb),
        };
    }

    /// <summary><c>ask [PEER] AMOUNT [ASSET] [for TEXT]</c>.</summary>
    public static Reading ReadAsk(Line line)
    {
        if (line.Words.Count == 1)
            return Grammar.Usage(UsageSentences.AskHow);
        // The words are those of pay; only what they mean is turned round.
        return PayGrammar.Read(line) switch
        {
            Reading.Understood { Command: Command.Pay pay } =>
                Grammar.Understood(new Command.Ask(pay.Amount, pay.Peer, pay.Asset, pay.Memo)),
            _ => Grammar.Usage(UsageSentences.AskHow),
        };
    }

    /// <summary><c>split AMOUNT [ASSET] with PEER [and] PEER … [for TEXT]</c>.</summary>
    public static Reading ReadSplit(Line line)
    {
        var words = line.Words;
        var with = IndexOf(line, 1, "with");
        if (with is not (2 or 3) || !words[1].LooksLikeAmount)
            return Grammar.Usage(UsageSentences.SplitHow);
        var end = IndexOf(line, with, "for");
        if (end < words.Count && end + 1 == words.Count)
            return Grammar.Usage(UsageSentences.SplitHow);
        var peers = words.Skip(with + 1).Take(end - with - 1)
            .Where(word => !word.IsAny("and", "me", ",", "&"))
            .Select(word => word.Quoted ? word.Text : word.Text.TrimEnd(','))
            .ToList();
        return peers.Count == 0
            ? Grammar.Usage(UsageSentences.SplitHow)
            : Grammar.Understood(new Command.Split(
                words[1].Text,
                peers,
                PayGrammar.Asset(with == 3 ? words[2].Text : null),
                end < words.Count ? line.From(end + 1) : null));
    }

    private static Reading ReadProposal(Line line)
    {
        var words = line.Words;
        var at = 1;
        string? peer = null;
        if (!words[at].LooksLikeAmount || words.Count > at + 1 && words[at + 1].LooksLikeAmount)
            peer = words[at++].Text;
        if (at >= words.Count || !words[at].LooksLikeAmount)
            return Grammar.Usage(UsageSentences.SettleHow);
        var amount = words[at++].Text;
        var asset = at < words.Count && !IsKeyword(words[at]) ? words[at++].Text : null;
        return ReadDetails(line, at, out var details) is { } problem
            ? problem
            : Grammar.Understood(new Command.Settle(
                amount, peer, PayGrammar.Asset(asset), details.From, details.Method, details.Reference));
    }

    private static Reading ReadModify(Line line, string id)
    {
        if (line.Words.Count == 3 || !line.Words[3].LooksLikeAmount)
            return Grammar.Usage(UsageSentences.ModifyHow);
        if (ReadDetails(line, 4, out var details) is { } problem)
            return problem;
        return details.From is null
            ? Grammar.Understood(
                new Command.ModifySettlement(id, line.Words[3].Text, details.Method, details.Reference))
            : Grammar.Usage(UsageSentences.DirectionStays);
    }

    /// <summary>The reason may follow "because" or stand there alone.</summary>
    private static Reading ReadDispute(Line line, string id)
    {
        var at = line.Words.Count > 3 && line.Words[3].Is("because") ? 4 : 3;
        return Grammar.Understood(new Command.AnswerSettlement(
            id, SettlementActions.Dispute, at < line.Words.Count ? line.From(at) : null, Twins: null));
    }

    private static Reading ReadAnswer(Line line, string id, string verb)
    {
        if (line.Words.Count > 4)
            return Grammar.TooMuch(line, 4);
        string? twins = null;
        if (line.Words.Count == 4)
        {
            twins = line.Words[3].Is("--yes") ? TwinChoices.Keep
                : line.Words[3].Is("--close") ? TwinChoices.Close
                : null;
            if (twins is null)
                return Grammar.TooMuch(line, 3);
        }
        return Grammar.Understood(new Command.AnswerSettlement(id, verb, Reason: null, twins));
    }

    /// <summary>Each of by, ref and from once, in any order; each takes the words up to the next.</summary>
    private static Reading? ReadDetails(Line line, int at, out Details details)
    {
        details = default;
        while (at < line.Words.Count)
        {
            var keyword = line.Words[at];
            if (!IsKeyword(keyword))
                return Grammar.Usage(UsageSentences.TooMuch(keyword.Text));
            var end = at + 1;
            while (end < line.Words.Count && !IsKeyword(line.Words[end]))
                end++;
            if (end == at + 1)
                return Grammar.Usage(UsageSentences.SettleHow);
            var text = string.Join(' ', line.Words.Skip(at + 1).Take(end - at - 1).Select(word => word.Text));
            var isFirst = keyword.Is("by") ? details.Method is null
                : keyword.Is("ref") ? details.Reference is null
                : details.From is null;
            if (!isFirst)
                return Grammar.Usage(UsageSentences.TooMuch(keyword.Text));
            details = keyword.Is("by") ? details with { Method = text }
                : keyword.Is("ref") ? details with { Reference = text }
                : details with { From = text };
            at = end;
        }
        return null;
    }

    private static bool IsKeyword(Word word) => word.IsAny("by", "ref", "from");

    private static int IndexOf(Line line, int from, string keyword)
    {
        for (var at = from; at < line.Words.Count; at++)
        {
            if (line.Words[at].Is(keyword))
                return at;
        }
        return line.Words.Count;
    }

    private static Reading Alone(Line line, Command command) =>
        line.Words.Count == 3 ? Grammar.Understood(command) : Grammar.TooMuch(line, 3);

    private readonly record struct Details(string? From, string? Method, string? Reference);
}
